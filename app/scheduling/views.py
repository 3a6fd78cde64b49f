"""The pages of this package: importing them hangs them on the blueprint."""

from app.scheduling import book_views
from app.scheduling.blueprint import scheduling

__all__ = ["book_views", "scheduling"]
