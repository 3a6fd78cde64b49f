"""A referral that arrives through the public form."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.audit.record import record
from app.db import db, lock, refusal
from app.enquiries.answers import ABOUT_THE_REFERRER, fitting_answers
from app.enquiries.models import Referral
from app.errors import DomainError
from app.settings import store

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another: no 0, O, 1, I, L
ADDRESS_LOCK, ONCE_LOCK = 1011, 1012
HOUR = timedelta(hours=1)


class TooManyReferrals(DomainError):
    """One address sent more than a team of professionals does in an hour."""


def receive_referral(
    answers: Mapping[str, Any],
    *,
    at: datetime,
    address_digest: str | None = None,
    once: str | None = None,
) -> Referral:
    """Keep what a referrer sent, under a new reference. Whether the family is known is not said.

    `once` is the form's own number: sent twice, it is one referral. Raises DomainError for answers
    that do not fit and TooManyReferrals for an address that sends too many.
    """
    if once:
        lock([(ONCE_LOCK, int(hashlib.sha256(once.encode()).hexdigest()[:7], 16))])
    if once and (sent := sent_before(once)):
        return sent
    kept = fitting_answers(answers)
    if address_digest:
        refuse_too_many(address_digest, at=at)
    referrer = {name: str(answers.get(name) or "").strip() or None for name in ABOUT_THE_REFERRER}
    referral = Referral(
        received_at=at, answers=kept, once=once, address_digest=address_digest, **referrer
    )
    number_referral(referral)
    record("referral:received", referral, by="referrer", at=at)
    return referral


def sent_before(once: str) -> Referral | None:
    return db.session.scalars(select(Referral).where(Referral.once == once)).first()


def refuse_too_many(address_digest: str, *, at: datetime) -> None:
    lock([(ADDRESS_LOCK, int(address_digest[:7], 16))])
    lately = db.session.scalar(
        select(func.count()).where(
            Referral.address_digest == address_digest, Referral.received_at > at - HOUR
        )
    )
    if (lately or 0) >= store.current().referrals_an_hour:
        raise TooManyReferrals("That was too often. Wait an hour, or ring us.")


def number_referral(referral: Referral) -> None:
    """Store it under a reference such as R-7K2M9; one that is taken is drawn again once."""
    for again in (True, False):
        referral.reference = "R-" + "".join(secrets.choice(LETTERS) for _ in range(5))
        try:
            with db.session.begin_nested():
                db.session.add(referral)
                db.session.flush()
            return
        except IntegrityError as error:
            if not again:
                raise refusal(error) from error
