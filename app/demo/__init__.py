"""The sample service: one invented cast, each family at a different step of the way.

It is told as stories (`stories_*.py`): each says when something happens and then calls the act
that a person would have called, with that instant. `telling.py` plays all stories in the order of
time and lets the texts go between them, so that what stands in the database is what the service
itself would have made of those weeks. Nothing is inserted past the acts.
"""
