"""What many browsers try at one instant: each round is a scene on an empty database, and the forms
that cannot all be booked.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from app.accounts.models import Staff
from app.accounts.sessions import open_session
from app.clock import at_london
from app.db import db, transact
from app.families.models import Carer, Family
from app.places.models import Room
from app.scheduling.book import Booking, book
from tests import cast as people
from tests.cast import NOW, Cast
from tests.contention.crowd import Attempt
from tests.conversations.arranging import agreed, said

TUESDAY = date(2026, 12, 1)
WHY = {"reason": "family_asked"}  # each move has one
LENGTHS = (45, 60, 75, 90)  # minutes of a goals visit, all of which overlap
STARTS = (time(10, 0), time(10, 15), time(10, 30))


def one_slot(number: int) -> list[Attempt]:
    """The same time of the same practitioner, for the same family."""
    cast = scene()
    return [
        visit(cast.hannah, cast.tamsin, "home", session=key) for key in sessions(cast.jago, number)
    ]


def only_a_room(number: int) -> list[Attempt]:
    """Other families, other practitioners and other lengths, in the one room of the hub."""
    cast = scene()
    db.session.delete(db.session.query(Room).filter_by(name="Room 2").one())
    workers, families = a_team(number), []
    for n, worker in enumerate(workers):
        families.append(
            people.family(f"F3{n:03d}", f"Carer{n}", "Hicks", mobile(n), "TR1 2JW", worker)
        )
        said(cast, "yes", families[-1])
    db.session.commit()
    where = str(cast.hub.id)
    pairs = zip(families, workers, sessions(cast.jago, number), strict=True)
    return [
        visit(family, worker, where, session=key, n=n)
        for n, (family, worker, key) in enumerate(pairs)
    ]


def only_a_family(number: int) -> list[Attempt]:
    """Other practitioners and other lengths, at home."""
    cast = scene()
    workers = a_team(number)
    db.session.commit()
    pairs = zip(workers, sessions(cast.jago, number), strict=True)
    return [
        visit(cast.hannah, worker, "home", session=key, n=n)
        for n, (worker, key) in enumerate(pairs)
    ]


def conversation_or_visit(number: int) -> list[Attempt]:
    """A conversation held by Jago and a visit by Tamsin: both need the family."""
    cast = Cast.made()
    said(cast, "wants_to_talk")
    conversation = agreed(cast)
    said(cast, "yes")
    page = f"/conversations/{conversation.id}/book"
    typed = {"day-day": "1", "day-month": "12", "day-year": "2026", "wall": "10:15", "how": "phone"}
    typed["host_id"] = str(cast.jago.id)
    keys = sessions(cast.jago, number)
    return [
        visit(cast.hannah, cast.tamsin, "home", session=key, n=n)
        if n % 2
        else Attempt(page, typed, key)
        for n, key in enumerate(keys)
    ]


def move_or_book(number: int) -> list[Attempt]:
    """Tamsin's visit to Hannah moves to the time at which she is booked for another family."""
    cast = scene()
    other = people.family("F1077", "Demelza", "Hicks", "+447700900331", "TR15 1AA", cast.tamsin)
    said(cast, "yes", other)
    before = Booking(
        kind="goals_visit", family_id=cast.hannah.id, staff_id=cast.tamsin.id, minutes=60,
        place_id=cast.hannah.home_id, starts_at=at(TUESDAY + timedelta(days=1), time(10)),
    )  # fmt: skip
    row = transact(lambda: book(before, by=cast.jago, at=NOW))
    start = chosen(at(TUESDAY, time(10)), cast.tamsin)
    page = f"/appointments/{row.id}/move?who={cast.tamsin.id}&where=home&time={start}"
    return [
        visit(other, cast.tamsin, "home", session=key, n=n) if n % 2 else Attempt(page, WHY, key)
        for n, key in enumerate(sessions(cast.jago, number))
    ]


def double_click(number: int) -> list[Attempt]:
    """The same form, sent again and again."""
    cast = scene()
    one = visit(cast.hannah, cast.tamsin, "home", session=sessions(cast.jago, 1)[0])
    return [Attempt(one.page, {"once": "the number of one form"}, one.session)] * number


def each_others_times(number: int) -> list[Attempt]:
    """Two visits of one practitioner at 10:00 and at 14:00; each is to take the other's time."""
    cast = scene()
    other = people.family("F1077", "Demelza", "Hicks", "+447700900331", "TR1 2JW", cast.tamsin)
    said(cast, "yes", other)
    rows = [
        transact(lambda family=family, hour=hour: book(
            Booking(
                kind="goals_visit", family_id=family.id, staff_id=cast.tamsin.id, minutes=60,
                place_id=family.home_id, starts_at=at(TUESDAY, time(hour)),
            ),
            by=cast.jago, at=NOW,
        ))
        for family, hour in ((cast.hannah, 10), (other, 14))
    ]  # fmt: skip
    return [
        Attempt(
            f"/appointments/{rows[n % 2].id}/move?who={cast.tamsin.id}&where=home"
            f"&time={chosen(at(TUESDAY, time(12)), cast.tamsin)}",
            {**WHY, "other": chosen(rows[1 - n % 2].starts_at, cast.tamsin)},
            key,
        )
        for n, key in enumerate(sessions(cast.jago, number))
    ]


ROUNDS: dict[str, Callable[[int], list[Attempt]]] = {
    "one slot": one_slot,
    "only a room": only_a_room,
    "only a family": only_a_family,
    "a conversation or a visit": conversation_or_visit,
    "a move or a booking": move_or_book,
}


def scene() -> Cast:
    cast = Cast.made()
    said(cast, "yes")
    return cast


def a_team(number: int) -> list[Staff]:
    """Practitioners who live next to the hub and near Hannah."""
    team = [
        people.staff(f"Worker Number{n}", "practitioner", "07700900000", "TR1 2JW", visits=True)
        for n in range(number)
    ]
    db.session.add_all(team)
    db.session.flush()
    return team


def mobile(n: int) -> str:
    return f"+447700900{n:03d}"


def sessions(person: Staff, number: int) -> list[str]:
    """So many browsers in which this person is signed in."""
    keys = [open_session(person, agent="", at=NOW) for _ in range(number)]
    db.session.commit()
    return keys


def at(day: date, wall: time) -> datetime:
    return at_london(day, wall)


def chosen(start: datetime, worker: Staff) -> str:
    return f"{start:%Y%m%dT%H%M}-{worker.id}-0"


def visit(family: Family, worker: Staff, where: str, *, session: str, n: int = 1) -> Attempt:
    """The last page of a booking; the `n`th has its own start and length, all of which overlap."""
    carer = db.session.query(Carer.id).filter_by(family_id=family.id).scalar()
    start = chosen(at(TUESDAY, STARTS[n % 3 - 1]), worker)
    return Attempt(
        f"/families/{family.reference}/book/check?kind=goals_visit&minutes={LENGTHS[n % 4]}"
        f"&who={worker.id}&where={where}&carer={carer}&time={start}",
        session=session,
    )
