"""What enquiries keep about a family, when two records of it become one."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from app.db import db
from app.enquiries.models import Choice, Enquiry, Referral
from app.families.models import Family


def join_enquiries(duplicate: Family, into: Family, by: Any, at: datetime) -> None:
    """Enquiries, referrals and everything the family said move with it; the last said stands."""
    for model in (Choice, Enquiry, Referral):
        db.session.execute(
            update(model).where(model.family_id == duplicate.id).values(family_id=into.id)
        )
