"""Closing a place or a room for a time: no times there then, nothing booked or moved there, and
what is booked already is in doubt until it is moved, explained, or open after all.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.clock import at_london
from app.db import db, transact
from app.errors import DomainError, Stale
from app.places.closures import add_closure, change_closure, coming_closures, remove_closure
from app.places.keep_places import add_place, close_place, close_room
from app.places.models import Closure, Place, Room
from app.places.queries import place_by_id
from app.scheduling.book import Booking, book
from app.scheduling.in_doubt import closed_then, explain
from app.scheduling.interpreters import add_interpreter, close_interpreter, reopen_interpreter
from app.scheduling.models import INTERPRETER, Appointment, Reservation
from app.scheduling.move import Change, move
from app.scheduling.search import Wish, find_times
from app.scheduling.waiting import waiting
from app.settings import store
from tests.cast import NOW, Cast
from tests.programmes.course import says
from tests.scheduling.test_book import TUESDAY

SignIn = Callable[[Staff], FlaskClient]


def at(hour: int) -> datetime:
    return at_london(TUESDAY, time(hour))


DAY = (at(0), at(0) + timedelta(days=1))


def hub(cast: Cast) -> Place:
    place = place_by_id(cast.hub.id)
    assert place is not None
    return place


def closed(cast: Cast, room: Room | None = None, span: tuple[datetime, datetime] = DAY) -> Closure:
    return transact(lambda: add_closure(hub(cast), room, *span, "Boiler", by=cast.jago, at=NOW))


def wanted(cast: Cast, hour: int = 10) -> Booking:
    return Booking(
        kind="goals_visit", family_id=cast.hannah.id, staff_id=cast.tamsin.id,
        starts_at=at(hour), minutes=60, place_id=cast.hub.id,
    )  # fmt: skip


def booked(cast: Cast, hour: int = 10) -> Appointment:
    return transact(lambda: book(wanted(cast, hour), by=cast.jago, at=NOW))


@pytest.fixture
def yes(app: Flask, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        says(cast)
        yield


def listed(closure: Closure) -> list[int]:
    """What the form of a closure lists before it is saved."""
    span = closure.starts_at, closure.ends_at
    return [row.id for row in closed_then(closure.place_id, closure.room_id, *span, after=NOW)]


def doubts() -> list[str]:
    return [item.why for item in waiting(NOW) if item.kind == "in_doubt"]


def test_no_time_is_offered_there_then(yes: None, cast: Cast) -> None:
    closed(cast, span=(at(9), at(14)))
    wish = Wish(
        family_id=cast.hannah.id, kind="goals_visit", minutes=60, place_id=cast.hub.id,
        staff_ids=(cast.tamsin.id,), weeks=2,
    )  # fmt: skip

    found = find_times(wish, store.current(), at=NOW)

    starts = [slot.starts_at for slot in found.found.slots if DAY[0] <= slot.starts_at < DAY[1]]
    assert min(starts) == at(14)
    assert found.found.removed["place_closed"]


def test_nothing_is_booked_or_moved_there_whatever_the_reason(yes: None, cast: Cast) -> None:
    visit = booked(cast, 15)
    closed(cast, span=(at(9), at(14)))

    with pytest.raises(DomainError, match="The place is closed until 14:00") as refused:
        transact(
            lambda: book(
                replace(wanted(cast, 11), override_reason="The caretaker opens"),
                by=cast.morwenna, at=NOW,
            )
        )  # fmt: skip
    with pytest.raises(DomainError, match="The place is closed until 14:00"):
        transact(lambda: move(visit, Change(starts_at=at(13)), by=cast.jago, at=NOW))
    assert "another" not in (refused.value.family or "").split("Please")[0]


def test_a_closed_room_leaves_the_others(yes: None, cast: Cast) -> None:
    one, two = hub(cast).rooms
    closed(cast, one)

    assert booked(cast).room_id == two.id
    with pytest.raises(DomainError, match="room"):
        transact(lambda: book(replace(wanted(cast, 14), room_id=one.id), by=cast.jago, at=NOW))
    closed(cast, two)
    with pytest.raises(DomainError, match="room"):
        booked(cast, 12)


def test_what_is_booked_already_is_in_doubt_until_it_opens(yes: None, cast: Cast) -> None:
    visit = booked(cast)
    closure = closed(cast)

    assert doubts() == ["Goals visit on Tue 1 Dec 10:00: Truro Family Hub is closed then."]
    assert listed(closure) == [visit.id]
    transact(lambda: remove_closure(closure, by=cast.jago, at=NOW))
    assert doubts() == []


def test_only_its_own_room_and_time_are_in_doubt(yes: None, cast: Cast) -> None:
    visit = booked(cast)
    one, two = hub(cast).rooms
    assert visit.room_id == one.id

    other = closed(cast, two)
    later = closed(cast, one, (at(11), at(17)))
    assert (doubts(), listed(other), listed(later)) == ([], [], [])

    transact(lambda: change_closure(later, one, at(9), at(17), "Boiler", by=cast.jago, at=NOW))
    assert doubts() == ["Goals visit on Tue 1 Dec 10:00: Room 1, Truro Family Hub is closed then."]


def test_a_doubt_that_is_explained_is_off_the_list_for_this_cause_only(
    yes: None, cast: Cast
) -> None:
    visit = booked(cast)
    closed(cast, hub(cast).rooms[0])
    transact(lambda: explain(visit, "The caretaker opens for us", by=cast.tamsin, at=NOW))
    assert doubts() == []

    closed(cast)

    assert doubts() == ["Goals visit on Tue 1 Dec 10:00: Truro Family Hub is closed then."]
    with pytest.raises(DomainError) as refused:
        transact(lambda: explain(visit, "  ", by=cast.tamsin, at=NOW))
    assert refused.value.field == "words"


def test_nothing_in_doubt_cannot_be_explained(yes: None, cast: Cast) -> None:
    visit = booked(cast)

    with pytest.raises(DomainError, match="Nothing about this appointment is in doubt"):
        transact(lambda: explain(visit, "Just so", by=cast.tamsin, at=NOW))


@pytest.mark.parametrize(
    ("span", "why", "field"),
    [
        ((at(17), at(9)), "Boiler", "last"),
        ((at(9), at(9)), "Boiler", "last"),
        ((NOW - timedelta(days=2), NOW), "Boiler", "last"),
        (DAY, "  ", "why"),
        (DAY, "x" * 201, "why"),
    ],
)
def test_refuses_what_is_no_closure(app: Flask, cast: Cast, span, why: str, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        add_closure(cast.hub, None, *span, why, by=cast.jago, at=NOW)

    assert refused.value.field == field


def test_nothing_is_closed_twice_at_a_time(app: Flask, cast: Cast) -> None:
    closure = closed(cast)
    closed(cast, hub(cast).rooms[0])

    with pytest.raises(DomainError, match="Truro Family Hub is closed already from Tue 1 Dec"):
        add_closure(cast.hub, None, at(16), at(18), "Fire drill", by=cast.jago, at=NOW)
    change_closure(closure, None, at(9), at(12), "Boiler", by=cast.jago, at=NOW, expect_version=1)
    with pytest.raises(Stale):
        change_closure(closure, None, *DAY, "Boiler", by=cast.jago, at=NOW, expect_version=1)


def test_a_home_and_another_places_room_are_refused(app: Flask, cast: Cast) -> None:
    room, home = hub(cast).rooms[0], db.session.get_one(Place, cast.hannah.home_id)
    other = add_place(kind="venue", name="Bodmin Family Hub", by=cast.jago, at=NOW)

    for place, one in ((home, None), (other, room)):
        with pytest.raises(DomainError):
            add_closure(place, one, *DAY, "Flood", by=cast.jago, at=NOW)


def test_a_place_or_an_interpreter_that_is_no_more_is_a_doubt_too(yes: None, cast: Cast) -> None:
    ana = transact(lambda: add_interpreter("Ana Silva", ["Portuguese"], by=cast.jago, at=NOW))
    visit = transact(
        lambda: book(replace(wanted(cast), interpreter_id=ana.id), by=cast.jago, at=NOW)
    )
    transact(lambda: close_interpreter(ana, by=cast.jago, at=NOW))
    transact(lambda: close_place(hub(cast), by=cast.jago, at=NOW))

    assert doubts() == [
        "Goals visit on Tue 1 Dec 10:00: Truro Family Hub is closed for good. "
        "Ana Silva does not interpret any more."
    ]
    transact(lambda: reopen_interpreter(ana, by=cast.jago, at=NOW))
    transact(lambda: explain(visit, "They keep the key for us", by=cast.jago, at=NOW))
    assert doubts() == []


TUESDAY_FORM = {"room": "all", "first": ["1", "12", "2026"], "why": "Boiler"}


@pytest.mark.one_database
def test_shows_what_is_booked_before_it_saves(yes: None, cast: Cast, sign_in: SignIn) -> None:
    visit, jago = booked(cast), sign_in(cast.jago)
    address = f"/places/{cast.hub.id}/closures/new"

    shown = jago.post(address, data=TUESDAY_FORM)
    assert "1 appointment is booked there then" in shown.text
    assert "Hannah Rowe F1042" in shown.text
    assert coming_closures(after=NOW) == []

    saved = jago.post(address, data={**TUESDAY_FORM, "seen": str(visit.id)})
    assert saved.location == f"/places/{cast.hub.id}"
    (row,) = coming_closures(after=NOW)
    assert (row.place_id, row.room_id, row.starts_at, row.ends_at) == (cast.hub.id, None, *DAY)
    assert "Boiler" in jago.get(f"/places/{cast.hub.id}").text
    page = sign_in(cast.tamsin).get(f"/appointments/{visit.id}").text
    assert "Truro Family Hub is closed then" in page
    assert "Why it stands as it is" in page


@pytest.mark.one_database
def test_names_no_family_that_its_reader_may_not_see(
    yes: None, cast: Cast, sign_in: SignIn
) -> None:
    booked(cast)
    cast.hannah.closed_to_matchers = True
    db.session.commit()
    form = {"room": "all", "first": ["1", "12", "2026"], "why": "Boiler"}
    new = f"/places/{cast.hub.id}/closures/new"

    for reader, may in ((cast.jago, False), (cast.morwenna, True)):
        page = sign_in(reader).post(new, data=form).text
        assert "1 appointment is booked there then" in page
        assert [word in page for word in ("Hannah", "F1042", "Goals visit")] == [may] * 3


@pytest.mark.one_database
def test_is_changed_and_taken_away_by_those_who_arrange(
    yes: None, cast: Cast, sign_in: SignIn
) -> None:
    address, jago = f"/closures/{closed(cast).id}", sign_in(cast.jago)

    for path in (address, f"/places/{cast.hub.id}/closures/new"):
        assert sign_in(cast.tamsin).get(path).status_code == 404
    assert sign_in(cast.tamsin).post(f"{address}/remove").status_code == 404
    assert 'value="Boiler"' in jago.get(address).text
    changed = {**TUESDAY_FORM, "why": "Fire drill", "from_time": "13:00", "version": "1"}
    assert jago.post(address, data=changed).location == f"/places/{cast.hub.id}"
    assert jago.post(address, data=changed).status_code == 409
    assert jago.post(f"{address}/remove").location == f"/places/{cast.hub.id}"
    assert "Not closed from now on" in jago.get(f"/places/{cast.hub.id}").text


@pytest.mark.one_database
def test_of_a_room_that_has_closed_for_good_it_stays_of_that_room(
    yes: None, cast: Cast, sign_in: SignIn
) -> None:
    room = hub(cast).rooms[0]
    row, jago = closed(cast, room), sign_in(cast.jago)
    transact(lambda: close_room(hub(cast), room, by=cast.jago, at=NOW))

    page = jago.get(f"/closures/{row.id}").text

    assert re.search(rf'<option value="{room.id}" selected', page)
    saved = {**TUESDAY_FORM, "room": str(room.id), "version": "1"}
    assert jago.post(f"/closures/{row.id}", data=saved).status_code == 302


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changes", "says_why"),
    [
        ({"why": ""}, "Say why it is closed"),
        ({"first": ["31", "11", "2026"]}, "Enter a real date"),
        ({"last": ["30", "11", "2026"]}, "must open again after it closes"),
        ({"room": "999"}, "Choose"),
        ({"first": ["28", "3", "2027"], "from_time": "01:30"}, "clocks go forward"),
    ],
)
def test_a_wrong_form_closes_nothing(
    yes: None, cast: Cast, sign_in: SignIn, changes: dict, says_why: str
) -> None:
    page = sign_in(cast.jago).post(
        f"/places/{cast.hub.id}/closures/new", data={**TUESDAY_FORM, **changes}
    )

    assert page.status_code == 422
    assert says_why in page.text
    assert coming_closures(after=NOW) == []


@pytest.mark.one_database
def test_the_list_to_book_again_has_it_and_an_explanation_takes_it_off(
    yes: None, cast: Cast, sign_in: SignIn
) -> None:
    visit, tamsin = booked(cast), sign_in(cast.tamsin)
    closed(cast)

    page = tamsin.get("/?kind=again").text
    assert "Truro Family Hub is closed then" in page
    assert f'href="/appointments/{visit.id}/replan"' in page
    assert tamsin.post(f"/appointments/{visit.id}/stands", data={"words": ""}).status_code == 422
    said = {"words": "The caretaker opens for us", "version": str(visit.version)}
    tamsin.post(f"/appointments/{visit.id}/stands", data=said)
    assert "is closed then" not in tamsin.get("/?kind=again").text
    assert "The caretaker opens for us" in tamsin.get(f"/appointments/{visit.id}").text
    kerensa = sign_in(cast.kerensa)
    assert kerensa.post(f"/appointments/{visit.id}/stands", data=said).status_code == 404


def test_another_interpreter_comes_for_one_who_left(yes: None, cast: Cast, sign_in: SignIn) -> None:
    ana, rui = (
        transact(lambda name=name: add_interpreter(name, ["Portuguese"], by=cast.jago, at=NOW))
        for name in ("Ana Silva", "Rui Costa")
    )
    visit = transact(
        lambda: book(replace(wanted(cast), interpreter_id=ana.id), by=cast.jago, at=NOW)
    )
    transact(lambda: close_interpreter(ana, by=cast.jago, at=NOW))
    with pytest.raises(DomainError, match="interpreter"):
        transact(lambda: move(visit, Change(starts_at=at(10)), by=cast.jago, at=NOW))
    jago, address = sign_in(cast.jago), f"/appointments/{visit.id}/move"

    assert "Choose another interpreter" in jago.get(address).text
    assert "Ana Silva" not in jago.get(address).text
    assert "keep every rule" in jago.get(f"{address}?interpreter={rui.id}").text
    change = Change(starts_at=at(10), interpreter_id=rui.id)
    transact(lambda: move(visit, change, by=cast.jago, at=NOW))

    assert (visit.interpreter_id, visit.minutes, doubts()) == (rui.id, 120, [])
    held = select(Reservation.subject_id).where(Reservation.kind == INTERPRETER)
    assert db.session.scalars(held).all() == [rui.id]


@pytest.mark.one_database
def test_a_closures_visits_are_replanned_on_the_page_of_broken_days(
    yes: None, cast: Cast, sign_in: SignIn
) -> None:
    visit, jago = booked(cast), sign_in(cast.jago)
    one, two = hub(cast).rooms
    ours, theirs = closed(cast, one), closed(cast, two)

    page = jago.get(f"/closures/{ours.id}/replan")
    assert page.status_code == 200
    assert "Room 1, Truro Family Hub is closed" in page.text
    assert "Hannah Rowe" in page.text
    assert "Hannah Rowe" not in jago.get(f"/closures/{theirs.id}/replan").text
    leads = jago.get(f"/appointments/{visit.id}/replan").location
    assert leads == f"/closures/{ours.id}/replan"
    transact(lambda: close_place(hub(cast), by=cast.jago, at=NOW))
    assert jago.get(f"/appointments/{visit.id}/replan").location == f"/places/{cast.hub.id}/replan"
    tamsin = sign_in(cast.tamsin)
    assert tamsin.get(f"/closures/{ours.id}/replan").status_code == 404
    leads = tamsin.get(f"/appointments/{visit.id}/replan").location
    assert leads == f"/appointments/{visit.id}/move"


@pytest.mark.one_database
def test_the_diary_shows_what_is_closed(yes: None, cast: Cast, sign_in: SignIn) -> None:
    booked(cast, 14)
    closed(cast, span=(at(9), at(12)))
    closed(cast, hub(cast).rooms[1])
    tamsin = sign_in(cast.tamsin)

    for view in ("team", "week", "list"):
        page = " ".join(tamsin.get(f"/diary/2026-12-01?view={view}").text.split())
        assert "Truro Family Hub: closed (boiler), 09:00–12:00" in page
        assert "Truro Family Hub, Room 2: closed (boiler), all day" in page
    feed = tamsin.get("/diary/feed.json?start=2026-12-01&end=2026-12-02&view=team").json
    rows = {row["id"]: row["words"] for row in feed["rows"]}
    events = [one for one in feed["events"] if one.get("words") == "Closed: Boiler"]
    place, room = f"place-{cast.hub.id}", f"room-{hub(cast).rooms[0].id}"
    assert rows[place] == "Truro Family Hub"
    assert [(one["rows"], one["start"][11:], one["end"][11:]) for one in events] == [
        ([place, room], "09:00", "12:00"),
        ([f"room-{hub(cast).rooms[1].id}"], "00:00", "00:00"),
    ]
