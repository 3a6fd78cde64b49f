"""What waits for a person: new referrals, families to ask, and those to ask again."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from app import clock
from app.enquiries.models import Choice, Referral
from app.enquiries.queries import last_said
from app.enquiries.stages import not_asked
from app.families.models import Family
from app.settings import store
from app.tasks.causes import TODAY, Cause, Rows, columns, items_of
from app.tasks.waiting import Item
from app.times import for_family_date
from app.working_days import evening, evening_after, working_days_after


def waiting(at: datetime) -> list[Item]:
    """New referrals, families that nobody has asked yet, and *not now* whose day has come."""
    return items_of(CAUSES, at)


def new_referrals() -> Select[Any]:
    return select(
        *columns(
            id=Referral.id, created_at=Referral.received_at, words=Referral.referrer_name,
            kind=Referral.referrer_role, more=Referral.answers,
        )
    ).where(Referral.state == "new")  # fmt: skip


def to_read(rows: Rows, at: datetime) -> Iterator[Item]:
    """Due so many working days after it came."""
    days = store.current().referral_days
    for row in rows:
        received = clock.london(row.created_at).date()
        yield Item(
            kind="referral",
            about=f"{row.more['first_name']} {row.more.get('surname') or ''}".strip(),
            why=f"From {row.words}, {row.kind}",
            due_at=evening_after(received, days),
            endpoint="enquiries.referral",
            values={"referral_id": row.id},
            button="Read the referral",
            since=row.created_at,
        )


def families(**more: Any) -> Select[Any]:
    return select(
        *columns(
            family_id=Family.id, reference=Family.reference, owner_id=Family.practitioner_id, **more
        )
    ).where(Family.ended_on.is_(None), Family.merged_into_id.is_(None))


def never_asked() -> Select[Any]:
    """Families that came, and that nobody has asked what they would like."""
    return families(day=Family.came_on).where(
        Family.id.in_(not_asked()), Family.closed_to_matchers.is_(False)
    )


def to_ask(rows: Rows, at: datetime) -> Iterator[Item]:
    days = store.current().ask_family_days
    for row in rows:
        yield ask(
            row, "to_ask", "Nobody has recorded what the family would like.",
            working_days_after(row.day, days), row.day,
        )  # fmt: skip


def said_not_now() -> Select[Any]:
    """Families that said *not now*, from the day on which to ask again."""
    again = last_said(Choice.ask_again_on)
    return families(day=last_said(Choice.on), until=again).where(
        last_said(Choice.step) == "not_now", again <= TODAY
    )


def to_ask_again(rows: Rows, at: datetime) -> Iterator[Item]:
    for row in rows:
        yield ask(
            row, "ask_again", f"Said “not now” on {for_family_date(row.day)}.", row.until, row.until
        )


def ask(row: Any, kind: str, why: str, due_on: date, since: date) -> Item:
    return Item(
        kind=kind,
        why=why,
        due_at=evening(due_on),
        endpoint="enquiries.choice",
        values={"reference": row.reference},
        button="Record what they say",
        family_id=row.family_id,
        owner_id=row.owner_id,
        since=clock.midnight(since),
    )


CAUSES = (
    Cause("referrals", new_referrals, to_read),
    Cause("to ask", never_asked, to_ask),
    Cause("to ask again", said_not_now, to_ask_again),
)
