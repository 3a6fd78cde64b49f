"""A service of any size for measuring: families, peers and appointments put in by the thousand."""

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from app.accounts.models import Staff
from app.db import db
from app.enquiries.models import Choice
from app.families.models import Carer, Child, Family
from app.peers.models import Peer
from app.places.models import Place
from app.risk.models import Assessment
from app.scheduling.models import FAMILY, STAFF, Appointment, Reservation
from app.windows import read_windows

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
POSTCODES = ("TR15 2PG", "TR7 1HP", "TR11 3FA", "PL25 4TQ", "PL31 1TS", "TR1 3AY", "TR18 3QW")
WEEK = read_windows("Mon-Fri 9:00-17:00")
PRACTITIONERS = 10


def fill(families: int, appointments: int, peers: int = 0, seed: int = 1) -> None:
    """Ten practitioners, so many families each with a carer, a child and an assessed home, and
    appointments of an hour that do not overlap, from 52 weeks ago to 4 weeks ahead.
    """
    chance = random.Random(seed)
    staff = [
        Staff(
            name=f"Worker Number{n}", email=f"worker{n}@example.org", role="practitioner",
            base_postcode=chance.choice(POSTCODES), languages=["English"], hours=WEEK,
            takes_visits=True, created_at=NOW,
        )
        for n in range(PRACTITIONERS)
    ]  # fmt: skip
    db.session.add_all(staff)
    db.session.add(
        Staff(
            name="Manager Number0", email="manager@example.org", role="manager", languages=[],
            hours=WEEK, created_at=NOW,
        )
    )  # fmt: skip
    db.session.flush()
    ids = [person.id for person in staff]
    rows = range(1, families + 1)
    many(
        Family,
        [
            {
                "id": n, "reference": f"F{1000 + n}", "came_on": NOW.date(),
                "practitioner_id": ids[n % PRACTITIONERS], "where": "home", "created_at": NOW,
                "language": "English", "circumstances": ["adoption"], "may_be_told": ["adoption"],
                "ways_to_talk": ["phone"], "other_languages": [], "not_outcodes": [],
            }
            for n in rows
        ],
    )  # fmt: skip
    many(
        Place,
        [
            {"id": n, "kind": "home", "name": "Home", "postcode": chance.choice(POSTCODES),
             "family_id": n, "created_at": NOW}
            for n in rows
        ],
    )  # fmt: skip
    for family in db.session.query(Family):
        family.home_id = family.id
    db.session.flush()
    many(
        Carer,
        [
            {"id": n, "family_id": n, "first_name": f"Carer{n}", "surname": "Example",
             "search_name": f"carer{n} example", "mobile": f"+4477009{n % 100000:05d}",
             "safe_to_text": "yes", "wording": "full", "phone_owner": "own"}
            for n in rows
        ],
    )  # fmt: skip
    many(
        Child,
        [
            {"family_id": n, "first_name": "Leo", "born_on": NOW.date() - timedelta(days=600)}
            for n in rows
        ],
    )
    many(
        Choice,
        [
            {"family_id": n, "step": "yes", "on": NOW.date(), "how": "phone",
             "recorded_by": "staff:1", "recorded_at": NOW}
            for n in rows
        ],
    )  # fmt: skip
    many(
        Assessment,
        [
            {"place_id": n, "level": "standard", "looked_on": NOW.date(), "triggers": [],
             "look_again_on": NOW.date() + timedelta(days=170), "created_at": NOW}
            for n in rows
        ],
    )  # fmt: skip
    book_many(ids, families, appointments, chance)
    many(Peer, [peer(n, chance) for n in range(1, peers + 1)])
    db.session.commit()


def book_many(ids: list[int], families: int, appointments: int, chance: random.Random) -> None:
    """Appointments at 9:30, 11:00, 13:00 and 15:00 of working days, spread over workers and
    families.
    """
    weeks = max(1, appointments // (PRACTITIONERS * 5 * 4) + 1)
    first = NOW.replace(hour=0) - timedelta(weeks=weeks) + timedelta(weeks=4)
    made: list[dict[str, object]] = []
    times = [(9, 30), (11, 0), (13, 0), (15, 0)]
    day = first
    while len(made) < appointments and day < NOW + timedelta(weeks=8):
        if day.weekday() < 5:
            free = list(range(1, families + 1))
            chance.shuffle(free)
            for staff_id in ids:
                for hour, minute in times:
                    if len(made) >= appointments or not free:
                        break
                    starts_at = day.replace(hour=hour, minute=minute)
                    n, family = len(made) + 1, free.pop()
                    made.append(
                        {
                            "id": n, "kind": "goals_visit", "family_id": family, "carer_id": family,
                            "staff_id": staff_id, "place_id": family, "how": "in_person",
                            "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1),
                            "status": "done" if starts_at < NOW else "booked", "reasons": [],
                            "uid": f"u{n}", "booked_by": "staff:1", "created_at": NOW,
                        }
                    )  # fmt: skip
        day += timedelta(days=1)
    many(Appointment, made)
    coming = [row for row in made if row["status"] == "booked"]
    many(
        Reservation,
        [
            {"kind": kind, "subject_id": row[subject], "starts_at": row["starts_at"],
             "ends_at": row["ends_at"], "appointment_id": row["id"]}
            for row in coming
            for kind, subject in ((STAFF, "staff_id"), (FAMILY, "family_id"))
        ],
    )  # fmt: skip


def peer(n: int, chance: random.Random) -> dict[str, object]:
    return {
        "id": n, "first_name": f"Peer{n}", "surname": "Example", "search_name": f"peer{n} example",
        "postcode": chance.choice(POSTCODES), "carer_type": chance.choice(("birth", "adoptive")),
        "child_age_then": chance.randrange(120), "safe_to_text": "yes", "status": "active",
        "circumstances": chance.sample(["adoption", "twins", "SEND", "autism"], 2),
        "may_be_told": ["adoption", "twins"], "languages": ["English"],
        "ways_to_talk": ["phone", "video"], "limits": [],
        "free_times": read_windows(chance.choice(("evenings", "Mon-Fri 9:30-14:30", "Tue Thu evenings"))),
        "monthly_limit": 2, "vig_cycles": 4, "vig_completed_on": NOW.date() - timedelta(days=300),
        "trained_on": NOW.date() - timedelta(days=200), "created_at": NOW,
        "checks_until": NOW.date() + timedelta(days=500),
    }  # fmt: skip


def many(model: type, rows: list[dict[str, object]]) -> None:
    """Insert rows, leaving out columns that this model does not have."""
    columns = set(model.__table__.columns.keys())  # type: ignore[attr-defined]
    kept = [{name: value for name, value in row.items() if name in columns} for row in rows]
    for start in range(0, len(kept), 1000):
        db.session.execute(insert(model), kept[start : start + 1000])
