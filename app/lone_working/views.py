"""The pages of this package: importing them hangs them on the blueprint."""

from app.lone_working import board_views, sheet_views, visit_views
from app.lone_working.blueprint import lone_working

__all__ = ["board_views", "lone_working", "sheet_views", "visit_views"]
