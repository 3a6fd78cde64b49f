"""The pages of this package: importing them hangs them on the blueprint."""

from app.scheduling import (
    appointment_views,
    book_views,
    cancel_views,
    interpreter_views,
    letter_views,
    move_views,
)
from app.scheduling.absences import closure_views
from app.scheduling.absences import views as absence_views
from app.scheduling.blueprint import scheduling
from app.scheduling.diary import views as diary_views
from app.scheduling.own_calendars import views as calendar_views
from app.scheduling.replan import views as replan_views

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
