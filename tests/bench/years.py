"""What happened over the years, and what is to come: appointments, programmes, conversations, texts."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from app.audit.models import AuditEntry
from app.conversations.models import Conversation, Offer
from app.db import db
from app.lone_working.models import Alarm, Watch
from app.messaging.models import Call, Outbox, Reply
from app.programmes.models import Clip, Consent, Cycle, Goal, Programme, Rating
from app.scheduling.models import FAMILY, STAFF, Appointment, Reservation
from app.tasks.models import Task
from app.working_days import is_working_day
from tests.bench.many import (
    IN_HAND,
    NOW,
    PEERS,
    PRACTITIONERS,
    Rows,
    ended,
    fill_people,
    many,
    stage,
)

TIMES = ((9, 30), (11, 0), (13, 0), (15, 0))
PER_DAY = 14  # of the team: 4,000 in a little more than a year


def fill(families: int, appointments: int, peers: int = PEERS, seed: int = 1) -> str:
    """Fill an empty database and commit; returns the reference of a family with a programme, conversations,
    texts and as many appointments as the others."""
    chance = random.Random(seed)
    ids = fill_people(families, peers, chance)
    numbers = range(1, families + 1)
    running = [n for n in numbers if not ended(n, families) and stage(n, families) == "programme"]
    past = past_programmes(families)
    cycles = fill_programmes(past, running, ids)
    made = Appointments(ids)
    fill_coming(made, families, running, cycles)
    coming = len(made.rows)
    fill_past(made, appointments - coming, families, running, cycles, chance)
    made.store()
    fill_conversations(families, ids)
    fill_watches(made.rows)
    fill_records(made.rows, families)
    db.session.commit()
    return f"F{1000 + running[5]}"


def past_programmes(families: int) -> list[int]:
    return [n for n in range(1, families + 1) if ended(n, families)]


class Appointments:
    """Appointments that are being made, none overlapping another of the same worker."""

    def __init__(self, ids: list[int]) -> None:
        self.ids, self.rows = ids, list[dict[str, object]]()

    def add(self, family: int, starts_at: datetime, staff: int, **more: object) -> None:
        n = len(self.rows) + 1
        row: dict[str, object] = {
            "id": n, "kind": "goals_visit", "family_id": family, "carer_id": family,
            "staff_id": staff, "place_id": family, "how": "in_person", "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=1), "reasons": [], "uid": f"u{n}",
            "booked_by": "staff:11", "created_at": starts_at - timedelta(days=20),
            "status": "booked" if starts_at >= NOW.replace(hour=0) else "done",
            "cycle_id": None, "conversation_id": None, "peer_id": None, "cancel_reason": None,
            "settled_at": None,
        }  # fmt: skip
        self.rows.append({**row, **more})

    def store(self) -> None:
        many(Appointment, self.rows)
        held = [row for row in self.rows if row["status"] in ("booked", "provisional")]
        many(
            Reservation,
            [
                {"kind": kind, "subject_id": row[subject], "starts_at": row["starts_at"],
                 "ends_at": row["ends_at"], "appointment_id": row["id"]}
                for row in held
                for kind, subject in ((STAFF, "staff_id"), (FAMILY, "family_id"))
            ],
        )  # fmt: skip


def slots(ids: list[int], day: datetime, step: int) -> Iterator[tuple[datetime, int]]:
    """Starts and workers, `PER_DAY` a working day, day after day, forwards or back."""
    while True:
        if is_working_day(day.date()):
            for n in range(PER_DAY):
                hour, minute = TIMES[(n + n // PRACTITIONERS) % len(TIMES)]
                yield day.replace(hour=hour, minute=minute), ids[n % PRACTITIONERS]
        day += timedelta(days=step)


def fill_coming(
    made: Appointments, families: int, running: list[int], cycles: dict[int, list[int]]
) -> None:
    """From today on: the next video session and review of most programmes, and goals visits."""
    ahead = slots(made.ids, NOW.replace(hour=0, minute=0), 1)
    for number, n in enumerate(running):
        if number % 8 == 0:  # nothing is booked: the work list says so
            continue
        starts_at, staff = next(ahead)
        made.add(n, starts_at, staff, kind="video_session", cycle_id=cycles[n][-2])
    for number, n in enumerate(running):
        if number % 8 < 4:
            continue
        starts_at, staff = next(ahead)
        made.add(n, starts_at, staff, kind="shared_review", cycle_id=cycles[n][-2],
                 status="provisional", reasons=[["no_clips", "The clips are not chosen yet."]])  # fmt: skip
    for n in range(max(1, families - IN_HAND + 1), families + 1):
        if stage(n, families) == "yes":
            starts_at, staff = next(ahead)
            made.add(n, starts_at, staff)


def fill_past(
    made: Appointments,
    number: int,
    families: int,
    running: list[int],
    cycles: dict[int, list[int]],
    chance: random.Random,
) -> None:
    """The appointments of the past, the latest first: first of the families in hand, twenty each as
    of all the others; a few are not recorded yet, or cancelled and not booked again."""
    back = slots(made.ids, NOW.replace(hour=0, minute=0) - timedelta(days=1), -1)
    each = max(1, number // families)
    turns = [n for _ in range(each) for n in running]
    turns += [n for n in range(families, 0, -1) for _ in range(each) if n not in set(running)]
    kinds = ("goals_visit", "video_session", "shared_review")
    conversations = {n: True for n in range(1, families + 1) if has_talked(n, families)}
    for turn, n in enumerate(turns[:number]):
        starts_at, staff = next(back)
        own = cycles.get(n, [])[:-2]
        cycle_id = own[turn // len(running) % len(own)] if own else None
        kind = kinds[1 + turn % 2] if cycle_id else "goals_visit"
        more: dict[str, object] = {}
        if conversations.pop(n, None):
            kind, cycle_id = "conversation", None
            more = {"conversation_id": n, "peer_id": n % PEERS + 1, "how": "phone"}
        elif turn < 4:
            more = {"status": "booked"}  # over, and nobody has recorded how it went
        elif turn % 25 == 0:
            settled = starts_at if turn > 500 else None
            more = {"status": "cancelled", "cancel_reason": "child_ill", "settled_at": settled}
        made.add(n, starts_at, staff, kind=kind, cycle_id=cycle_id, **more)


def fill_programmes(past: list[int], running: list[int], ids: list[int]) -> dict[int, list[int]]:
    """Four cycles for each family in a programme and for each whose programme has ended; of one that
    runs two are reviewed."""
    rows: dict[type, Rows] = {
        model: [] for model in (Programme, Cycle, Clip, Goal, Rating, Consent)
    }
    cycles: dict[int, list[int]] = {}
    for n in [*past, *running]:
        over = NOW.date() - timedelta(days=300) if n in set(past) else None
        rows[Programme].append(
            {"id": n, "family_id": n, "open_for": None if over else n, "planned_cycles": 4,
             "practitioner_id": ids[n % PRACTITIONERS], "started_on": NOW.date() - timedelta(days=90),
             "ended_on": over, "ending": "completed" if over else None, "created_at": NOW,
             "follow_up_due": over, "follow_up_words": "Doing well" if over else None,
             "media_delete_by": over, "media_deleted_on": over}
        )  # fmt: skip
        for number in (1, 2, 3, 4):
            cycle_id = len(rows[Cycle]) + 1
            cycles.setdefault(n, []).append(cycle_id)
            reviewed = over or number < 3
            at = NOW - timedelta(days=60 - 14 * number)
            rows[Cycle].append(
                {"id": cycle_id, "programme_id": n, "number": number,
                 "clips_chosen_at": at if reviewed else None,
                 "reviewed_on": at.date() if reviewed else None}
            )  # fmt: skip
            if reviewed:
                rows[Clip] += [
                    {"cycle_id": cycle_id, "starts_s": 60 * k, "ends_s": 60 * k + 20}
                    for k in (1, 2)
                ]
        for k in (0, 1):
            goal_id = len(rows[Goal]) + 1
            rows[Goal].append(
                {"id": goal_id, "programme_id": n, "words": "I wait", "hoped_for": 8,
                 "set_on": NOW.date()}
            )  # fmt: skip
            rows[Rating] += [
                {"goal_id": goal_id, "value": value, "on": NOW.date(), "by": "staff:1"}
                for value in (2, 4 + k)
            ]
        rows[Consent] += [
            {"family_id": n, "person_kind": kind, "person_id": n, "person_name": "Somebody",
             "purpose": purpose, "given": True, "given_by": "Carer", "method": "paper",
             "on": NOW.date(), "recorded_by": "staff:1", "live": f"{kind}:{n}:{purpose}"}
            for kind in ("carer", "child") for purpose in ("film_session", "training")
            if not (kind == "child" and n % 17 == 0)
        ]  # fmt: skip
    for model, made in rows.items():
        many(model, made)
    return cycles


def has_talked(n: int, families: int) -> bool:
    return ended(n, families) or stage(n, families) in ("talked", "programme")


def fill_conversations(families: int, ids: list[int]) -> None:
    """Offers and conversations: of old with every family, now with those that are at it."""
    offers: Rows = []
    conversations: Rows = []
    for n in range(1, families + 1):
        at = "talked" if ended(n, families) else stage(n, families)
        if at not in ("offered", "talking", "talked", "programme"):
            continue
        old = ended(n, families) or at == "programme"
        peer_id = n % PEERS + 1
        offers.append(
            {"id": n, "family_id": n, "peer_id": peer_id,
             "state": "sent" if at == "offered" else "accepted",
             "open_peer": peer_id if at == "offered" else None,
             "open_family": n if at in ("offered", "talking") else None, "shown": {}, "times": [],
             "chosen_times": [], "overridden": [], "made_by": "staff:11",
             "made_at": NOW - timedelta(days=40), "answer_by": NOW + timedelta(days=1)}
        )  # fmt: skip
        if at != "offered":
            days_ago = 200 if old else 1
            over = at != "talking"
            conversations.append(
                {"id": n, "family_id": n, "peer_id": peer_id, "offer_id": n, "host_id": ids[0],
                 "outcome": "held" if over else None,
                 "held_on": NOW.date() - timedelta(days=days_ago) if over else None,
                 "debriefed_at": NOW if old else None, "created_at": NOW - timedelta(days=30),
                 "closed_at": NOW - timedelta(days=days_ago) if over else None}
            )  # fmt: skip
    many(Offer, offers)
    many(Conversation, conversations)


def fill_watches(appointments: Rows) -> None:
    """A watch for each visit of the last eight weeks, closed; two are out now, one of them late."""
    rows: Rows = []
    for row in appointments:
        starts_at, ends_at = row["starts_at"], row["ends_at"]
        assert isinstance(starts_at, datetime)
        assert isinstance(ends_at, datetime)
        if NOW - timedelta(weeks=8) < starts_at < NOW:
            rows.append(
                {"id": len(rows) + 1, "appointment_id": row["id"], "staff_id": row["staff_id"],
                 "level": "standard", "due_in": starts_at, "due_out": ends_at,
                 "checked_in_at": starts_at, "checked_out_at": ends_at, "closed_at": ends_at}
            )  # fmt: skip
    today = [row for row in rows if row["due_in"] > NOW.replace(hour=0)]
    late = [row for row in rows if row not in today][:1]
    for row in today[:2] + late:
        row["closed_at"] = row["checked_out_at"] = None
    many(Watch, rows)
    many(
        Alarm,
        [
            {"watch_id": row["id"], "step": step, "expected": row["due_out"], "raised_at": NOW}
            for row in late
            for step in ("remind_out", "buddy")
        ],
    )


def fill_records(appointments: Rows, families: int) -> None:
    """Two texts and a reply about each appointment, calls, tasks and the audit."""
    texts: Rows = []
    replies: Rows = []
    audit: Rows = []
    for row in appointments:
        n, family, starts_at = row["id"], row["family_id"], row["starts_at"]
        assert isinstance(starts_at, datetime)
        for purpose, days_before in (("appointment_booked", 20), ("appointment_reminder", 1)):
            at = starts_at - timedelta(days=days_before)
            gone = at < NOW
            texts.append(
                {"channel": "text", "purpose": purpose, "about_kind": "appointment", "about_id": n,
                 "recipient_kind": "carer", "recipient_id": family, "dedupe": f"{purpose}:{n}",
                 "state": "delivered" if gone else "ready", "due_at": at,
                 "expires_at": at + timedelta(days=1), "created_at": at,
                 "body": "Hello. See you on Tuesday." if gone else None,
                 "sent_at": at if gone else None, "final_at": at if gone else None}
            )  # fmt: skip
        if starts_at < NOW:
            replies.append(
                {"provider_id": f"SM{n}", "from_number": "+447700900001",
                 "to_number": "+447700900002", "body": "1", "received_at": starts_at,
                 "read_at": starts_at, "reader": "read_answer", "outcome": "Confirmed",
                 "person_kind": "carer", "person_id": family, "about_kind": "appointment",
                 "about_id": n}
            )  # fmt: skip
        audit += [
            {"at": starts_at, "by": "staff:11", "tag": tag, "subject": f"appointment:{n}",
             "family_id": family, "detail": {"status": "booked"}}
            for tag in ("appointment:booked", "appointment:confirmed", "family:read")
        ]  # fmt: skip
    many(Outbox, texts)
    many(Reply, replies)
    many(AuditEntry, audit)
    many(
        Call,
        [
            {"person_kind": "carer", "person_id": n, "family_id": n, "by": "Worker Number1",
             "at": NOW - timedelta(days=30 + n % 400), "outcome": "spoke", "words": "Rang."}
            for n in range(1, families + 1)
        ],
    )  # fmt: skip
    many(Task, [task(k, max(1, families - k % IN_HAND), k < 15) for k in range(3 * families)])


def task(number: int, family: int, is_open: bool) -> dict[str, object]:
    return {
        "kind": ("reply", "ring", "other")[number % 3], "words": "A text that a person must read",
        "about_kind": "carer", "about_id": family, "family_id": family, "owner_id": None,
        "due_at": NOW + timedelta(hours=number), "urgent": number == 0, "created_at": NOW,
        "closed_at": None if is_open else NOW - timedelta(hours=number), "dedupe": f"t:{number}" if is_open else None,
    }  # fmt: skip
