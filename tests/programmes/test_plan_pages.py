"""The pages that plan a programme's dates: the table, other times for one, the last look."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.accounts.models import Staff
from app.db import db, transact
from app.families.models import Family
from app.messaging.models import Outbox
from app.programmes.models import Programme
from app.programmes.start import cycles_of
from app.risk.models import Assessment
from app.scheduling.absences.absence import add_absence
from app.scheduling.book import book
from app.windows import read_windows
from tests.cast import NOW, Cast
from tests.programmes.course import (
    at,
    says,
    started,
    video,
    wanted,
)
from tests.programmes.pages import words_of
from tests.programmes.planning import DATES, all_dates, check_address, hidden, planned, value
from tests.statements import statements

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_table_proposes_a_week_from_each_to_the_next(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    started(cast)

    page = words_of(sign_in(cast.tamsin).get(DATES))

    found = re.findall(r"<b class=\"app-nowrap\">(... \d+ ... \d\d:\d\d)</b>", page)
    assert found == [
        "Tue 24 Nov 10:00", "Tue 1 Dec 10:00", "Tue 8 Dec 10:00", "Tue 15 Dec 10:00",
        "Tue 22 Dec 10:00", "Tue 29 Dec 10:00",
    ]  # fmt: skip
    assert page.count('app-second">7 days after') == 5
    assert "Plan the dates" in words_of(sign_in(cast.tamsin).get("/families/F1042"))


def test_a_departure_from_the_rhythm_has_its_reason(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    started(cast)
    away = (at(date(2026, 12, 8), 0), at(date(2026, 12, 12), 0))
    transact(lambda: add_absence(cast.tamsin, "leave", *away, by=cast.jago, at=NOW))

    page = words_of(sign_in(cast.jago).get(DATES))

    assert "6 days after the review: Tue 8 to Fri 11 Dec, Tamsin is away" in page


def test_all_are_booked_and_the_family_hears_of_the_first_alone(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    started(cast)

    look = planned(sign_in(cast.jago))

    assert "sent nothing about the 5 dates that are provisional" in look
    assert look.count(">Provisional<") == 5
    assert look.count(">Booked<") == 1
    assert [row.status for row in all_dates()] == ["booked", *["provisional"] * 5]
    told = db.session.scalars(select(Outbox.about_id).where(Outbox.recipient_kind == "carer")).all()
    assert set(told) == {all_dates()[0].id}


def test_a_double_click_makes_one_of_each(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    started(cast)
    jago = sign_in(cast.jago)
    check = check_address(words_of(jago.get(DATES)))
    data = hidden(words_of(jago.get(check)))

    answers = [jago.post(check, data=data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(all_dates()) == 6


def test_another_time_is_chosen_and_the_later_ones_follow_or_stay(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    second = cycles_of(programme)[1].id
    jago = sign_in(cast.jago)
    change = words_of(jago.get(f"{DATES}/change?step=v{second}"))
    assert "Thu 10 Dec" in change
    assert "Mon 30 Nov" not in change
    chosen = {
        **hidden(change), "step": f"v{second}",
        "time": value(at(date(2026, 12, 10), 14), cast.tamsin),
    }  # fmt: skip

    follow = jago.get(f"{DATES}?" + urlencode({**chosen, "later": "again"}), follow_redirects=True)
    stay = jago.get(f"{DATES}?" + urlencode({**chosen, "later": "keep"}), follow_redirects=True)

    for kept in ("Tue 24 Nov 10:00", "Tue 1 Dec 10:00", "Thu 10 Dec 14:00"):
        assert kept in words_of(follow)
        assert kept in words_of(stay)
    assert "Thu 17 Dec 14:00" in words_of(follow)
    assert "Tue 15 Dec" not in words_of(follow)
    assert "Tue 15 Dec 10:00" in words_of(stay)
    assert "Thu 17 Dec" not in words_of(stay)
    planned(jago, f"{stay.request.path}?{stay.request.query_string.decode()}")
    assert [row.starts_at for row in all_dates()][2:4] == [
        at(date(2026, 12, 10), 14), at(date(2026, 12, 15), 10),
    ]  # fmt: skip


def test_only_the_cycles_that_are_ticked_are_booked(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    jago = sign_in(cast.jago)
    page = words_of(jago.get(DATES))
    first = cycles_of(programme)[0].id
    check = f"{DATES}/check?" + urlencode({**hidden(page), "use": first})

    look = words_of(jago.get(check))
    assert jago.post(check, data=hidden(look)).status_code == 302

    assert {row.cycle_id for row in all_dates()} == {first}
    nothing = f"{DATES}/check?" + urlencode(hidden(words_of(jago.get(DATES))))
    assert "Choose at least one cycle" in words_of(jago.get(nothing))


def test_one_that_was_taken_meanwhile_is_marked_with_another_beside_it(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    started(cast)
    jago = sign_in(cast.jago)
    check = check_address(words_of(jago.get(DATES)))
    data = hidden(words_of(jago.get(check)))
    taken = wanted(cast, "follow_up", at(date(2026, 12, 8), 10))
    transact(lambda: book(taken, by=cast.jago, at=NOW))

    refused = jago.post(check, data={**data, "quiet": "y"})

    page = words_of(refused)
    assert refused.status_code == 409
    assert len(all_dates()) == 1
    assert "Video session of cycle 2" in page
    assert "Nothing is booked or moved yet" in page
    assert "instead of Tue 8 Dec 10:00, which is not free any more" in page
    assert page.count("not free any more") == 1
    assert "checked" in page.partition('name="quiet"')[2][:60], "what was ticked is kept"
    again = jago.post(check, data=hidden(page))
    assert again.status_code == 302
    starts = [row.starts_at for row in all_dates()]
    assert at(date(2026, 12, 1), 10) in starts
    assert at(date(2026, 12, 15), 10) in starts
    assert len(starts) == 7


def test_a_programme_that_changed_meanwhile_is_refused_once(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    jago = sign_in(cast.jago)
    check = check_address(words_of(jago.get(DATES)))
    data = hidden(words_of(jago.get(check)))
    db.session.get_one(Programme, programme.id).version += 1
    db.session.commit()

    refused = jago.post(check, data=data)

    assert refused.status_code == 409
    assert not all_dates()
    assert "changed by somebody else" in words_of(refused)
    assert jago.post(check, data=hidden(words_of(refused))).status_code == 302


def test_cycles_beyond_the_horizon_wait_and_are_proposed_from_there(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    started(cast, 7)
    jago = sign_in(cast.jago)
    page = words_of(jago.get(DATES))
    assert page.count("Bookings are taken up to 15 February. Propose it later.") == 2
    planned(jago)
    assert len(all_dates()) == 12

    with time_machine.travel(NOW + timedelta(weeks=3), tick=False):
        later = words_of(sign_in(cast.jago).get(DATES))

    assert "Tue 16 Feb 10:00" in later
    assert "Bookings are taken" not in later


def test_nobody_elses_family_and_no_programme_is_a_404(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    says(cast)
    assert sign_in(cast.jago).get(DATES).status_code == 404
    started(cast)
    kerensa = sign_in(cast.kerensa)
    for page in ("", "/what", "/change?step=v1", "/check"):
        assert kerensa.get(DATES + page).status_code == 404
    assert kerensa.post(f"{DATES}/check", data={}).status_code == 404


def test_a_family_without_a_yes_is_not_planned_for(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    started(cast)
    says(cast, "not_now")

    assert "has not said yes" in words_of(sign_in(cast.jago).get(DATES))


@pytest.mark.parametrize("cycles", [3, 7])
def test_the_statements_do_not_grow_with_the_cycles(
    app: Flask, cast: Cast, sign_in: SignIn, cycles: int
) -> None:
    started(cast, cycles)
    jago = sign_in(cast.jago)
    jago.get(DATES)

    with statements() as seen:
        jago.get(DATES)

    assert len(seen) == 25, seen
    check = check_address(words_of(jago.get(DATES)))
    with statements() as seen:
        jago.get(check)
    assert len(seen) == 36, seen


def test_odd_addresses_are_no_failure(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    programme = started(cast)
    jago, first = sign_in(cast.jago), cycles_of(programme)[0].id
    for odd in (
        "?after=999", "?after=x", f"?picked=v{first}&v{first}=nonsense", "?step=zz&time=zz",
        f"?step=v{first}&time=zz", "?minutes=1", "?minutes=45", "/check?picked=..",
        "/check?use=x&chosen=1",
        f"/change?step=v{first}&on=zz&all=1", "?minutes=45&review_minutes=60&who=any&where=home",
    ):  # fmt: skip
        assert jago.get(DATES + odd, follow_redirects=True).status_code in (200, 409, 422), odd
    for seen in ({"seen-x": "y", "seen-1": "2"}, {"seen-²": "²"}, {"seen-1": "9" * 5000}):
        assert jago.post(f"{DATES}/check", data=seen).status_code == 409


def test_a_video_alone_or_a_review_alone_is_proposed_where_the_other_stands(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    first = cycles_of(programme)[0].id
    transact(lambda: book(video(cast, cycle_id=first), by=cast.jago, at=NOW))
    jago = sign_in(cast.jago)

    planned(jago)

    rows = all_dates()
    assert [row.kind for row in rows][:2] == ["video_session", "shared_review"]
    assert rows[1].starts_at == at(date(2026, 12, 8), 10)
    assert len(rows) == 6


def test_where_nothing_is_free_the_page_leads_to_what_would_open_times(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    db.session.get_one(Family, cast.hannah.id).free_times = read_windows("Sat 10:00-12:00")
    db.session.commit()

    page = words_of(sign_in(cast.jago).get(DATES))

    first = cycles_of(programme)[0].id
    assert page.count("No free time keeps every rule.") == 2
    assert f'href="/families/F1042/book?cycle={first}"' in page
    assert "There is nothing to book here now." in page


def test_nothing_is_filmed_before_the_goals_visit_to_come(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    started(cast)
    goals_visit = wanted(cast, "goals_visit", at(date(2026, 12, 3), 10))
    transact(lambda: book(goals_visit, by=cast.jago, at=NOW))
    jago = sign_in(cast.jago)

    planned(jago)

    assert [row.kind for row in all_dates()][:2] == ["goals_visit", "video_session"]
    assert all_dates()[1].starts_at == at(date(2026, 12, 4), 9, 30)


def test_a_home_that_needs_two_has_two_on_every_date(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    started(cast)
    raised = {"level": "high", "controls": "Two go in.", "approved_at": NOW}
    db.session.execute(
        update(Assessment).where(Assessment.place_id == cast.hannah.home_id).values(**raised)
    )
    db.session.commit()

    planned(sign_in(cast.jago))

    rows = all_dates()
    assert len(rows) == 6
    assert {(row.staff_id, row.second_id) for row in rows} == {(cast.tamsin.id, cast.kerensa.id)}
