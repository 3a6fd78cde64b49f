"""My day and the day sheet: one's own visits by reference, big buttons, when to leave."""

import pytest
from sqlalchemy import select

from app import clock
from app.accounts.models import Staff
from app.audit.models import AuditEntry
from app.db import db, transact
from app.lone_working import watch as the_watch
from app.lone_working.my_day import my_day
from tests.lone_working.conftest import wall, watches

pytestmark = pytest.mark.one_database


def test_a_day_in_buttons(visit, cast, sign_in, a_monday):
    booked = visit()
    a_monday.move_to(wall(10, 55))
    browser = sign_in(cast.tamsin)
    assert "Check in" in browser.get("/").text  # before the worker has looked at all
    answer = browser.post(f"/visits/{booked.id}/in", follow_redirects=True)
    assert "Checked in 10:55" in answer.text
    answer = browser.post(f"/visits/{booked.id}/longer", follow_redirects=True)
    assert "You stay until 12:30." in answer.text
    assert "I need 30 more minutes" not in answer.text
    answer = browser.post(f"/visits/{booked.id}/out", follow_redirects=True)
    assert "Checked out 10:55." in answer.text

    row = watches()[0]
    assert (row.checked_in_how, row.extended, row.closed_by) == (
        "button", True, f"staff:{cast.tamsin.id}",
    )  # fmt: skip


@pytest.mark.parametrize("act", ["in", "out", "longer", "ring-me"])
def test_nobody_presses_for_another_s_visit(visit, cast, sign_in, act):
    booked = visit(wall(10))

    assert sign_in(cast.kerensa).post(f"/visits/{booked.id}/{act}").status_code == 404
    assert watches() == []


def test_a_worker_whose_visit_was_given_away_can_still_check_out(visit, cast, sign_in, a_monday):
    booked = visit()
    a_monday.move_to(wall(11))
    sign_in(cast.tamsin).post(f"/visits/{booked.id}/in")
    booked.staff_id = cast.kerensa.id
    db.session.commit()
    the_watch.look(wall(11, 5))
    sign_in(cast.tamsin).post(f"/visits/{booked.id}/out")

    assert watches()[0].checked_out_at == wall(11)


def test_my_day_says_when_to_leave_from_where(visit, cast):
    visit(wall(11))
    visit(wall(14), 60, place_id=cast.hub.id)
    day = my_day(cast.tamsin, wall(9))

    assert [(s.reference, s.town, s.leave_by, s.leave_words) for s in day.next] == [
        ("F1042", "Redruth", wall(10, 31), "from base: 29 minutes"),
        ("F1042", "Truro", wall(13, 23), "from Redruth: 27 minutes"),
    ]


def test_my_day_has_no_family_s_name(visit, cast, sign_in):
    visit()
    visit(wall(14))
    page = sign_in(cast.tamsin).get("/").text
    visits, _, waiting = page.partition("Your tomorrow")

    assert "F1042" in visits
    assert "F1042" in waiting
    assert "Hannah" not in page


def test_a_visit_that_is_over_asks_how_it_went_until_somebody_says(visit, cast, a_monday, sign_in):
    booked = visit()
    a_monday.move_to(wall(11))
    tamsin = sign_in(cast.tamsin)
    tamsin.post(f"/visits/{booked.id}/in")
    a_monday.move_to(wall(11, 20))
    ask = f"/appointments/{booked.id}/outcome"

    assert ask not in tamsin.get("/").text
    tamsin.post(f"/visits/{booked.id}/out")
    assert ask in tamsin.get("/").text
    tamsin.post(ask, data={"status": "done", "version": booked.version})
    assert ask not in tamsin.get("/").text


def test_the_day_sheet_has_references_only_and_is_recorded(visit, cast, sign_in):
    visit()
    page = sign_in(cast.tamsin).get("/day-sheet/2026-11-23").text

    assert "F1042" in page
    for word in ("Hannah", "Rowe", "Example Street", "Leo", "TR15"):
        assert word not in page
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "day_sheet:printed")).all()
    assert [(row.by, row.detail) for row in rows] == [
        (f"staff:{cast.tamsin.id}", {"day": "2026-11-23"})
    ]


def test_nobody_is_a_buddy_on_a_sheet_of_their_own(cast, sign_in):
    sheets = [
        sign_in(cast.jago).get(f"/day-sheet/2026-11-23?who={person.id}").text
        for person in (cast.jago, cast.tamsin)
    ]
    assert ["<b>Buddy:</b> Jago Penrose" in sheet for sheet in sheets] == [False, True]


def test_a_sheet_says_when_to_leave_from_where(visit, cast, sign_in):
    visit()

    page = sign_in(cast.tamsin).get("/day-sheet/2026-11-23").text

    assert "from base: 29 minutes" in page


def test_a_page_for_everybody_who_goes_somewhere_each_recorded(visit, cast, sign_in):
    visit()
    browser = sign_in(cast.jago)

    page = browser.get("/day-sheet/2026-11-23?who=all").text

    assert page.count('<section class="app-sheet">') == 1
    assert "Day sheet: Tamsin Nance, Monday 23 November 2026" in page
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "day_sheet:printed")).all()
    assert [(row.by, row.subject) for row in rows] == [
        (f"staff:{cast.jago.id}", f"staff:{cast.tamsin.id}")
    ]
    assert "Nobody has an appointment" in browser.get("/day-sheet/2026-11-24?who=all").text
    assert sign_in(cast.tamsin).get("/day-sheet/2026-11-23?who=all").status_code == 404


def test_the_sheet_of_somebody_who_left_is_still_there(visit, cast, sign_in):
    visit()
    transact(lambda: setattr(db.session.get_one(Staff, cast.tamsin.id), "left_at", clock.now()))
    address = f"/day-sheet/2026-11-23?who={cast.tamsin.id}"

    assert "F1042" in sign_in(cast.morwenna).get(address).text


def test_only_who_arranges_prints_another_s_day(visit, cast, sign_in):
    visit()
    address = f"/day-sheet/2026-11-23?who={cast.tamsin.id}"

    assert sign_in(cast.jago).get(address).status_code == 200
    assert sign_in(cast.kerensa).get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/day-sheet/2026-02-30", "/day-sheet/today", "/day-sheet/2026-11-23?who=x",
     "/day-sheet/2026-11-23?who=99999"],
)  # fmt: skip
def test_a_sheet_that_is_not_there(cast, sign_in, address):
    assert sign_in(cast.jago).get(address).status_code == 404
