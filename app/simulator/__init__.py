"""Phones and a mailbox to play with, in development only; replies go to the webhook over HTTP, signed."""
