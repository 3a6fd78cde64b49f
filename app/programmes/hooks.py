"""What follows in programmes when a family decides, and when two records of it become one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from app import clock
from app.db import db
from app.enquiries.models import Choice
from app.errors import DomainError
from app.families.models import Carer, Family
from app.programmes.cycles import counted
from app.programmes.ending import VISITS, end_programme, visits_to_come
from app.programmes.filmed import live_key
from app.programmes.models import Consent, OnCamera, Programme
from app.programmes.queries import facts_of, open_programme, programmes_of
from app.scheduling.cancel import cancel
from app.scheduling.models import KINDS
from app.tasks.open import open_task
from app.times import for_staff

STOPPING = ("no", "withdrew")
PAUSING = ("not_now",)
DOUBTING = ("thinking",)
ALL_VISITS = (*VISITS, "follow_up")  # a follow-up outlives its programme, not the family's wish


def follow_choice(family: Family, choice: Choice, by: Any, at: datetime) -> None:
    """A family that says no, not now or stop is not visited: what is booked is cancelled, no text
    goes, and on no or stop the programme ends, kindly. Thinking again is a question for a person.
    """
    if choice.step in STOPPING:
        stop(family, choice, by, at)
    elif choice.step in PAUSING:
        cancel_visits(family, choice, by, at)
    elif choice.step in DOUBTING:
        for visit in visits_to_come(family.id, at, ALL_VISITS):
            open_task(
                "to_check",
                f"The family is thinking again. Ask whether the {KINDS[visit.kind].lower()} on "
                f"{for_staff(visit.starts_at)} should stand.",
                about=("appointment", visit.id), due_at=visit.starts_at, at=at,
                family_id=family.id, owner_id=visit.staff_id,
            )  # fmt: skip


def stop(family: Family, choice: Choice, by: Any, at: datetime) -> None:
    programme = open_programme(family.id)
    cancel_visits(family, choice, by, at)
    if programme is None:
        return
    done = counted(list(facts_of(programme.cycles).values()))
    end_programme(
        programme, "family_chose", on=max(choice.on, programme.started_on), by=by, at=at,
        words=f"The family stopped after {cycles_words(done)}." if done else "The family stopped.",
        tell_family=False,
    )  # fmt: skip


def cancel_visits(family: Family, choice: Choice, by: Any, at: datetime) -> None:
    """Cancel what is booked without a text: they said so themselves. What a worker passed on is
    told by a person.
    """
    visits = visits_to_come(family.id, at, ALL_VISITS)
    why = (
        "The family stopped." if choice.step in STOPPING else "Not now: it is the family’s choice."
    )
    for visit in visits:
        cancel(visit, "withdrew", by=by, at=at, tell_family=False, settled=why)
    if visits and choice.how == "worker":
        open_task(
            "ring",
            "Their worker passed on what they decided. Tell the family that nobody will come on "
            f"{for_staff(visits[0].starts_at)}.",
            about=("family", family.id), due_at=visits[0].starts_at, at=at, family_id=family.id,
            owner_id=visits[0].staff_id,
        )  # fmt: skip


def stopped_by(family: Family, at: datetime) -> list[str]:
    """What stopping would cancel and end, one sentence each, shown before anybody saves it."""
    sentences = [
        f"The {KINDS[visit.kind].lower()} on {for_staff(visit.starts_at)} with {visit.staff.name} "
        "is cancelled."
        for visit in visits_to_come(family.id, at, ALL_VISITS)
    ]
    if sentences:
        sentences.append("The family gets no more texts about these.")
    if programme := open_programme(family.id):
        done = counted(list(facts_of(programme.cycles).values()))
        after = f"after {cycles_words(done)}" if done else "before a cycle was reviewed"
        sentences.append(f"On “no” or “stopped” the programme ends {after}; on “not now” it waits.")
    return sentences


def cycles_words(number: int) -> str:
    return "1 cycle" if number == 1 else f"{number} cycles"


def programme_held(family: Family, at: datetime) -> str:
    """A record's programmes, for the page that joins it with another."""
    rows = programmes_of(family.id)
    if not rows:
        return "None"
    running = [row for row in rows if row.ended_on is None]
    words = [f"one running, {cycles_words(row.planned_cycles)} planned" for row in running]
    if ended := len(rows) - len(running):
        words.append(f"{ended} ended")
    return "; ".join(words)


def join_programmes(duplicate: Family, into: Family, by: Any, at: datetime) -> None:
    """Programmes and consents move with the duplicate; of two running programmes one must be ended
    first.
    """
    running = {family.id: open_programme(family.id) for family in (duplicate, into)}
    if all(running.values()):
        raise DomainError(
            "Both have a programme that has not ended. End one of them first.", "into"
        )
    if theirs := running[duplicate.id]:
        theirs.open_for = into.id
    for model in (Programme, Consent):
        db.session.execute(
            update(model).where(model.family_id == duplicate.id).values(family_id=into.id)
        )
    known_twice = select(Carer).where(Carer.family_id == into.id, Carer.same_as_id.is_not(None))
    for carer in db.session.scalars(known_twice).all():
        join_answers(carer, clock.london(at).date())
        join_on_camera(carer)


def join_answers(carer: Carer, on: date) -> None:
    """A carer known twice has one answer for each purpose: a no holds against a yes."""
    kept = ("carer", carer.same_as_id or 0)
    rows = select(Consent).where(Consent.person_kind == "carer", Consent.person_id == carer.id)
    for consent in db.session.scalars(rows).all():
        other = db.session.scalars(
            select(Consent).where(Consent.live == live_key(kept, consent.purpose))
        ).one_or_none()
        consent.person_id = kept[1]
        if consent.live is None:
            continue
        gives_way = consent
        if other and other.given and not consent.given:
            gives_way = other
        if other:
            gives_way.live = None
            gives_way.withdrawn_on = on if gives_way.given else None
            db.session.flush()
        if consent.live:
            consent.live = live_key(kept, consent.purpose)
        db.session.flush()


def join_on_camera(carer: Carer) -> None:
    rows = select(OnCamera).where(OnCamera.person_kind == "carer", OnCamera.person_id == carer.id)
    for row in db.session.scalars(rows).all():
        there = db.session.scalar(
            select(OnCamera.id).where(
                OnCamera.appointment_id == row.appointment_id,
                OnCamera.person_kind == "carer",
                OnCamera.person_id == carer.same_as_id,
            )
        )
        if there:
            db.session.delete(row)
        else:
            row.person_id = carer.same_as_id or row.person_id
        db.session.flush()
