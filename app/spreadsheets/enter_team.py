"""Places and practitioners of the team's files, entered through the acts of places and accounts."""

import re

from sqlalchemy import select

from app.accounts.models import Staff
from app.accounts.staff import Particulars, add_staff
from app.db import db
from app.places.keep_places import add_place
from app.places.models import Place
from app.spreadsheets.rows import PlaceRow, PractitionerRow
from app.spreadsheets.run import NotEntered, Sheet
from app.windows import Windows

KINDS = (
    (re.compile(r"\b(school|academy|college|nursery)\b", re.I), "school"),
    (re.compile(r"\b(hospital|infirmary)\b", re.I), "hospital"),
)


def enter_place(sheet: Sheet, row: PlaceRow) -> Place:
    """A place with its rooms; the kind comes from the name, and is a venue where it says none.

    Opening hours that could not be read let nothing be booked there until somebody has entered
    them, because a place without hours counts as always open.
    """
    hours = row.hours
    if hours is None and sheet.cell(row.row, "Opening hours"):
        hours = Windows()
    return add_place(
        kind=next((kind for words, kind in KINDS if words.search(row.name)), "venue"),
        name=row.name,
        postcode=row.postcode,
        rooms=row.rooms,
        hours=hours,
        step_free=row.step_free,
        signal=row.signal,
        phone=row.phone.e164 if row.phone else None,
        notes="\n".join(row.notes) or None,
        import_id=sheet.run.import_id,
        by=sheet.run.by,
        at=sheet.run.at,
    )


def enter_practitioner(sheet: Sheet, row: PractitionerRow) -> Staff:
    """A staff account without a password: managers send the link when they choose to.

    Who is a practitioner, or has a VIG level, takes visits. Without an e-mail address and a role
    there is no account; somebody who has one already keeps theirs as it is.
    """
    if not row.email or not row.role:
        missing = "Email" if not row.email else "Role"
        raise NotEntered(missing, "there is no account without an e-mail address and a role")
    known = db.session.scalars(select(Staff).where(Staff.email == row.email.lower())).first()
    if known:
        raise NotEntered(
            "Email", f"{known.name} has an account with this address; change it on the staff page"
        )
    particulars: Particulars = {
        "name": row.name,
        "email": row.email,
        "role": row.role,
        "mobile": mobile_of(sheet, row),
        "vig_level": row.vig_level,
        "base_postcode": row.base_postcode,
        "hours": row.hours or None,
        "takes_visits": row.role == "practitioner" or row.vig_level is not None,
        "import_id": sheet.run.import_id,
    }
    if row.languages:
        particulars["languages"] = list(row.languages)
    return add_staff(by=sheet.run.by, at=sheet.run.at, **particulars)


def mobile_of(sheet: Sheet, row: PractitionerRow) -> str | None:
    """A mobile that nobody else on the team has: texts from a shared one cannot be told apart."""
    if row.phone is None:
        return None
    problem = ""
    if row.phone.kind != "mobile":
        problem = "alarms are texted, so a member of staff needs a mobile number"
    elif other := db.session.scalars(
        select(Staff).where(Staff.mobile == row.phone.e164, Staff.left_at.is_(None))
    ).first():
        problem = f"{other.name} has this number"
    if problem:
        sheet.tell(row.row, "Mobile", problem, "imported without this")
        return None
    return row.phone.e164
