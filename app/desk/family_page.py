"""Everything a family's page shows, read in a fixed number of statements.

The page is the desk: what is next, how to reach each carer safely, the programme, what has
happened.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select

from app import clock
from app.access import User
from app.db import db
from app.desk import timeline, timeline_rows, work_list
from app.enquiries.models import Choice, Enquiry, Referral
from app.families.models import Carer, Family
from app.places.travel import town_of
from app.registry import Registry
from app.risk.levels import current_assessments
from app.risk.models import Assessment
from app.scheduling.models import Appointment
from app.scheduling.queries import of_family
from app.settings.rules import Rules
from app.tasks.models import Task
from app.tasks.open import open_of_family
from app.tasks.waiting import TAGS
from app.times import staff_date

# What packages below add to the page, filled by wiring: template variable -> (family, now) ->
# value.
parts: Registry[Callable[[Family, datetime], Any]] = Registry("desk.family_parts")


@dataclass(frozen=True)
class Reach:
    """How one carer may be reached: what stands in the way, and when to ask again."""

    carer: Carer
    may_text: bool
    by_email: bool
    stopped: str | None
    check_again_on: date | None
    check_due: bool


@dataclass(frozen=True)
class Next:
    """The one sentence at the top: what to do next with this family, and where."""

    lead: str
    words: str
    endpoint: str
    values: dict[str, Any]
    button: str


@dataclass(frozen=True)
class Page:
    family: Family
    choice: Choice | None
    next: Next | None
    reaches: Sequence[Reach]
    assessment: Assessment | None
    town: str | None
    enquiry: Enquiry | None
    referral: Referral | None
    coming: Sequence[Appointment]
    past: Sequence[Appointment]
    events: Sequence[timeline.Event]
    show: str
    shown: int


NEWEST = 12  # events shown before "Older": a screen's height (reference/pages.md section 9)


def read_page(
    user: User, family: Family, rules: Rules, *, show: str, at: datetime, older: bool = False
) -> Page:
    """What the page of a family shows to a user who may see it; `older`: all that happened."""
    today = clock.london(at).date()
    present = [carer for carer in family.carers if carer.left_on is None]
    appointments = of_family(family.id)
    choices, enquiry, referral = how_they_came(family.id)
    carers = {carer.id: carer.mobile for carer in family.carers}
    rows = timeline_rows.rows_of(family.id, carers, [*timeline.ACTS, *timeline.CHANGES])
    assessments = current_assessments([family.home_id], on=today) if family.home_id else {}
    return Page(
        family=family,
        choice=choices[0] if choices else None,
        next=next_step(family, choices, open_of_family(family.id)),
        reaches=reaches(present, rows.blocks, rules, today),
        assessment=assessments.get(family.home_id or 0),
        town=town_of(family.home.postcode) if family.home else None,
        enquiry=enquiry,
        referral=referral,
        coming=[a for a in reversed(appointments) if a.live and a.ends_at > at],
        past=[a for a in appointments if not a.live or a.ends_at <= at],
        events=timeline.timeline(rows, appointments, choices, show=show),
        show=show if show in timeline.FILTERS else "",
        shown=timeline_rows.MOST if older else NEWEST,
    )


def next_step(family: Family, choices: Sequence[Choice], tasks: Sequence[Task]) -> Next | None:
    """An open task first; else what the family's last answer asks for. None where the programme
    says what is next, or where nothing is to do.
    """
    here = {"reference": family.reference}
    if tasks:
        tag, _ = TAGS[tasks[0].kind]
        item = work_list.task_item(tasks[0])
        return Next(f"{tag}.", tasks[0].words, item.endpoint, item.values, item.button)
    if family.ended_on:
        return None
    step = choices[0].step if choices else ""
    if step == "wants_to_talk":
        return Next(
            "Find a parent to talk to.", "They want to talk to one before they decide.",
            "conversations.match", here, "Find a peer parent",
        )  # fmt: skip
    if step == "not_now" and choices[0].ask_again_on:
        again = choices[0].ask_again_on
        return Next(
            "Nothing now.", f"They said “not now”. Ask again on {staff_date(again)}.",
            "enquiries.choice", here, "Record what they decided",
        )  # fmt: skip
    if step in ("", "told_by_referrer", "willing", "thinking"):
        return Next(
            "Ask what they would like.", "Nothing can be booked before the family’s own yes. "
            "They may talk to a parent first.",
            "enquiries.choice", here, "Record what they decided",
        )  # fmt: skip
    return None


def how_they_came(family_id: int) -> tuple[list[Choice], Enquiry | None, Referral | None]:
    """What a family said, newest first, and its last enquiry and referral: one statement."""
    rows = db.session.execute(said_and_sent(), {"family": family_id}).all()
    _, enquiry, referral = rows[0]
    return [choice for choice, _, _ in rows if choice is not None], enquiry, referral


@cache
def said_and_sent() -> Select[Choice, Enquiry, Referral]:
    family_id = bindparam("family", type_=Integer())

    def newest(model: type[Enquiry] | type[Referral]) -> Any:
        ids = select(func.max(model.id)).where(model.family_id == family_id)
        return model.id == ids.scalar_subquery()

    return (
        select(Choice, Enquiry, Referral)
        .select_from(Family)
        .outerjoin(Choice, Choice.family_id == Family.id)
        .outerjoin(Enquiry, newest(Enquiry))
        .outerjoin(Referral, newest(Referral))
        .where(Family.id == family_id)
        .order_by(Choice.id.desc())
    )


def reaches(
    carers: Sequence[Carer], blocks: Mapping[str, str], rules: Rules, today: date
) -> list[Reach]:
    """How each carer may be reached; `blocks` are the kinds of standing blocks by number."""
    return [reach(carer, blocks.get(carer.mobile or ""), rules, today) for carer in carers]


def reach(carer: Carer, block: str | None, rules: Rules, today: date) -> Reach:
    again = (
        carer.checked_on + timedelta(days=rules.contact_check_days) if carer.checked_on else None
    )
    phone = carer.phone_owner not in ("landline", "child") and bool(carer.mobile)
    may_text = carer.safe_to_text == "yes" and phone and block is None
    return Reach(
        carer=carer,
        by_email=carer.safe_to_email == "yes" and (carer.prefers == "email" or not may_text),
        may_text=may_text,
        stopped=block,
        check_again_on=again,
        check_due=again is not None and again <= today,
    )
