"""A referral is taken up, as a new family or with one that is known, or it is not."""

from datetime import date, datetime
from typing import Any

from app import clock
from app.audit.record import record
from app.db import db, hold
from app.enquiries.answers import carer_of, children_of, other_carers_of, wishes_of
from app.enquiries.models import Referral
from app.enquiries.queries import latest_choice
from app.enquiries.record_choice import record_choice
from app.enquiries.steps import FROM_FAMILY, FROM_REFERRER, OVER
from app.errors import DomainError
from app.families.add_family import add_family
from app.families.carers import add_carer
from app.families.change_contact import change_contact
from app.families.change_family import add_note, change_family, may_take_families
from app.families.children import add_child
from app.families.models import Carer, Child, Family
from app.families.names import folded
from app.families.particulars import CarerParticulars, called
from app.phones import shown
from app.times import for_family_date

REASONS = {
    "not_their_choice": "The family has not chosen this for itself",
    "changed_mind": "The family has changed its mind",
    "no_worker": "No professional is working with the family",
    "other_service": "Another service suits the family better",
    "known": "The family is with us already",
    "area": "The family lives outside our area",
    "not_reached": "We could not reach the family",
    "other": "Another reason",
}


def take_up_referral(
    referral: Referral,
    *,
    by: Any,
    at: datetime,
    join: Family | None = None,
    practitioner_id: int | None = None,
) -> Family:
    """Make the family, or join one that is known; record what the referrer said of its choice.

    A family that is joined keeps its own answers about being reached: what the referral says
    otherwise becomes a note, and only a 'no' to texting is taken over. Texting is safe only where
    the answer was a clear yes. A referral is settled once.
    """
    still_new(referral)
    if practitioner_id is not None:
        may_take_families(practitioner_id)
    if join is None:
        family = new_family(referral, practitioner_id, by=by, at=at)
    else:
        family = join_family(referral, join, by=by, at=at)
        if practitioner_id is not None:
            change_family(family, practitioner_id=practitioner_id, by=by, at=at)
    record_steps(referral, family, by=by, at=at)
    add_words(referral, family, by=by, at=at)
    settle(referral, "taken_up", by=by, at=at)
    referral.family_id = family.id
    record(
        "referral:taken_up",
        referral,
        by=by,
        at=at,
        family_id=family.id,
        joined=join is not None,
    )
    return family


def decline_referral(
    referral: Referral, reason: str, *, by: Any, at: datetime, words: str | None = None
) -> None:
    """The referral is not taken up, for a reason that the referrer can be told by letter."""
    still_new(referral)
    if reason not in REASONS:
        raise DomainError("Choose a reason.", "reason")
    if reason == "other" and not (words or "").strip():
        raise DomainError("Write the reason as the referrer will read it.", "words")
    settle(referral, "not_taken_up", by=by, at=at)
    referral.reason, referral.reason_words = reason, (words or "").strip() or None
    record("referral:not_taken_up", referral, by=by, at=at)


def still_new(referral: Referral) -> None:
    hold(referral)
    if referral.state != "new":
        raise DomainError(f"{referral.settled_by} has settled this referral already.")


def settle(referral: Referral, state: str, *, by: Any, at: datetime) -> None:
    referral.state, referral.settled_at, referral.settled_by = state, at, called(by)


def came_on(referral: Referral) -> date:
    return clock.london(referral.received_at).date()


def first_carer(referral: Referral) -> CarerParticulars:
    return carer_of(referral.answers, asked_by=referral.referrer_name, asked_on=came_on(referral))


def new_family(referral: Referral, practitioner_id: int | None, *, by: Any, at: datetime) -> Family:
    answers = referral.answers
    return add_family(
        carer=first_carer(referral),
        carers=other_carers_of(answers),
        children=children_of(answers, clock.london(at).date()),
        address=answers.get("address"),
        postcode=answers.get("postcode"),
        came_on=came_on(referral),
        how="referral",
        by=by,
        at=at,
        **wishes_of(answers, practitioner_id),
    )


def join_family(referral: Referral, family: Family, *, by: Any, at: datetime) -> Family:
    hold(family)
    if family.merged_into_id:
        raise DomainError("That family has been joined with another. Choose that one.", "join")
    if family.ended_on:
        change_family(family, ended_on=None, by=by, at=at)
    carers = db.session.query(Carer).filter_by(family_id=family.id, left_on=None).all()
    for given in (first_carer(referral), *other_carers_of(referral.answers)):
        known = next((carer for carer in carers if is_named(carer, given)), None)
        if known is None:
            add_carer(family, by=by, at=at, **given)
        elif given.get("safe_to_text") == "no" and known.safe_to_text != "no":
            change_contact(known, safe_to_text="no", by=by, at=at)
        elif given.get("mobile") and given["mobile"] != known.mobile:
            words = f"The referral has {shown(str(given['mobile']))} for {known.first_name}."
            add_note(family, f"{words} Ask before it is used.", by=by, at=at)
    names = {folded(child.first_name or "") for child in children(family)}
    for child in children_of(referral.answers, clock.london(at).date()):
        if folded(child.get("first_name") or "") not in names:
            add_child(family, by=by, at=at, **child)
    return family


def children(family: Family) -> list[Child]:
    return db.session.query(Child).filter_by(family_id=family.id).all()


def is_named(carer: Carer, given: CarerParticulars) -> bool:
    """The same first name, and no other surname."""
    if folded(carer.first_name) != folded(given["first_name"]):
        return False
    surnames = {folded(name) for name in (carer.surname, given.get("surname")) if name}
    return len(surnames) <= 1


def record_steps(referral: Referral, family: Family, *, by: Any, at: datetime) -> None:
    """What the referrer said of the family's choice, never above what the family said itself."""
    for answer, step in (
        ("choice_explained", "told_by_referrer"),
        ("willing", "willing"),
        ("wants_to_talk", "wants_to_talk"),
    ):
        if referral.answers.get(answer) != "yes":
            continue
        latest = latest_choice(family.id)
        spoken = latest is not None and latest.step in FROM_FAMILY and latest.step not in OVER
        if spoken and (step in FROM_REFERRER or (latest and latest.step == "yes")):
            continue
        on = max(came_on(referral), latest.on) if latest else came_on(referral)
        record_choice(family, step, on=on, how="form", by=by, at=at)


def add_words(referral: Referral, family: Family, *, by: Any, at: datetime) -> None:
    """What was written in words stays readable on the family's page."""
    answers = referral.answers
    lead = f"Referral {referral.reference} of {for_family_date(came_on(referral))}"
    for name, about in (
        ("goals_words", "goals talked about"),
        ("safety_words", "to keep workers safe"),
        ("other_words", "anything else"),
    ):
        if words := answers.get(name):
            add_note(family, f"{lead}, {about}: {words}", by=by, at=at)
