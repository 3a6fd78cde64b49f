"""The page of a day that breaks: what it shows to whom, what it does, and how it refuses."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.enquiries.record_choice import record_choice
from app.messaging.models import Outbox
from app.places.models import Closure, Room
from app.scheduling.absences.absence import remove_absence
from app.scheduling.book import Booking, book
from app.scheduling.models import Absence, Appointment
from app.tasks.models import Task
from tests.cast import NOW, Cast, family
from tests.programmes.course import at, heard, one, says
from tests.scheduling.breaking import TUESDAY, booked, elowen, ill
from tests.statements import statements

OTHERS = ((9, 30), (13, 0), (15, 0))
SignIn = Callable[[Staff], FlaskClient]
pytestmark = pytest.mark.one_database


@pytest.fixture
def near(cast: Cast, monday: time_machine.Traveller) -> Staff:
    says(cast)
    return elowen()


@pytest.fixture
def visit(cast: Cast, near: Staff) -> Appointment:
    return heard(booked(cast).id)


def page_of(cast: Cast) -> str:
    ill(cast)
    return f"/absences/{db.session.scalars(select(Absence.id)).one()}/replan"


def fields(html: str) -> dict[str, str]:
    """What the form would send if nobody changed anything."""
    found = dict(re.findall(r'name="(version-\d+)" value="(\d+)"', html))
    for name, value in re.findall(
        r'name="(choice-\d+)" type="radio" value="([^"]+)" checked', html
    ):
        found[name] = value
    return found


def another_family(cast: Cast, number: int, hour: int, minute: int = 0) -> int:
    """A family of Tamsin's that has said yes, with a visit on the Tuesday; the visit's number."""
    them = family(
        f"F20{number:02}", f"Carer{number}", "Rowe", f"+4477009003{number:02}", "TR15 2PG",
        cast.tamsin,
    )  # fmt: skip
    db.session.commit()
    transact(lambda: record_choice(them, "yes", on=NOW.date(), how="phone", by=cast.jago, at=NOW))
    wanted = Booking(
        kind="goals_visit", family_id=them.id, staff_id=cast.tamsin.id, minutes=60,
        starts_at=at(TUESDAY, hour, minute), place_id=them.home_id,
    )  # fmt: skip
    return transact(lambda: book(wanted, by=cast.jago, at=NOW)).id


def texts() -> int:
    return len(db.session.scalars(select(Outbox.id).where(Outbox.purpose == "moved")).all())


def test_shows_each_visit_with_a_plan_and_what_would_be_sent(
    cast: Cast, visit: Appointment, sign_in: SignIn
) -> None:
    page = sign_in(cast.jago).get(page_of(cast))

    assert page.status_code == 200
    assert "Replan: Tamsin Nance is away" in page.text
    assert "1 visit cannot take place as booked" in page.text
    assert "In the plan 1 keeps its time with somebody else; 24 minutes of driving" in page.text
    assert "Tue 1 Dec, 11:00–12:00: Hannah Rowe F1042" in page.text
    assert "Same time, with Elowen Shevchenko" in page.text
    assert "Wed 2 Dec, 11:00–12:00, with Tamsin Nance" in page.text
    assert "Hannah Rowe is texted now." in page.text
    assert "Changed: appointment with Elowen, Tue 1 Dec 11am, at your home." in page.text
    assert texts() == 0


def test_approves_one_line(cast: Cast, visit: Appointment, near: Staff, sign_in: SignIn) -> None:
    other = another_family(cast, 1, 14)
    jago, address = sign_in(cast.jago), page_of(cast)
    form = fields(jago.get(address).text)

    answer = jago.post(address, data={**form, "approve": str(visit.id)})

    assert answer.location == address
    assert one(visit.id).staff_id == near.id
    assert one(other).staff_id == cast.tamsin.id
    assert texts() == 1
    shown = jago.get(address).text
    assert "1 visit is replanned." in shown
    assert "Hannah Rowe" not in shown.split("<h1")[1]


def test_approves_all_but_what_is_left(
    cast: Cast, visit: Appointment, near: Staff, sign_in: SignIn
) -> None:
    ringing, cancelled, left = (another_family(cast, n, *time) for n, time in enumerate(OTHERS, 1))
    jago, address = sign_in(cast.jago), page_of(cast)
    form = fields(jago.get(address).text)
    form |= {
        f"choice-{ringing}": "ring",
        f"choice-{cancelled}": "cancel",
        f"choice-{left}": "leave",
    }

    answer = jago.post(address, data={**form, "approve": "all"})

    assert answer.location == address
    assert one(visit.id).staff_id == near.id
    assert one(cancelled).cancel_reason == "we_asked"
    assert one(left).staff_id == one(ringing).staff_id == cast.tamsin.id
    assert db.session.scalars(select(Task.about_id).where(Task.kind == "ring")).all() == [ringing]
    shown = jago.get(address).text
    assert "1 visit is replanned. 1 visit is cancelled. Somebody is asked to ring about 1" in shown
    assert "To ring" in shown


def test_a_refused_line_says_why_and_leaves_the_others(
    cast: Cast, visit: Appointment, near: Staff, sign_in: SignIn
) -> None:
    other = another_family(cast, 1, 14)
    jago, address = sign_in(cast.jago), page_of(cast)
    form = fields(jago.get(address).text)
    both = f"20261201T1100-{near.id}-0-0-0"  # a hand-made form: one person, one time
    form |= {f"choice-{visit.id}": both, f"choice-{other}": both}

    answer = jago.post(address, data={**form, "approve": "all"})

    assert answer.status_code == 409
    moved = [one(row_id).staff_id for row_id in (visit.id, other)]
    assert sorted(moved) == sorted([near.id, cast.tamsin.id])
    assert "There is a problem" in answer.text
    assert "1 visit is replanned." in answer.text
    assert "Elowen" in answer.text.split("govuk-error-message")[1].split("</p>")[0]
    assert answer.text.count("<fieldset") == 1  # what was approved is gone, the other is offered
    assert 'value="leave"' in answer.text


@pytest.mark.parametrize(
    ("choice", "says_why"),
    [
        ("", "Choose what happens"),
        ("leave", "Choose what happens"),
        ("20261201T1100-99-0-0-0", "nobody of that name works here"),
        ("20261202T0300-{kerensa}-0-0-0", "Home visits end"),
        ("20261202T1107-{tamsin}-0-0-0", "or move it by itself with a reason"),
        ("20261202T1100-{tamsin}-0-{hub}-999", "room"),
        ("20261202T1100-{tamsin}-0-{other}-0", "another family"),
        ("2026", "Choose what happens"),
    ],
)
def test_hand_made_choices_change_nothing(
    cast: Cast, visit: Appointment, sign_in: SignIn, choice: str, says_why: str
) -> None:
    jago, address = sign_in(cast.jago), page_of(cast)
    form = fields(jago.get(address).text)
    typed = choice.format(
        kerensa=cast.kerensa.id, tamsin=cast.tamsin.id, other=cast.jodie.home_id, hub=cast.hub.id
    )  # fmt: skip

    answer = jago.post(
        address, data={**form, f"choice-{visit.id}": typed, "approve": str(visit.id)}
    )

    row = one(visit.id)
    assert (row.staff_id, row.starts_at) == (cast.tamsin.id, at(TUESDAY, 11))
    assert answer.status_code == 409, answer.location
    assert says_why in answer.text.split("govuk-error-message")[1].split("</p>")[0]


def test_what_another_changed_meanwhile_is_shown_again(
    cast: Cast, visit: Appointment, sign_in: SignIn
) -> None:
    jago, address = sign_in(cast.jago), page_of(cast)
    form = fields(jago.get(address).text)
    db.session.get_one(Appointment, visit.id).version += 1
    db.session.commit()

    answer = jago.post(address, data={**form, "approve": "all"})

    assert answer.status_code == 409
    assert "Somebody changed it since you opened this page" in answer.text
    again = jago.post(address, data={**fields(answer.text), "approve": "all"})
    assert again.location == address


def test_a_line_that_is_replanned_already_says_so(
    cast: Cast, visit: Appointment, sign_in: SignIn
) -> None:
    jago, address = sign_in(cast.jago), page_of(cast)
    form = fields(jago.get(address).text)
    jago.post(address, data={**form, "approve": "all"})

    answer = jago.post(address, data={**form, "approve": str(visit.id)})

    assert answer.status_code == 409
    assert "not affected any more" in answer.text
    assert texts() == 1


def test_the_same_statements_for_one_visit_and_for_four(
    cast: Cast, visit: Appointment, sign_in: SignIn
) -> None:
    jago, address = sign_in(cast.jago), page_of(cast)
    jago.get(address)
    with statements() as few:
        jago.get(address)
    for number, time in enumerate(OTHERS, 1):
        transact(lambda: remove_absence(db.session.scalars(select(Absence)).one(), by="x", at=NOW))
        another_family(cast, number, *time)
        address = page_of(cast)
    with statements() as many:
        page = jago.get(address)

    assert page.text.count("<fieldset") == 4
    assert sorted(few) == sorted(many)
    assert len(many) <= 30


def test_a_family_that_is_closed_is_counted_and_not_named(
    cast: Cast, visit: Appointment, sign_in: SignIn
) -> None:
    db.session.get_one(type(cast.hannah), cast.hannah.id).closed_to_matchers = True
    db.session.commit()
    address = page_of(cast)

    shown = sign_in(cast.jago).get(address).text
    assert "1 more is of families that you may not see" in shown
    assert "Hannah" not in shown
    assert "F1042" not in shown
    assert "Hannah Rowe" in sign_in(cast.morwenna).get(address).text


def test_a_practitioner_replans_her_own_absence_by_reference(
    cast: Cast, visit: Appointment, near: Staff, sign_in: SignIn
) -> None:
    address = page_of(cast)
    tamsin = sign_in(cast.tamsin)

    shown = tamsin.get(address).text
    assert "F1042" in shown
    assert tamsin.post(address, data={**fields(shown), "approve": "all"}).location == address
    assert one(visit.id).staff_id == near.id
    assert sign_in(cast.kerensa).get(address).status_code == 404
    assert sign_in(cast.kerensa).post(address, data={"approve": "all"}).status_code == 404


def test_only_who_arranges_replans_for_weather_and_places(cast: Cast, sign_in: SignIn) -> None:
    for address in ("/replan/weather/2026-12-01", f"/places/{cast.hub.id}/replan"):
        assert sign_in(cast.tamsin).get(address).status_code == 404
        assert sign_in(cast.tamsin).post(address, data={"approve": "all"}).status_code == 404
        assert sign_in(cast.jago).get(address).status_code == 200


def test_bad_weather_moves_the_home_visits_of_the_day(
    cast: Cast, visit: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    address = "/replan/weather/2026-12-01"
    assert address in jago.get("/diary/2026-12-01").text

    shown = jago.get(address).text
    assert "Bad weather on Tue 1 Dec" in shown
    assert "Same time" not in shown
    assert jago.post(address, data={**fields(shown), "approve": "all"}).location == address
    row = one(visit.id)
    assert row.staff_id == cast.tamsin.id
    assert row.starts_at == at(TUESDAY + timedelta(days=1), 11)
    assert "Nothing is left to replan" in jago.get(address).text


@pytest.mark.parametrize("day", ["2026-13-01", "today", "2026-12-01T10"])
def test_a_day_that_is_none_is_not_found(cast: Cast, sign_in: SignIn, day: str) -> None:
    assert sign_in(cast.jago).get(f"/replan/weather/{day}").status_code == 404


def test_a_place_that_is_closed_for_a_time(cast: Cast, visit: Appointment, sign_in: SignIn) -> None:
    db.session.get_one(Appointment, visit.id).place_id = cast.hub.id
    db.session.commit()
    jago, address = sign_in(cast.jago), f"/places/{cast.hub.id}/replan"

    during = jago.get(address + "?from=2026-12-01&until=2026-12-01").text
    assert "Truro Family Hub is closed" in during
    assert 'caption-l">Tue 1 Dec</span>' in during
    assert "Hannah Rowe" in during
    assert "Hannah Rowe" not in jago.get(address + "?from=2026-12-02&until=2026-12-03").text
    assert jago.get(address + "?from=2026-12-03&until=2026-12-02").status_code == 404
    jago.post(f"/places/{cast.hub.id}/close")
    assert address in jago.get(f"/places/{cast.hub.id}").text
    assert "Hannah Rowe" in jago.get(address).text


def test_is_reached_from_the_absence_the_work_list_and_the_visit(
    cast: Cast, visit: Appointment, sign_in: SignIn
) -> None:
    jago, address = sign_in(cast.jago), page_of(cast)

    assert address in jago.get("/absences").text
    through = f"/appointments/{visit.id}/replan"
    assert through in jago.get("/").text
    assert through in jago.get(f"/appointments/{visit.id}").text
    assert jago.get(through).location == address
    assert sign_in(cast.kerensa).get(through).status_code == 404
    hannah_s = sign_in(cast.tamsin)
    assert hannah_s.get(through).location == address


def test_away_from_now_until_a_day_is_one_step(
    cast: Cast, visit: Appointment, near: Staff, sign_in: SignIn
) -> None:
    morwenna = sign_in(cast.morwenna)
    address = f"/absences/now?staff={cast.tamsin.id}"
    assert address in morwenna.get(f"/staff/{cast.tamsin.id}").text
    typed = {"who": str(cast.tamsin.id), "kind": "sickness", "last": ["1", "12", "2026"]}

    assert morwenna.post(address, data={**typed, "last": ["", "", ""]}).status_code == 422
    answer = morwenna.post(address, data=typed)

    absence = db.session.scalars(select(Absence)).one()
    assert (absence.starts_at, absence.ends_at) == (NOW, at(TUESDAY + timedelta(days=1), 0))
    assert answer.location == f"/absences/{absence.id}/replan"
    assert morwenna.post(address, data=typed).status_code == 422  # away already


def test_a_closed_room_gives_way_to_another_of_the_place(
    cast: Cast, visit: Appointment, sign_in: SignIn
) -> None:
    one_room, other = db.session.scalars(select(Room.id).order_by(Room.id)).all()
    row = db.session.get_one(Appointment, visit.id)
    row.place_id, row.room_id = cast.hub.id, one_room
    db.session.add(
        Closure(
            place_id=cast.hub.id, room_id=one_room, starts_at=at(TUESDAY, 0), why="Paint",
            ends_at=at(TUESDAY + timedelta(days=1), 0), created_by="staff:1", created_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()
    jago = sign_in(cast.jago)
    address = f"/closures/{db.session.scalars(select(Closure.id)).one()}/replan"
    assert jago.get(f"/appointments/{visit.id}/replan").location == address

    shown = jago.get(address).text
    assert "Same time, in another room, with Tamsin Nance" in shown
    assert jago.post(address, data={**fields(shown), "approve": "all"}).location == address
    row = one(visit.id)
    assert (row.place_id, row.room_id, row.starts_at) == (cast.hub.id, other, at(TUESDAY, 11))
