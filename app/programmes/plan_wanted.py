"""Who, where and how long, for all dates of a programme."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from app.families.models import Family
from app.programmes.plan_rows import Date
from app.programmes.rhythm import REVIEW, VIDEO
from app.scheduling.booking_form import BookingForm, BookingWanted
from app.scheduling.hooks import CycleShown
from app.scheduling.models import Appointment
from app.scheduling.search import ANYBODY, PAIR

OF_PAIR = {"kind": PAIR}


def wanted_for(
    family: Family, args: Any, dates: Sequence[Date], cycle: CycleShown | None
) -> BookingWanted:
    """What the address has; first, what those that are to move have."""
    wanted = BookingWanted(family, MultiDict({**args.to_dict(), **OF_PAIR}), cycle=cycle)
    if "minutes" not in args:
        asked = MultiDict({**wanted.query(), **as_they_stand(dates, wanted), **OF_PAIR})
        wanted.form = wanted.with_choices(BookingForm(formdata=asked))
    named = [one for one in wanted.form.who.choices if one[0] != ANYBODY]
    wanted.form.who.choices = named  # one course, one practitioner
    return wanted


def as_they_stand(dates: Sequence[Date], usual: BookingWanted) -> dict[str, str]:
    """Who, where and how long the first of those are that are to move."""
    like = {d.kind: d.stands for d in reversed(dates) if d.moves and d.stands}
    first = like.get(VIDEO) or like.get(REVIEW)
    found = who_and_where(first, usual) if first is not None else {}
    for kind, name in ((VIDEO, "minutes"), (REVIEW, "review_minutes")):
        if row := like.get(kind):
            found[name] = str(row.minutes // (2 if row.interpreter_id else 1))
    return found


def who_and_where(row: Appointment, usual: BookingWanted) -> dict[str, str]:
    """Who and where of an appointment that stands, as the form has them."""
    same = usual.same_again(row)
    names = ("who", "where", "interpreter", "carer")
    found = {name: str(same[name]) for name in names if same[name]}
    return {**found, **({"second": str(row.second_id)} if row.second_id else {})}
