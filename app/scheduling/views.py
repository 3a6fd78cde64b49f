"""The pages of this package: importing them hangs them on the blueprint."""

from app.scheduling import (
    absence_views,
    appointment_views,
    book_views,
    calendar_views,
    cancel_views,
    closure_views,
    diary_views,
    interpreter_views,
    letter_views,
    move_views,
    replan_views,
)
from app.scheduling.blueprint import scheduling

__all__ = [
    "absence_views",
    "appointment_views",
    "book_views",
    "calendar_views",
    "cancel_views",
    "closure_views",
    "diary_views",
    "interpreter_views",
    "letter_views",
    "move_views",
    "replan_views",
    "scheduling",
]
