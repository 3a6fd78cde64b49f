"""Bookings of the team's file, entered through scheduling's act for what was agreed elsewhere.

A past row becomes an appointment that is done, not seen or cancelled. A future one is held, and
counts as booked only where nothing speaks against it. Left out: an overlap, an unknown family, a
time that cannot be read.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_

from app.accounts.models import Staff
from app.db import db
from app.families.change_family import add_note
from app.families.models import Family
from app.families.queries import with_people
from app.scheduling.enter import Entry, enter_appointment
from app.scheduling.kinds import kinds
from app.scheduling.models import FAMILY, KINDS, STAFF, STATUSES, Appointment, Reservation
from app.scheduling.reservations import lock_subjects
from app.spreadsheets.booking_reasons import Booked, Checked, Meeting, check_booking
from app.spreadsheets.enter_cycles import cycles_of
from app.spreadsheets.lookups import Places, Team
from app.spreadsheets.rows import BookingRow
from app.spreadsheets.run import NotEntered, Sheet, lowered
from app.tasks.open import open_task
from app.times import for_staff, staff_range

OVER = ("done", "not_seen", "cancelled")
HOW_IT_WENT = timedelta(days=2)  # until when somebody says how a row that is over went


@dataclass(frozen=True)
class Bookings:
    """The act that enters a row, with what it looks up."""

    team: Team
    places: Places
    families: dict[str, Booked]
    before: dict[
        tuple[int, datetime, str], str
    ]  # (family, start, kind) -> status before this import
    unsure_references: Collection[str]
    cycles: Mapping[str, int]  # digest of a row -> cycle

    def enter(self, sheet: Sheet, row: BookingRow) -> Appointment:
        family = self.families.get(row.reference)
        if family is None:
            raise NotEntered("Ref", "no family has this reference")
        self._refuse_known(row, family)
        staff, named = self._staff(row, family)
        if row.ends_at <= sheet.run.at:
            return self._enter_past(sheet, row, family, staff, named)
        return self._enter_future(sheet, row, family, staff, named)

    def _refuse_known(self, row: BookingRow, family: Booked) -> None:
        """The same appointment with another status is the one that is in already."""
        status = self.before.get((family.id, row.starts_at, row.kind))
        if status and not (status == "cancelled" and row.status != "cancelled"):
            raise NotEntered(
                "Status",
                f"this appointment is in the service already as {STATUSES[status].lower()}; "
                "change it on its page",
            )

    def _staff(self, row: BookingRow, family: Booked) -> tuple[Staff, bool]:
        """Who comes, and whether the row says so; else the family's own practitioner."""
        past = row.status in OVER
        if row.practitioner and (person := self.team.called(row.practitioner, also_left=past)):
            return person, True
        own = family.practitioner
        if own is None:
            raise NotEntered(
                "Who",
                "nobody of this name works here, and the family has no practitioner"
                if row.practitioner
                else "it is not said who comes, and the family has no practitioner",
            )
        return own, False

    def _enter_past(
        self, sheet: Sheet, row: BookingRow, family: Booked, staff: Staff, named: bool
    ) -> Appointment:
        """Done, not seen or cancelled: it holds nothing. One that still stands as to come is taken
        as done, and somebody is asked how it went."""
        run = sheet.run
        meeting = self._meeting(row, family)
        said = row.status if row.status in OVER else "done"
        entered = enter_appointment(
            entry_of(row, family, staff, meeting, said, run.import_id), by=run.by, at=run.at
        )
        when = for_staff(row.starts_at)
        told = [f"The file says {words}." for words in row.doubts]
        if not named and row.practitioner:
            problem = f"nobody of this name works here; it stands under {staff.name}"
            sheet.tell(row.row, "Who", problem, "imported without this")
            told.append(f"The file says that {row.practitioner} came.")
        if meeting.missing and row.where and row.where.name:
            sheet.without(row.row, "Where", "there is no place of this name")
            told.append(f"The file says that it was at {row.where.name}.")
        if told:
            words = f"{KINDS[row.kind]} of {when}: {' '.join(told)}"
            add_note(db.session.get_one(Family, family.id), words, by=run.by, at=run.at)
        if row.status not in OVER:
            problem = "this is over and the file does not say how it went; it was taken as done"
            sheet.tell(row.row, "Status", problem)
            open_task(
                "to_check",
                f"The file does not say how the {KINDS[row.kind].lower()} of {when} went. "
                "It was taken as done: ask, and correct it if need be.",
                about=("appointment", entered.id),
                due_at=run.at + HOW_IT_WENT,
                at=run.at,
                family_id=family.id,
                owner_id=staff.id,
            )
        return entered

    def _enter_future(
        self, sheet: Sheet, row: BookingRow, family: Booked, staff: Staff, named: bool
    ) -> Appointment:
        run = sheet.run
        meeting, cycle_id = self._meeting(row, family), self.cycles.get(row.digest)
        if row.status == "cancelled":
            entry = entry_of(row, family, staff, meeting, "cancelled", run.import_id)
            return enter_appointment(entry, by=run.by, at=run.at)
        checked = check_booking(
            row, family, staff.id, meeting, run.rules,
            unsure_reference=row.reference in self.unsure_references, cycle_id=cycle_id, at=run.at,
        )  # fmt: skip
        if not named and row.practitioner:
            why = f"Nobody called {row.practitioner} works here; {staff.name}’s time is held."
            checked = Checked((*checked.reasons, ("who", why)), checked.room_id, checked.risk_level)
        refuse_overlap(row, family, staff)
        status = "confirmed" if row.status == "confirmed" else "booked"
        entry = entry_of(row, family, staff, meeting, status, run.import_id, checked, cycle_id)
        entered = enter_appointment(entry, by=run.by, at=run.at)
        if status == "confirmed" and entered.status == "booked":
            (_code, missing), *_ = kinds[row.kind].unconfirmed(entered)
            sheet.tell(row.row, "Status", f"booked, not confirmed: {lowered(missing)}")
        if checked.reasons:
            why = " ".join(sentence for _code, sentence in checked.reasons)
            sheet.tell(row.row, "", f"provisional, to be checked: {why}", value=said_of(sheet, row))
        return entered

    def _meeting(self, row: BookingRow, family: Booked) -> Meeting:
        """How and where, as far as the words of the file and the family's record say."""
        where = row.where
        if where is None:
            return Meeting("in_person", None, "It is not said where. Choose a place.")
        if where.code == "online":
            return Meeting("video")
        if where.code == "phone":
            return Meeting("phone")
        if where.code == "home":
            missing = None if family.home_id else "The family has no address on record."
            return Meeting("in_person", family.home_id, missing)
        if where.code == "named":
            place = self.places.called(where.name or "")
            missing = None if place else f"There is no place called {where.name}. Choose one."
            return Meeting("in_person", place.id if place else None, missing)
        school = where.code == "school"
        place_id = family.preferred_id if school == family.prefers_school else None
        words = "at school" if school else "at a hub or another place"
        missing = None if place_id else f"The file says {words}, not which. Choose a place."
        return Meeting("in_person", place_id, missing)


def entry_of(
    row: BookingRow,
    family: Booked,
    staff: Staff,
    meeting: Meeting,
    status: str,
    import_id: int,
    checked: Checked | None = None,
    cycle_id: int | None = None,
) -> Entry:
    return Entry(
        kind=row.kind,
        family_id=family.id,
        carer_id=family.carer_id,
        staff_id=staff.id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=status,
        how=meeting.how,
        place_id=meeting.place_id,
        room_id=checked.room_id if checked else None,
        risk_level=checked.risk_level if checked else None,
        reasons=checked.reasons if checked else (),
        cycle_id=cycle_id,
        import_id=import_id,
    )


def refuse_overlap(row: BookingRow, family: Booked, staff: Staff) -> None:
    """Say who is booked already, and from when to when; the database has the last word."""
    held = db.session.execute(
        select(Reservation.kind, Appointment.starts_at, Appointment.ends_at, Family.reference)
        .join(Appointment, Appointment.id == Reservation.appointment_id)
        .join(Family, Family.id == Appointment.family_id)
        .where(
            Reservation.starts_at < row.ends_at,
            Reservation.ends_at > row.starts_at,
            tuple_(Reservation.kind, Reservation.subject_id).in_(
                [(STAFF, staff.id), (FAMILY, family.id)]
            ),
        )
        .order_by(Reservation.kind)
    ).first()
    if held:
        who = staff.name if held.kind == STAFF else "the family"
        raise NotEntered(
            "Time",
            f"{who} is booked already {staff_range(held.starts_at, held.ends_at)}, "
            f"with family {held.reference}",
        )


def said_of(sheet: Sheet, row: BookingRow) -> str:
    """The row in short, as the file has it."""
    return ", ".join(
        sheet.cell(row.row, column) for column in ("Ref", "Date", "Time", "What", "Who", "Where")
    )


def bookings_of(
    rows: Iterable[BookingRow], team: Team, places: Places, unsure: Collection[str], at: datetime
) -> Bookings:
    """What entering these rows needs, read at once, with everybody's time locked in one order.

    An import that locked row by row could wait for somebody who waits for it.
    """
    families = families_by_reference({row.reference for row in rows})
    everybody = db.session.scalars(select(Staff.id).where(Staff.left_at.is_(None))).all()
    lock_subjects(
        [(STAFF, staff_id) for staff_id in everybody],
        [(FAMILY, family.id) for family in families.values()],
    )
    before = {
        (family_id, starts_at, kind): status
        for family_id, starts_at, kind, status in db.session.execute(
            select(
                Appointment.family_id, Appointment.starts_at, Appointment.kind, Appointment.status
            ).where(Appointment.family_id.in_([family.id for family in families.values()]))
        )
    }
    cycles = cycles_of(rows, families, unsure, at)
    return Bookings(team, places, families, before, unsure, cycles)


def families_by_reference(references: Collection[str]) -> dict[str, Booked]:
    """What a booking needs to know of the families that stand, by their references."""
    rows = db.session.scalars(
        select(Family)
        .where(Family.reference.in_(references), Family.merged_into_id.is_(None))
        .options(*with_people())
        .execution_options(populate_existing=True)
    ).all()
    return {family.reference: booked_family(family) for family in rows}


def booked_family(family: Family) -> Booked:
    carers, preferred = family.present_carers, family.preferred_place
    own = family.practitioner
    return Booked(
        id=family.id,
        carer_id=carers[0].id if carers else None,
        home_id=family.home_id,
        preferred_id=preferred.id if preferred else None,
        prefers_school=preferred is not None and preferred.kind == "school",
        practitioner=own if own and own.active else None,
        ended=family.ended_on is not None,
    )
