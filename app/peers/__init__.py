"""Peer parents: people who have been through VIG and will talk to a family that is thinking about
it.

Their limits and circumstances, when they are free, checks and training by date only, breaks without
a reason, and pairs that must never meet. A peer's own VIG file stays a family, closed to those who
match.
"""
