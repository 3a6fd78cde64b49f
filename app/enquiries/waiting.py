"""What waits for a person: new referrals, families to ask, and those to ask again."""

from datetime import date, datetime, time

from sqlalchemy import select

from app import clock
from app.db import db
from app.enquiries.models import Referral
from app.enquiries.queries import latest_by_family, latest_choices, waiting_referrals
from app.enquiries.stages import not_asked
from app.families.models import Family
from app.settings import store
from app.tasks.waiting import Item
from app.times import for_family_date
from app.working_days import working_days_after

END_OF_DAY = time(17)


def waiting(at: datetime) -> list[Item]:
    """New referrals, families that nobody has asked yet, and *not now* whose day has come."""
    rules, today = store.current(), clock.london(at).date()
    return [
        *(new_referral(referral, rules.referral_days) for referral in waiting_referrals()),
        *to_ask(rules.ask_family_days),
        *to_ask_again(today),
    ]


def new_referral(referral: Referral, days: int) -> Item:
    """Due so many working days after it came."""
    received = clock.london(referral.received_at).date()
    carer = f"{referral.answers['first_name']} {referral.answers.get('surname') or ''}".strip()
    return Item(
        kind="referral",
        about=carer,
        why=f"From {referral.referrer_name}, {referral.referrer_role}",
        due_at=by_evening(working_days_after(received, days)),
        endpoint="enquiries.referral",
        values={"referral_id": referral.id},
        button="Read the referral",
        since=referral.received_at,
    )


def to_ask(days: int) -> list[Item]:
    """Families that came, and that nobody has asked what they would like."""
    families = db.session.scalars(
        select(Family).where(
            Family.id.in_(not_asked()),
            Family.merged_into_id.is_(None),
            Family.closed_to_matchers.is_(False),
        )
    ).all()
    return [
        Item(
            kind="to_ask",
            why="Nobody has recorded what the family would like.",
            due_at=by_evening(working_days_after(family.came_on, days)),
            endpoint="enquiries.choice",
            values={"reference": family.reference},
            button="Record what they say",
            family_id=family.id,
            owner_id=family.practitioner_id,
            since=clock.midnight(family.came_on),
        )
        for family in families
    ]


def to_ask_again(today: date) -> list[Item]:
    """Families that said *not now*, from the day on which to ask again."""
    latest = latest_choices().subquery()
    families = db.session.scalars(
        select(Family).where(
            Family.ended_on.is_(None),
            Family.merged_into_id.is_(None),
            Family.id.in_(
                select(latest.c.family_id).where(
                    latest.c.step == "not_now", latest.c.ask_again_on <= today
                )
            ),
        )
    ).all()
    said = latest_by_family([family.id for family in families])
    return [
        Item(
            kind="ask_again",
            why=f"Said “not now” on {for_family_date(said[family.id].on)}.",
            due_at=by_evening(said[family.id].ask_again_on or today),
            endpoint="enquiries.choice",
            values={"reference": family.reference},
            button="Record what they say",
            family_id=family.id,
            owner_id=family.practitioner_id,
            since=clock.midnight(said[family.id].ask_again_on or today),
        )
        for family in families
    ]


def by_evening(day: date) -> datetime:
    return clock.at_london(day, END_OF_DAY)
