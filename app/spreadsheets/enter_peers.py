"""Peer parents of the team's file, entered through the acts of peers.

Nobody in the file has said that texting is safe, so none is texted until somebody has asked.
"""

from collections.abc import Callable

from sqlalchemy import or_, select

from app.db import db
from app.families.names import folded
from app.peers.add_peer import add_peer
from app.peers.models import Peer
from app.peers.particulars import PeerParticulars
from app.spreadsheets.lookups import PEER, Numbers
from app.spreadsheets.rows import PeerRow
from app.spreadsheets.run import NotEntered, Sheet

# What is not kept of somebody who has left: the same as when a peer parent leaves.
STORY = ("children_now", "circumstances", "limits", "free_times", "notes", "postcode")


def peers_with(numbers: Numbers) -> Callable[[Sheet, PeerRow], Peer]:
    """The act that enters a row; `numbers` says who else has a phone number."""

    def enter(sheet: Sheet, row: PeerRow) -> Peer:
        refuse_known(row)
        given = particulars_of(sheet, row)
        if row.phone and (others := numbers.also_of(row.phone.e164, but=PEER)):
            sheet.tell(row.row, "Mobile", f"{others} has this number too; ask whose it is")
        if row.status == "left":
            given = {k: v for k, v in given.items() if k not in STORY}  # type: ignore[assignment]
            given["safe_to_text"] = "no"
            sheet.tell(row.row, "Status", "they have left: their story and notes are not kept")
        return add_peer(by=sheet.run.by, at=sheet.run.at, status=row.status, **given)

    return enter


def refuse_known(row: PeerRow) -> None:
    """One name with one number or address is one person, who is not entered twice."""
    reached = []
    if row.phone:
        reached.append(Peer.mobile == row.phone.e164)
    if row.email:
        reached.append(Peer.email == row.email)
    if not reached:
        return
    name = folded(f"{row.first_name} {row.surname or ''}")
    if db.session.scalars(select(Peer.id).where(Peer.search_name == name, or_(*reached))).first():
        raise NotEntered(
            "First name", "this peer parent is in the service already; change them on their page"
        )


def particulars_of(sheet: Sheet, row: PeerRow) -> PeerParticulars:
    """What the row says. Of several children at the time of their VIG the first is compared."""
    notes = list(row.notes)
    ages = [child.months for child in row.children_then if child.months is not None]
    if len(ages) > 1:
        notes.append(
            sheet.without(row.row, "Child's age at VIG", "of several ages the first counts")
        )
    given: PeerParticulars = {
        "first_name": row.first_name,
        "surname": row.surname,
        "gender": row.carer_type.gender if row.carer_type else None,
        "mobile": row.phone.e164 if row.phone else None,
        "email": row.email,
        "safe_to_text": "not_asked",
        "postcode": row.postcode,
        "carer_type": row.carer_type.code if row.carer_type else None,
        "children_now": row.children_now_words or None,
        "child_age_then": ages[0] if ages else None,
        "circumstances": list(row.circumstances),
        "languages": list(row.languages),
        "ways_to_talk": list(row.ways_to_talk),
        "limits": [limit[:200] for limit in row.limits],
        "free_times": row.free_times,
        "monthly_limit": row.monthly_limit,
        "vig_cycles": row.vig_cycles,
        "vig_completed_on": row.vig_completed_on,
        "trained_on": row.trained_on,
        "checks_until": row.checks_until,
        "notes": "\n".join(notes) or None,
        "import_id": sheet.run.import_id,
    }
    return given
