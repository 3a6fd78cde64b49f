"""The board and a visit's page: who sees what, who may act, and that acts need saying how."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db, transact
from app.health.beats import record_beat
from app.lone_working import watch as the_watch
from app.lone_working.models import Alarm, Watch
from tests.lone_working.conftest import texted, wall, watches

pytestmark = pytest.mark.one_database


@pytest.fixture
def later(a_monday):
    """Look at an hour of the day, as the worker does, and let the pages see that hour."""

    def go(hour: int, minute: int = 0) -> None:
        at = wall(hour, minute)
        a_monday.move_to(at)
        the_watch.look(at)
        transact(lambda: record_beat("watch", at=at))

    return go


def test_a_quiet_board_says_who_goes_out_next(visit, cast, sign_in, later):
    visit()
    later(10)
    page = sign_in(cast.jago).get("/lone-working").text

    assert "Nobody is out. Next: Tamsin Nance, 11:00." in " ".join(page.split())
    assert "Later today: 1" in page
    assert "F1042, Redruth" in page


def test_an_overdue_visit_stands_first_and_red_with_what_to_do_now(visit, cast, sign_in, later):
    visit()
    visit(wall(12, 10), 60, staff_id=cast.kerensa.id, family_id=cast.jodie.id,
          place_id=cast.jodie.home_id)  # fmt: skip
    later(12, 16)
    page = sign_in(cast.jago).get("/lone-working").text

    assert "Alarm: 1" in page
    assert "Not checked out" in page
    assert page.index("Tamsin Nance") < page.index("Kerensa Tregenza")
    assert "You: ring Tamsin twice" in page
    assert 'data-alarms="Not checked out: Tamsin Nance. Nobody has taken it yet."' in page


def test_no_board_says_a_family_s_name_or_address(visit, cast, sign_in, later):
    visit()
    later(12, 31)
    for person in (cast.morwenna, cast.jago, cast.kerensa):
        for address in ("/lone-working", "/lone-working/wall"):
            page = sign_in(person).get(address).text
            assert "Hannah" not in page
            assert "Rowe" not in page
            assert "Example Street" not in page


def test_every_page_of_others_has_the_red_strip(visit, cast, sign_in, later):
    visit()
    later(12, 31)
    page = sign_in(cast.jago).get("/me").text

    assert "Tamsin Nance has not checked out: 31 minutes over." in page
    assert "app-badge--red" in page


def test_no_strip_for_whom_it_is_about_nor_for_who_is_on_a_visit(visit, cast, sign_in, later):
    visit()
    visit(wall(12), 120, staff_id=cast.kerensa.id, family_id=cast.jodie.id,
          place_id=cast.jodie.home_id)  # fmt: skip
    later(12)
    sign_in(cast.kerensa).post(f"/visits/{watches()[1].appointment_id}/in")
    later(12, 31)
    for person in (cast.tamsin, cast.kerensa):
        assert "has not checked out" not in sign_in(person).get("/me").text


def test_taking_an_alarm_puts_one_s_name_beside_it(visit, cast, sign_in, later):
    visit()
    later(12, 31)
    browser = sign_in(cast.jago)
    answer = browser.post(f"/lone-working/{watches()[0].id}/take", follow_redirects=True)

    assert "Jago has it since 12:31." in answer.text
    assert "Take it over" in sign_in(cast.morwenna).get("/lone-working").text


@pytest.mark.parametrize("act", ["take", "out", "close"])
def test_a_practitioner_who_is_not_on_duty_cannot_act(visit, cast, sign_in, later, act):
    visit()
    later(12, 31)

    assert sign_in(cast.kerensa).post(f"/lone-working/{watches()[0].id}/{act}").status_code == 404


def test_closing_asks_how_they_are_known_to_be_safe(visit, cast, sign_in, later):
    visit()
    later(12, 31)
    browser, address = sign_in(cast.morwenna), f"/lone-working/{watches()[0].id}/close"
    refused = browser.post(address, data={"words": "she rang"})
    assert refused.status_code == 422
    assert "Choose how you know that they are safe." in refused.text
    assert "she rang" in refused.text
    browser.post(address, data={"confirmed": "spoke", "words": "flat battery"})

    assert watches()[0].closed_words == "I spoke to them. flat battery"
    assert "alarm" not in browser.get("/lone-working").text.split("data-alarms")[1][:20]


def test_checking_somebody_out_is_recorded_as_done_for_them(visit, cast, sign_in, later):
    visit()
    later(11, 30)
    sign_in(cast.jago).post(f"/lone-working/{watches()[0].id}/out")

    row = watches()[0]
    assert (row.checked_out_how, row.closed_by) == ("for_them", f"staff:{cast.jago.id}")


def test_the_address_is_shown_only_after_it_was_recorded(visit, cast, sign_in, later):
    visit()
    later(12, 31)
    browser, address = sign_in(cast.jago), f"/lone-working/{watches()[0].id}"
    assert "Example Street" not in browser.get(address).text
    assert "1 Example Street" in browser.get(f"{address}?show=address").text

    rows = db.session.scalars(
        select(AuditEntry).where(AuditEntry.tag == "family:address_read")
    ).all()
    assert [row.by for row in rows] == [f"staff:{cast.jago.id}"]


def test_another_practitioner_s_visit_page_is_not_there(visit, cast, sign_in, later):
    visit()
    later(11)
    address = f"/lone-working/{watches()[0].id}"

    assert sign_in(cast.kerensa).get(address).status_code == 404
    assert sign_in(cast.tamsin).get(address).status_code == 200
    assert sign_in(cast.tamsin).get("/lone-working/999").status_code == 404


def test_when_the_watch_has_stopped_every_page_says_so_first(visit, cast, sign_in, later, a_monday):
    visit()
    later(10)
    a_monday.move_to(wall(12, 31))
    browser = sign_in(cast.jago)

    assert "The watch on visits is not running." in browser.get("/me").text
    page = browser.get("/lone-working").text
    assert "The watch on visits is not running" in page
    assert "Not checked out" in page, "red by the clock, whatever the watch does"
    assert "The watch on visits is not running" in browser.get("/lone-working/wall").text


def test_an_alarm_can_be_taken_while_the_watch_has_stopped(visit, cast, sign_in, later, a_monday):
    visit()
    later(10)
    a_monday.move_to(wall(12, 31))
    sign_in(cast.jago).post(f"/lone-working/{watches()[0].id}/take")

    taken = db.session.scalars(
        select(Alarm.step).where(Alarm.acknowledged_by_id == cast.jago.id)
    ).all()
    assert set(taken) == {"buddy", "manager", "not_in"}


def test_the_wall_has_no_buttons_and_renews_itself(visit, cast, sign_in, later):
    visit()
    later(12, 31)
    answer = sign_in(cast.jago).get("/lone-working/wall")

    assert answer.headers["Refresh"] == "20"
    assert "NOT OUT, 31 min over" in answer.text
    assert "F1042" not in answer.text
    for part in ("<form", "<button", "07700", "http-equiv"):
        assert part not in answer.text


def test_past_visits_are_one_s_own_for_a_practitioner(visit, cast, sign_in, later):
    visit()
    later(11)
    sign_in(cast.jago).post(f"/lone-working/{watches()[0].id}/out")

    assert "F1042" in sign_in(cast.jago).get("/lone-working/past").text
    assert "F1042" in sign_in(cast.tamsin).get("/lone-working/past").text
    assert "F1042" not in sign_in(cast.kerensa).get("/lone-working/past").text


def test_alarms_stand_on_the_work_list(visit, cast, sign_in, later):
    visit()
    later(12, 31)

    assert "Tamsin Nance" in sign_in(cast.jago).get("/").text


def test_ask_me_to_be_rung_texts_the_buddy_once_a_minute(visit, cast, sign_in, later):
    booked = visit()
    later(11)
    browser = sign_in(cast.tamsin)
    for _ in range(2):
        browser.post(f"/visits/{booked.id}/ring-me")

    assert texted() == [("ring_me", cast.jago.id)]
    assert db.session.scalars(select(Watch.closed_at)).all() == [None]
