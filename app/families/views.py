"""The pages of this package: importing them hangs them on the blueprint."""

from app.families import contact_views, list_views, merge_views, people_views, wishes_views
from app.families.blueprint import families

__all__ = [
    "contact_views",
    "families",
    "list_views",
    "merge_views",
    "people_views",
    "wishes_views",
]
