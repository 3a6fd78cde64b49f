"""Taking an import back: everything it made is deleted, until something of it has been touched.

What was touched is read from the audit, which every act writes: an entry about something that the
import made, later than the import's own, is a touch; a look is none. The audit itself stays.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, delete, func, or_, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Staff
from app.accounts.staff import managers_only
from app.audit.models import AuditEntry
from app.audit.record import actor, record
from app.db import Model, db, lock
from app.enquiries.models import Choice, Enquiry, Referral
from app.errors import DomainError
from app.families.models import Carer, Child, Family, FamilyNote
from app.messaging.models import Outbox
from app.messaging.states import NOT_SENT, WAITING
from app.peers.models import Peer
from app.places.models import Place, Room
from app.programmes.models import Cycle, Programme
from app.risk.models import Assessment
from app.scheduling.invitations.models import Invitation
from app.scheduling.models import Appointment, Reservation
from app.spreadsheets.imports import IMPORT_LOCK
from app.spreadsheets.models import Import, ImportedRow
from app.tasks.models import Task

LOOKS = ("family:read", "family:address_read")
MOST_NAMED = 5
MADE: dict[str, type[Model]] = {
    "place": Place,
    "staff": Staff,
    "family": Family,
    "peer": Peer,
    "appointment": Appointment,
}
WORDS = {
    "place": "a place",
    "staff": "a member of staff",
    "family": "a family",
    "peer": "a peer parent",
    "appointment": "an appointment",
}


def take_back(made: Import, *, by: Any, at: datetime) -> None:
    """Delete what the import made, or refuse and say what was touched. Managers and jobs may.

    The rows may be imported again afterwards. Raises DomainError.
    """
    managers_only(by)
    lock([IMPORT_LOCK])
    db.session.refresh(made)
    if made.taken_back_at:
        raise DomainError("This import has been taken back already.")
    if touched := what_was_touched(made):
        raise DomainError(f"This import cannot be taken back any more: {'; '.join(touched)}.")
    try:
        with db.session.begin_nested():
            delete_all(made.id)
    except IntegrityError as error:
        raise DomainError(
            "This import cannot be taken back any more: other records depend on what it made."
        ) from error
    made.taken_back_at, made.taken_back_by = at, actor(by)
    record("import:taken_back", made, by=by, at=at)
    db.session.expire_all()


def what_was_touched(made: Import) -> list[str]:
    """What stands in the way of taking an import back, a few things by name; empty if nothing."""
    found = [*changed_since(made), *messages_gone(made.id), *others_depend(made.id)]
    told = list(dict.fromkeys(found))
    if len(told) <= MOST_NAMED:
        return told
    return [*told[:MOST_NAMED], f"and {len(told) - MOST_NAMED} more"]


def ids(import_id: int, kind: str) -> Select[Any]:
    """The numbers of what the import made of one kind."""
    return select(ImportedRow.made_id).where(
        ImportedRow.import_id == import_id, ImportedRow.made_kind == kind
    )


def changed_since(made: Import) -> list[str]:
    """Everything about the import's records in the audit after the import's own entry."""
    own = select(func.max(AuditEntry.id)).where(
        AuditEntry.tag == "import:made", AuditEntry.subject == f"import:{made.id}"
    )
    subject = ImportedRow.made_kind + ":" + cast(ImportedRow.made_id, String)
    subjects = select(subject).where(ImportedRow.import_id == made.id)
    entries = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.id > own.scalar_subquery(),
            AuditEntry.tag.not_in(LOOKS),
            or_(
                AuditEntry.subject.in_(subjects),
                AuditEntry.by.in_(subjects.where(ImportedRow.made_kind == "staff")),
                AuditEntry.family_id.in_(ids(made.id, "family")),
            ),
        )
        .order_by(AuditEntry.id)
        .limit(200)
    ).all()
    return [touch_of(entry) for entry in entries]


def touch_of(entry: AuditEntry) -> str:
    """'family F1003 was changed': what was touched, as a manager knows it."""
    kind, _, number = entry.subject.partition(":")
    if entry.family_id:
        family = db.session.get(Family, entry.family_id)
        return f"family {family.reference} was changed" if family else "a family was changed"
    row: Any = db.session.get(MADE[kind], int(number)) if kind in MADE else None
    name = getattr(row, "name", None)
    return f"{name or WORDS.get(kind, 'something')} was changed"


def messages_gone(import_id: int) -> list[str]:
    """Texts and invitations about the import's appointments that somebody has had."""
    gone = db.session.scalar(
        select(func.count())
        .select_from(Outbox)
        .where(
            Outbox.about_kind == "appointment",
            Outbox.about_id.in_(ids(import_id, "appointment")),
            Outbox.state.not_in((*WAITING, *NOT_SENT)),
        )
    )
    return [f"{gone} messages about its appointments have gone"] if gone else []


def others_depend(import_id: int) -> list[str]:
    """Appointments and families that came since and name what the import made."""
    told: list[str] = []
    appointments = ids(import_id, "appointment")
    for kind, columns in (
        ("staff", (Appointment.staff_id, Appointment.second_id)),
        ("place", (Appointment.place_id,)),
        ("family", (Appointment.family_id,)),
        ("peer", (Appointment.peer_id,)),
    ):
        theirs: ColumnElement[bool] = or_(*(c.in_(ids(import_id, kind)) for c in columns))
        since = select(Appointment.id).where(theirs, Appointment.id.not_in(appointments))
        if db.session.scalar(since.limit(1)):
            told.append(f"there are appointments since with {WORDS[kind]} of it")
    families = ids(import_id, "family")
    named = or_(
        Family.practitioner_id.in_(ids(import_id, "staff")),
        Family.preferred_place_id.in_(ids(import_id, "place")),
    )
    if db.session.scalar(select(Family.id).where(named, Family.id.not_in(families)).limit(1)):
        told.append("there are families since with a practitioner or place of it")
    tasks = select(Task.id).where(
        Task.owner_id.in_(ids(import_id, "staff")), Task.family_id.not_in(families)
    )
    if db.session.scalar(tasks.limit(1)):
        told.append("there are tasks since for somebody of it")
    return told


def delete_all(import_id: int) -> None:
    """What names others first, then what is named."""
    appointments, families = ids(import_id, "appointment"), ids(import_id, "family")
    homes = select(Place.id).where(Place.kind == "home", Place.family_id.in_(families))
    programmes = select(Programme.id).where(Programme.family_id.in_(families))
    places = ids(import_id, "place")
    wanted: Sequence[tuple[type[Model], ColumnElement[bool]]] = (
        (Reservation, Reservation.appointment_id.in_(appointments)),
        (Outbox, about(Outbox, "appointment", appointments)),
        (Task, or_(about(Task, "appointment", appointments), Task.family_id.in_(families))),
        (Invitation, Invitation.appointment_id.in_(appointments)),
        (Appointment, Appointment.id.in_(appointments)),
        (Peer, Peer.id.in_(ids(import_id, "peer"))),
        (Cycle, Cycle.programme_id.in_(programmes)),
        (Programme, Programme.family_id.in_(families)),
        *((kept, kept.family_id.in_(families)) for kept in (Choice, Enquiry, Referral, FamilyNote)),
        (Child, Child.family_id.in_(families)),
        (Carer, Carer.family_id.in_(families)),
        (Assessment, Assessment.place_id.in_(homes)),
        (Family, Family.id.in_(families)),
        (Place, (Place.kind == "home") & Place.family_id.in_(families)),
        (Staff, Staff.id.in_(ids(import_id, "staff"))),
        (Room, Room.place_id.in_(places)),
        (Place, Place.id.in_(places)),
        (ImportedRow, ImportedRow.import_id == import_id),
    )
    for model, which in wanted:
        db.session.execute(
            delete(model).where(which), execution_options={"synchronize_session": False}
        )


def about(model: Any, kind: str, numbers: Select[Any]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (model.about_kind == kind) & model.about_id.in_(numbers)
    return found
