"""A form's first and last day, with times where the days are not whole: what absences and closures
share. The fields are the form's own, so that they stand where its page has them.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from app import clock
from app.errors import DomainError
from app.scheduling.models import Appointment

NARROW = {"params": {"classes": "govuk-input--width-5"}}


class Spanned:
    """A form with the fields `first`, `from_time`, `last` and `until_time`, and `seen`, which
    carries what was listed as booked in that time."""

    first: Any
    from_time: Any
    last: Any
    until_time: Any
    seen: Any

    def span(self) -> tuple[datetime, datetime]:
        """The first and the last instant; raises DomainError where clocks show no such time."""
        first = self.first.data
        assert first is not None
        last = self.last.data or first
        return (
            instant(first, self.from_time.data, first, "from_time"),
            instant(last, self.until_time.data, last + timedelta(days=1), "until_time"),
        )

    def has_more_to_show(self, booked: Iterable[Appointment]) -> bool:
        """Whether what is booked in that time is still to be listed before it is saved; the form
        carries from now on that it was."""
        starts_at, ends_at = self.span()
        shown = ".".join(str(one.id) for one in booked)
        if not shown or ends_at <= starts_at or self.seen.data == shown:
            return False
        self.seen.data = shown
        return True


def instant(day: date, wall: time | None, otherwise: date, field: str) -> datetime:
    if wall is None:
        return clock.midnight(otherwise)
    try:
        return clock.at_london(day, wall)
    except ValueError as error:
        raise DomainError(f"{error}.", field) from None


def span_typed(starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """A span as it stands in the form's fields: whole days without times."""
    starts, ends = clock.london(starts_at), clock.london(ends_at)
    whole = ends.time() == time(0)
    last = ends.date() - timedelta(days=1) if whole else ends.date()
    return {
        "first": starts.date(),
        "from_time": starts.time() if starts.time() != time(0) else None,
        "last": last if last != starts.date() else None,
        "until_time": None if whole else ends.time(),
    }
