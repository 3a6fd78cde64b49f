"""Phones and a mailbox to play with, and a clock to move: in development only, never in production.

It is the provider's side of texts. A reply is posted to the service's own webhook over HTTP with a
valid signature, so what runs behind it is what runs in production.
"""
