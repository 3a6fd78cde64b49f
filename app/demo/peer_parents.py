"""The peer parents of the sample service: those who can be asked, and those who cannot, each for
another reason.
"""

from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from app.demo.team import Team
from app.peers.add_peer import add_peer
from app.peers.change_peer import pause_peer
from app.peers.models import Peer
from app.peers.particulars import PeerParticulars
from app.windows import read_windows

EVENINGS = "Mon-Fri 18:00-20:00, Mon-Fri 12:00-14:00"

# first name, surname, mobile, postcode, carer type, gender, months of the child then,
# circumstances, free times, a month
PEERS: tuple[tuple[Any, ...], ...] = (
    ("Yusuf", "Bolitho", "07700 900017", "TR7 2FW", "adoptive", "man", 96,
     ("adoption", "twins"), EVENINGS, 2),
    ("Gemma", "O’Neill", "07700 900825", "TR14 7JQ", "kinship", "woman", 36,
     ("school refusal", "SEND"), EVENINGS, 2),
    ("Perran", "Jones", "07700 900720", "PL17 7GP", "birth", "man", 50,
     ("anxiety", "school refusal"), EVENINGS, 3),
    ("Tom", "Vivian", "07700 900063", "TR10 8SU", "kinship", "man", 20,
     ("SEND", "autism"), EVENINGS, 3),
    ("Kayleigh", "Rahman", "07700 900408", "TR7 1LG", "birth", "woman", 30,
     ("ADHD", "separation"), EVENINGS, 2),
    ("Amara", "Warne", "07700 900735", "PL25 4FY", "birth", "woman", 26,
     ("single parent", "anxiety"), "Mon-Fri 9:30-14:30", 2),
    ("Marta", "Tregenza", "07700 900928", "TR11 3EL", "adoptive", "woman", 30,
     ("adoption",), "Mon-Fri 9:30-12:00", 1),
    ("Łukasz", "Pascoe", "07700 900482", "TR15 1JY", "birth", "man", 36,
     ("bereavement",), EVENINGS, 2),
    ("Elowen", "Ali", "07700 900529", "TR7 2HJ", "kinship", "woman", 12,
     ("foster placement", "bereavement"), EVENINGS, 2),
    ("Rūta", "Angove", "07700 900232", "PL13 1SH", "kinship", "woman", 24,
     ("autism", "SEND"), "Fri 12:00-17:00", 2),
    ("Mihaela", "Nowak", "07700 900289", "TR18 2PZ", "adoptive", "woman", 18,
     ("adoption",), EVENINGS, 2),
)  # fmt: skip
LANGUAGES = {"Mihaela": ["Romanian"], "Łukasz": ["Polish", "English"]}
LIMITS = {"Gemma": ["not_outcode:TR14"], "Kayleigh": ["no_texts_after_18"]}


def make_peers(team: Team, today: date, *, at: datetime) -> dict[str, Peer]:
    """Everybody but Chloe, who was a family first; one on a break, one whose checks have run
    out."""
    coordinator = team["Elowen"]
    found = {}
    for row in PEERS:
        given = particulars(row, today)
        if row[0] == "Elowen":
            given["checks_until"] = today - relativedelta(days=20)
        found[row[0]] = add_peer(by=coordinator, at=at, **given)
    pause_peer(found["Łukasz"], until=today + relativedelta(days=40), by=coordinator, at=at)
    return found


def particulars(row: tuple[Any, ...], today: date) -> PeerParticulars:
    name, surname, mobile, postcode, carer_type, gender, months, lived, free, limit = row
    return {
        "first_name": name,
        "surname": surname,
        "mobile": mobile,
        "gender": gender,
        "safe_to_text": "yes",
        "postcode": postcode,
        "carer_type": carer_type,
        "child_age_then": months,
        "circumstances": list(lived),
        "may_be_told": list(lived),
        "languages": LANGUAGES.get(name, ["English"]),
        "ways_to_talk": ["phone", "video"],
        "limits": LIMITS.get(name, []),
        "free_times": read_windows(free),
        "monthly_limit": limit,
        "vig_cycles": 4,
        "vig_completed_on": today - relativedelta(months=14),
        "trained_on": today - relativedelta(months=11),
        "checks_until": today + relativedelta(months=19),
    }
