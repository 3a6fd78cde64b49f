"""Talking to another parent: offers put to peer parents, and the conversations that come of them.

One open offer for a peer at a time and one for a family: both are unique in the database.
Declining, silence and dropping out are never shown to the other side.
"""
