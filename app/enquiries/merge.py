"""What enquiries keep about a family, when two records of it become one."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.db import db
from app.enquiries.models import STEPS, Choice, Enquiry, Referral
from app.families.models import Family
from app.times import staff_date


def last_said(family: Family, at: datetime) -> str:
    """What a record holds of the family's choice, for the page that joins it with another."""
    choice = db.session.scalars(
        select(Choice)
        .where(Choice.family_id == family.id)
        .order_by(Choice.on.desc(), Choice.id.desc())
        .limit(1)
    ).first()
    return f"{STEPS[choice.step]}, {staff_date(choice.on)}" if choice else "Not asked"


def join_enquiries(duplicate: Family, into: Family, by: Any, at: datetime) -> None:
    """Enquiries, referrals and everything the family said move with it; the last said stands."""
    for model in (Choice, Enquiry, Referral):
        db.session.execute(
            update(model).where(model.family_id == duplicate.id).values(family_id=into.id)
        )
