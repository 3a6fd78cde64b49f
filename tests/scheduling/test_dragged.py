"""A box dragged in the diary opens a check page; nothing moves before its button is pressed."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import transact
from app.scheduling.book import book
from app.scheduling.models import Appointment
from tests.cast import NOW, Cast
from tests.programmes.course import VIDEO_DAY, at, one, wanted
from tests.scheduling.reading import value, words

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], FlaskClient]
BACK = "/diary/2026-12-01?view=team&kind=goals_visit"


def dropped(browser: FlaskClient, row: Appointment, to: str, **where: object):
    given = {"to": to, "from": BACK, **where}
    return browser.get(f"/appointments/{row.id}/move", query_string=given, follow_redirects=True)


def test_a_drop_is_checked_and_moves_nothing(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    page = dropped(sign_in(cast.jago), goals, "2026-12-01T13:00")

    assert "Check and move" in words(page)
    assert "Tuesday 1 December, 13:00–14:00 , home in Redruth, with Tamsin Nance" in words(page)
    assert page.text.count(f'href="{BACK.replace("&", "&amp;")}"') == 2  # back, and leave it
    assert one(goals.id).starts_at == at(VIDEO_DAY, 10)


def test_the_button_moves_it_and_leads_back_to_the_diary(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    page = dropped(jago, goals, "2026-12-01T13:00")

    data = {"version": value(page.text, "version"), "reason": "family_asked"}
    done = jago.post(page.request.full_path, data=data)

    assert done.location == BACK
    assert one(goals.id).starts_at == at(VIDEO_DAY, 13)


def test_dropped_in_the_row_of_somebody_else(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    given = {"who": cast.kerensa.id, "was": cast.tamsin.id}
    page = dropped(sign_in(cast.jago), goals, "2026-12-01T13:00", **given)

    assert "13:00–14:00 , home in Redruth, with Kerensa Tregenza" in words(page)


@pytest.mark.parametrize(
    ("was", "who", "goes"),
    [
        ("kerensa", "tamsin", "Kerensa Tregenza and Tamsin Nance"),  # they change places
        ("kerensa", "kerensa", "Tamsin Nance and Kerensa Tregenza"),
    ],
)
def test_the_box_of_two_is_moved_in_the_row_of_one(
    cast: Cast, goals: Appointment, sign_in: SignIn, was: str, who: str, goes: str
) -> None:
    transact(lambda: setattr(one(goals.id), "second_id", cast.kerensa.id))
    given = {"who": getattr(cast, who).id, "was": getattr(cast, was).id}
    page = dropped(sign_in(cast.jago), goals, "2026-12-01T13:00", **given)

    assert f"with {goes}" in words(page)


def test_a_drop_on_a_time_that_is_not_free_says_why_and_what_is(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    held = wanted(cast, "follow_up", at(VIDEO_DAY, 14))
    transact(lambda: book(held, by=cast.jago, at=NOW))
    page = dropped(sign_in(cast.jago), goals, "2026-12-01T13:30")

    assert page.status_code == 409
    assert "These times are free now" in words(page)


def test_a_drop_against_a_soft_rule_asks_for_the_reason(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    page = words(dropped(sign_in(cast.jago), goals, "2026-12-25T13:00"))

    assert "bank holiday" in page
    assert "Why it is moved there all the same" in page


@pytest.mark.parametrize("to", ["", "13:00", "2027-03-28T01:30", "2026-12-01T99:99"])
def test_no_such_time_asks_for_one(
    cast: Cast, goals: Appointment, sign_in: SignIn, to: str
) -> None:
    assert "Find another time" in words(dropped(sign_in(cast.jago), goals, to))


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/diary/\\evil"])
def test_it_leads_back_only_to_our_own_pages(
    cast: Cast, goals: Appointment, sign_in: SignIn, back: str
) -> None:
    page = dropped(sign_in(cast.jago), goals, "2026-12-01T13:00", **{"from": back})

    assert "evil" not in page.text.split("<main")[1]


def test_another_practitioners_is_not_there(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    assert dropped(sign_in(cast.kerensa), goals, "2026-12-01T13:00").status_code == 404
