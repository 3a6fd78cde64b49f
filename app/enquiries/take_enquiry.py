"""An enquiry: a professional rang or wrote about a family that may want to talk to a parent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from app import clock
from app.audit.record import record
from app.db import db
from app.enquiries.models import Enquiry
from app.enquiries.record_choice import record_choice
from app.errors import DomainError
from app.families.add_family import add_family
from app.families.models import Family
from app.families.particulars import (
    CarerParticulars,
    ChildParticulars,
    FamilyParticulars,
    called,
    not_too_long,
)


class Worker(TypedDict, total=False):
    """The professional who works with the family."""

    name: str
    role: str | None
    contact: str | None


def take_enquiry(
    *,
    carer: CarerParticulars,
    worker: Worker,
    by: Any,
    at: datetime,
    words: str | None = None,
    postcode: str | None = None,
    children: Sequence[ChildParticulars] = (),
    **wishes: Unpack[FamilyParticulars],
) -> Family:
    """A new family that wants to talk to a parent, before any referral and perhaps without one.

    A parent cannot refer themselves: who works with the family is asked, and needed. A first
    name is enough of the carer; texting is 'not asked' unless the answer was clear.
    """
    if not (worker.get("name") or "").strip():
        raise DomainError("Ask who the family’s worker is, and enter their name.", "worker_name")
    family = add_family(
        carer=carer, children=children, postcode=postcode, how="enquiry", by=by, at=at, **wishes
    )
    told = {
        "worker_name": worker["name"].strip(),
        "worker_role": worker.get("role") or None,
        "worker_contact": worker.get("contact") or None,
        "words": words or None,
    }
    not_too_long(told, Enquiry)
    enquiry = Enquiry(family_id=family.id, received_at=at, taken_by=called(by), **told)
    db.session.add(enquiry)
    record("enquiry:taken", enquiry, by=by, at=at, family_id=family.id)
    record_choice(family, "wants_to_talk", on=clock.london(at).date(), how="worker", by=by, at=at)
    return family
