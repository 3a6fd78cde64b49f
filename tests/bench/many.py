"""A service of any size for measuring: one team, and the families of as many years as are asked for.

Ten times the data is the same team after ten times as long: as many families in hand, as many
appointments a day, and a longer past. (With ten teams a day of the team's diary would be ten times
as long on any service.)
"""

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, text

from app.accounts.models import Staff
from app.db import db
from app.enquiries.models import Choice, Enquiry, Referral
from app.families.models import Carer, Child, Family
from app.health.models import Beat
from app.peers.models import Peer
from app.places.models import Place, Room
from app.risk.models import Assessment, Duty
from app.windows import read_windows

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
POSTCODES = ("TR15 2PG", "TR7 1HP", "TR11 3FA", "PL25 4TQ", "PL31 1TS", "TR1 3AY", "TR18 3QW")
WEEK = read_windows("Mon-Fri 9:00-17:00")
PRACTITIONERS = 10
IN_HAND = 120  # families that have not ended
PEERS = 40
Rows = list[dict[str, object]]


def fill_people(families: int, peers: int, chance: random.Random) -> list[int]:
    """The team, places, families and peer parents; returns the numbers of the practitioners.

    Families came one after another; the last `IN_HAND` have not ended.
    """
    staff = [
        Staff(
            name=f"Worker Number{n}", email=f"worker{n}@example.org", role="practitioner",
            base_postcode=chance.choice(POSTCODES), languages=["English"], hours=WEEK,
            takes_visits=True, created_at=NOW,
        )
        for n in range(PRACTITIONERS)
    ]  # fmt: skip
    office = [
        Staff(name=f"{role.title()} Number{n}", email=f"{role}{n}@example.org", role=role,
              mobile="+447700900001", languages=[], hours=WEEK, created_at=NOW)
        for role in ("coordinator", "manager") for n in range(2)
    ]  # fmt: skip
    db.session.add_all([*staff, *office])
    db.session.flush()
    ids = [person.id for person in staff]
    many(Duty, duty_rows(office[2].id, office[0].id))
    many(Beat, [{"name": name, "at": NOW} for name in ("watch", "worker")])
    many(Place, [home(n, chance) for n in range(1, families + 1)] + hubs(families))
    many(Room, [{"place_id": families + n, "name": f"Room {r}"} for n in (1, 2, 3) for r in (1, 2)])
    many(Family, [family(n, families, ids) for n in range(1, families + 1)])
    db.session.flush()
    for model, rows in of_families(families).items():
        many(model, rows)
    many(Peer, [peer(n, chance) for n in range(1, peers + 1)])
    return ids


def duty_rows(manager_id: int, buddy_id: int) -> Rows:
    """A duty manager for every day of eight weeks."""
    first = NOW.replace(hour=0) - timedelta(weeks=4)
    return [
        {"manager_id": manager_id, "buddy_id": buddy_id, "starts_at": day + timedelta(hours=8),
         "ends_at": day + timedelta(hours=18)}
        for day in (first + timedelta(days=n) for n in range(56))
    ]  # fmt: skip


def home(n: int, chance: random.Random) -> dict[str, object]:
    return {
        "id": n, "kind": "home", "name": "Home", "postcode": chance.choice(POSTCODES),
        "family_id": n, "created_at": NOW,
    }  # fmt: skip


def hubs(families: int) -> Rows:
    return [
        {"id": families + n, "kind": "venue", "name": f"Hub {n}", "postcode": POSTCODES[n],
         "hours": WEEK, "created_at": NOW}
        for n in (1, 2, 3)
    ]  # fmt: skip


def ended(n: int, families: int) -> bool:
    return n <= families - IN_HAND


def stage(n: int, families: int) -> str:
    """Where a family in hand stands: two thirds are in a programme."""
    stages = ("to_ask", "wants_to_talk", "offered", "talking", "talked", "not_now", "yes")
    number = (families - n) % 21
    return "programme" if number >= len(stages) else stages[number]


def family(n: int, families: int, ids: list[int]) -> dict[str, object]:
    came_on = NOW.date() - timedelta(days=round((families - n) * 1.9))
    return {
        "id": n, "reference": f"F{1000 + n}", "came_on": came_on, "home_id": n,
        "practitioner_id": ids[n % PRACTITIONERS], "where": "home", "created_at": NOW,
        "circumstances": ["adoption"], "may_be_told": ["adoption"], "ways_to_talk": ["phone"],
        "ended_on": came_on + timedelta(days=230) if ended(n, families) else None,
    }  # fmt: skip


def of_families(families: int) -> dict[type, Rows]:
    """Each family's carer, child, choices, assessed home and how it came."""
    rows = range(1, families + 1)
    return {
        Carer: [
            {"id": n, "family_id": n, "first_name": f"Carer{n}", "surname": "Example",
             "search_name": f"carer{n} example", "mobile": f"+4477009{n % 100000:05d}",
             "safe_to_text": "yes", "wording": "full", "phone_owner": "own",
             "checked_on": NOW.date() - timedelta(days=20), "carer_type": "birth"}
            for n in rows
        ],
        Child: [
            {"family_id": n, "first_name": "Leo", "born_on": NOW.date() - timedelta(days=600)}
            for n in rows
        ],
        Choice: [
            {"family_id": n, "step": step, "how": "phone", "recorded_by": "staff:1",
             "on": NOW.date() - timedelta(days=60 - number),
             "ask_again_on": NOW.date() + timedelta(days=40) if step == "not_now" else None,
             "recorded_at": NOW - timedelta(days=60 - number)}
            for n in rows for number, step in enumerate(said(n, families))
        ],
        Assessment: [
            {"place_id": n, "level": "standard", "triggers": [], "created_at": NOW,
             "looked_on": NOW.date(),
             "look_again_on": NOW.date() + timedelta(days=8 if n % 40 == 0 else 170)}
            for n in rows
        ],
        Enquiry: [
            {"family_id": n, "received_at": NOW - timedelta(days=90), "worker_name": "A Worker",
             "taken_by": "staff:11"}
            for n in rows if n % 2
        ],
        Referral: [
            {"reference": f"R{n}", "received_at": NOW - timedelta(days=90), "state": "taken_up",
             "referrer_name": "A Referrer", "referrer_role": "health visitor", "family_id": n,
             "answers": {"first_name": f"Carer{n}"}}
            for n in rows if n % 2 == 0
        ] + [
            {"reference": f"N{n}", "received_at": NOW - timedelta(days=1), "state": "new",
             "referrer_name": "A Referrer", "referrer_role": "teacher",
             "answers": {"first_name": f"New{n}", "surname": "Example"}}
            for n in range(3)
        ],
    }  # fmt: skip


def said(n: int, families: int) -> tuple[str, ...]:
    """The steps of a family's choice, in order."""
    if ended(n, families):
        return ("told_by_referrer", "wants_to_talk", "yes")
    return {
        "to_ask": ("told_by_referrer",),
        "wants_to_talk": ("willing", "wants_to_talk"),
        "offered": ("willing", "wants_to_talk"),
        "talking": ("willing", "wants_to_talk"),
        "talked": ("willing", "wants_to_talk"),
        "not_now": ("willing", "not_now"),
        "yes": ("wants_to_talk", "yes"),
        "programme": ("wants_to_talk", "yes"),
    }[stage(n, families)]


def peer(n: int, chance: random.Random) -> dict[str, object]:
    return {
        "id": n, "first_name": f"Peer{n}", "surname": "Example", "search_name": f"peer{n} example",
        "postcode": chance.choice(POSTCODES), "carer_type": chance.choice(("birth", "adoptive")),
        "child_age_then": chance.randrange(120), "safe_to_text": "yes", "status": "active",
        "circumstances": chance.sample(["adoption", "twins", "SEND", "autism"], 2),
        "may_be_told": ["adoption", "twins"], "languages": ["English"],
        "ways_to_talk": ["phone", "video"], "limits": [],
        "free_times": read_windows(
            chance.choice(("evenings", "Mon-Fri 9:30-14:30", "Tue Thu evenings"))
        ),
        "monthly_limit": 2, "vig_cycles": 4, "vig_completed_on": NOW.date() - timedelta(days=300),
        "trained_on": NOW.date() - timedelta(days=200), "created_at": NOW,
        "checks_until": NOW.date() + timedelta(days=20 if n % 20 == 0 else 500),
    }  # fmt: skip


def many(model: type, rows: Rows) -> None:
    """Insert rows by the thousand; those with the same columns together."""
    alike: dict[tuple[str, ...], Rows] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(row)
    for group in alike.values():
        for start in range(0, len(group), 1000):
            db.session.execute(insert(model.__table__), group[start : start + 1000])


def analyse() -> None:
    """Let the database know its sizes, as it does by itself in service."""
    db.session.execute(text("ANALYZE"))
    db.session.commit()
