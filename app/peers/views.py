"""The pages of this package: importing them hangs them on the blueprint."""

from app.peers import edit_views, list_views
from app.peers.blueprint import peers

__all__ = ["edit_views", "list_views", "peers"]
