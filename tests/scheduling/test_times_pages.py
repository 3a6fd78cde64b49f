"""The page of free times: what stands beside them, and what it says where there are none."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import update

from app.accounts.models import Staff
from app.db import db, transact
from app.families.queries import family_by_id
from app.risk.models import Assessment
from app.scheduling.absences.absence import add_absence
from app.scheduling.models import Appointment
from app.windows import read_windows
from tests.cast import NOW, Cast
from tests.programmes.course import VIDEO_DAY, at, cycle, people, says, started
from tests.scheduling.reading import read, words

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], FlaskClient]


def times(cast: Cast, browser: FlaskClient, **more: str) -> str:
    asked = {"kind": "goals_visit", "minutes": "60", "who": cast.tamsin.id, "where": "home",
             "carer": people(cast.hannah)[0][1], **more}  # fmt: skip
    return words(browser.get("/families/F1042/book/times", query_string=asked))


def free_on(cast: Cast, typed: str) -> None:
    family = family_by_id(cast.jago, cast.hannah.id)
    transact(lambda: setattr(family, "free_times", read_windows(typed)))


def test_the_table_of_free_starts_explains_its_words(
    cast: Cast, sign_in: SignIn, monday: time_machine.Traveller
) -> None:
    says(cast)
    free_on(cast, "Mon-Thu 9-17")
    whole = (at(VIDEO_DAY, 0), at(VIDEO_DAY + timedelta(days=1), 0))
    transact(lambda: add_absence(cast.tamsin, "leave", *whole, by=cast.jago, at=NOW))
    monday.move_to(at(NOW.date() + timedelta(days=1), 10))  # a Tuesday

    page = times(cast, sign_in(cast.jago))

    assert "23 Nov past soon" in page
    assert "“off”: outside the family’s times." in page
    assert "“away”: Tamsin is away." in page
    assert "“soon”: less than 24 hours’ notice." in page
    assert "“dark”" not in page


def test_where_nothing_fits_it_says_why_with_the_facts_and_what_would_open_some(
    cast: Cast, sign_in: SignIn
) -> None:
    says(cast)
    free_on(cast, "Sat 10-14")

    page = times(cast, sign_in(cast.jago))

    assert "No times fit before Monday 21 December" in page
    assert "Outside the family’s times they are Sat 10:00–14:00" in page
    assert "Outside Tamsin’s hours they are Mon to Fri 09:00–17:00" in page
    assert "What would open times" in page
    assert "If it has changed, look at the home again ." in page


def test_booking_stands_under_families(cast: Cast, goals: Appointment, sign_in: SignIn) -> None:
    jago = sign_in(cast.jago)

    for address, place in (("/families/F1042/book", "Families"), ("/diary", "Diary")):
        page = jago.get(address).text
        assert f">{place}" in page.split('aria-current="true"')[1][:80]
    assert "F1042" in read(jago, "/families/F1042/book")


def test_the_times_of_one_day_are_told_and_shown_alike_for_a_move(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago, here = sign_in(cast.jago), f"/appointments/{goals.id}/move"

    page = jago.get(f"{here}?on=2026-12-08")
    every = jago.get(f"{here}?relax=notice")

    assert "Tue 8 Dec: " in words(page)
    assert "All days" in words(page)
    (more,) = re.findall(r'href="([^"]*)">Show \d+ more', page.text)
    assert "on=2026-12-08" in more, "the day is kept"
    assert "keep every rule but what is set aside" in words(every)


@pytest.mark.parametrize("kind", ["goals_visit", "pair"])
def test_what_setting_a_rule_aside_opened_is_shown_first(
    cast: Cast, sign_in: SignIn, kind: str
) -> None:
    """The link said how many more there would be: they are not behind those that there were."""
    course, jago = started(cast), sign_in(cast.jago)
    more = {"kind": kind}
    if kind == "pair":
        more |= {"minutes": "45", "review_minutes": "60", "cycle": str(cycle(course).id)}
    assert "needs a reason" not in times(cast, jago, **more).partition("Check and book")[0]

    page = times(cast, jago, relax="hours", **more)

    offered = page.partition("Best first")[0].partition("Check and book")[0]
    assert re.search(r"[0-9]+ need a reason: the best of these first", offered), offered
    assert offered.count("Needs a reason") == 5
    assert "Best first" in times(cast, jago, relax="horizon", **more), "it opened nothing"


def test_a_time_that_was_clicked_is_refused_for_what_is_the_matter_with_it(
    cast: Cast, sign_in: SignIn
) -> None:
    says(cast)
    needs_two = {"level": "high", "controls": "Two go in.", "approved_at": NOW}
    db.session.execute(
        update(Assessment).where(Assessment.place_id == cast.hannah.home_id).values(**needs_two)
    )
    db.session.commit()
    morning = (at(VIDEO_DAY, 9), at(VIDEO_DAY, 13))
    transact(lambda: add_absence(cast.tamsin, "leave", *morning, by=cast.jago, at=NOW))

    page = times(cast, sign_in(cast.jago), start=f"{VIDEO_DAY}T11:00")

    told = page.partition("The time you chose in the diary is not free.")[2][:60]
    assert "Tamsin is away until 13:00" in told


def test_only_what_belongs_to_a_cycle_is_called_so(cast: Cast, sign_in: SignIn) -> None:
    started(cast)
    jago = sign_in(cast.jago)

    assert "F1042, book cycle 1, step 2 of 3" in times(
        cast, jago, kind="video_session", minutes="45"
    )
    assert "F1042, step 2 of 3" in times(cast, jago, kind="follow_up", minutes="30")
