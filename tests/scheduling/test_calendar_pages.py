"""The page of an own calendar, what the diary shows of it, and the whole way from a server to a
page."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.calendars.reading import Job, Reading, read_calendar
from app.clock import at_london
from app.db import db, transact
from app.scheduling.absences.absence import add_absence
from app.scheduling.chosen import Chosen
from app.scheduling.models import Appointment
from app.scheduling.own_calendars.models import BusyTime, OwnCalendar
from app.scheduling.own_calendars.own_calendar import set_calendar
from app.scheduling.own_calendars.read import read_next
from app.settings import store
from tests.cast import NOW, Cast
from tests.programmes.course import people
from tests.programmes.course import says as says_yes
from tests.scheduling.reading import read, value, words
from tests.standins.calendar_server import HOST, believing, says, serving

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], FlaskClient]
ADDRESS = "https://calendar.google.com/calendar/ical/tamsin/private-0a1b/basic.ics"
TUESDAY = date(2026, 12, 1)
FEED = "/diary/feed.json?start=2026-12-01&end=2026-12-02"


def page_of(person: Staff) -> str:
    return f"/staff/{person.id}/calendar"


def at(hour: int, minute: int = 0) -> datetime:
    return at_london(TUESDAY, time(hour, minute))


def busy(person: Staff, *spans: tuple[datetime, datetime]) -> None:
    db.session.add_all(BusyTime(staff_id=person.id, starts_at=s, ends_at=e) for s, e in spans)
    db.session.commit()


def failed(_job: Job) -> Reading:
    return Reading(failure="The calendar’s server could not be reached.")


def calendars() -> int:
    return db.session.scalar(select(func.count()).select_from(OwnCalendar)) or 0


def test_somebody_sets_their_own_and_sees_what_comes_of_it(cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)
    assert "/me/calendar" in tamsin.get("/me").text
    first = tamsin.get("/me/calendar", follow_redirects=True)
    assert "No calendar is read yet." in words(first)

    done = tamsin.post(
        page_of(cast.tamsin), data={"address": ADDRESS, "version": value(first.text, "version")}
    )

    assert done.location == page_of(cast.tamsin)
    shown = tamsin.get(page_of(cast.tamsin))
    assert (
        "Address calendar.google.com, not shown whole Set Mon 23 Nov 10:00 by Tamsin Nance"
        in words(shown)
    )
    assert "Next Within a minute" in words(shown)
    assert "private-0a1b" not in shown.text


def test_a_failure_is_shown_with_what_counts_meanwhile(cast: Cast, sign_in: SignIn) -> None:
    transact(lambda: set_calendar(cast.tamsin, ADDRESS, by=cast.tamsin, at=NOW))
    read_next(at=NOW, read=lambda _job: Reading(busy=()))
    read_next(at=NOW + timedelta(hours=1), read=failed)

    page = read(sign_in(cast.tamsin), page_of(cast.tamsin))

    assert "It could not be read at Mon 23 Nov 11:00" in page
    assert "could not be reached. The busy times of Mon 23 Nov 10:00 count until" in page


def test_what_is_refused_stands_beside_the_field_and_is_kept(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.tamsin).post(
        page_of(cast.tamsin), data={"address": "https://10.0.0.7/own.ics", "version": "0"}
    )

    assert answer.status_code == 422
    assert "Calendars are read from calendar.google.com, outlook.live.com" in words(answer)
    assert value(answer.text, "address") == "https://10.0.0.7/own.ics"
    assert calendars() == 0


def test_a_page_that_is_out_of_date_saves_nothing(cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)
    transact(lambda: set_calendar(cast.tamsin, ADDRESS, by=cast.jago, at=NOW))

    answer = tamsin.post(
        page_of(cast.tamsin), data={"address": ADDRESS.replace("tamsin", "x"), "version": "0"}
    )

    assert answer.status_code == 409
    assert "was changed by somebody else" in words(answer)
    assert value(answer.text, "version") == "1"


def test_reading_it_now_and_removing_it(cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)
    transact(lambda: set_calendar(cast.tamsin, ADDRESS, by=cast.tamsin, at=NOW))
    read_next(at=NOW, read=lambda _job: Reading(busy=()))
    assert "Next Mon 23 Nov 10:30, every 30 minutes" in read(tamsin, page_of(cast.tamsin))

    tamsin.post(f"{page_of(cast.tamsin)}/read")
    assert "Next Within a minute" in read(tamsin, page_of(cast.tamsin))

    tamsin.post(f"{page_of(cast.tamsin)}/remove")
    assert "No calendar is read yet." in read(tamsin, page_of(cast.tamsin))
    assert tamsin.post(f"{page_of(cast.tamsin)}/read").status_code == 409


def test_another_practitioners_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    transact(lambda: set_calendar(cast.tamsin, ADDRESS, by=cast.tamsin, at=NOW))
    kerensa = sign_in(cast.kerensa)

    for path in ("", "/read", "/remove"):
        sent = {"address": ADDRESS, "version": "1"}
        assert kerensa.post(f"{page_of(cast.tamsin)}{path}", data=sent).status_code == 404
    assert kerensa.get(page_of(cast.tamsin)).status_code == 404
    assert calendars() == 1


def test_those_who_arrange_see_everybodys_state_and_set_it(cast: Cast, sign_in: SignIn) -> None:
    transact(lambda: set_calendar(cast.tamsin, ADDRESS, by=cast.tamsin, at=NOW))
    read_next(at=NOW, read=failed)
    jago = sign_in(cast.jago)

    page = read(jago, "/absences")

    assert "Tamsin Nance Never Not read The calendar’s server could not be reached." in page
    assert "Kerensa Tregenza None is read" in page
    jago.post(page_of(cast.kerensa), data={"address": ADDRESS, "version": "0"})
    assert "Kerensa Tregenza’s own calendar" in read(jago, page_of(cast.kerensa))
    assert calendars() == 2
    assert "Kerensa" not in read(sign_in(cast.tamsin), "/absences")
    assert "Own calendar" in read(sign_in(cast.morwenna), f"/staff/{cast.tamsin.id}")


def test_the_diary_shows_busy_times_within_working_hours(cast: Cast, sign_in: SignIn) -> None:
    busy(cast.tamsin, (at(8), at(9, 30)), (at(13), at(14)), (at(20), at(21)))
    jago = sign_in(cast.jago)

    boxes = jago.get(FEED).json["events"]

    assert [(box["words"], box["said"], box["start"][11:], box["end"][11:]) for box in boxes] == [
        ("Busy (own calendar)", "Tamsin Nance", "09:00", "09:30"),
        ("Busy (own calendar)", "Tamsin Nance", "13:00", "14:00"),
    ]
    page = read(jago, "/diary/2026-12-01")
    assert "Tamsin Nance: busy (own calendar), 13:00–14:00" in page
    assert "20:00–21:00" not in page
    assert "Tuesday 1 December Nobody has an appointment then. Tamsin Nance: busy" in read(
        jago, "/diary/2026-12-01?view=list"
    )


def test_the_list_says_who_is_away_and_why_to_those_who_arrange(
    cast: Cast, sign_in: SignIn
) -> None:
    half = (at(13), at(17))
    transact(lambda: add_absence(cast.tamsin, "sickness", *half, by=cast.jago, at=NOW))

    for reader, what in (
        (cast.jago, "sickness"),
        (cast.tamsin, "sickness"),
        (cast.kerensa, "away"),
    ):
        page = read(sign_in(reader), "/diary/2026-12-01")
        assert f"Tamsin Nance: {what}, 13:00–17:00" in page


def test_the_diary_says_whose_busy_times_are_old(cast: Cast, sign_in: SignIn) -> None:
    before = NOW - timedelta(days=2)
    transact(lambda: set_calendar(cast.tamsin, ADDRESS, by=cast.tamsin, at=before))

    sentence = "Tamsin Nance’s own calendar has not been read since Sat 21 Nov 10:00"

    assert sentence in read(sign_in(cast.jago), "/diary")
    assert "Their own calendar has not been read since Sat 21 Nov 10:00" in read(
        sign_in(cast.jago), "/?kind=calendar"
    )


def test_the_times_page_says_what_an_own_calendar_takes_and_books_over_it_with_a_reason(
    cast: Cast, sign_in: SignIn
) -> None:
    says_yes(cast)
    busy(cast.tamsin, (at(0), at(23)))
    jago = sign_in(cast.jago)
    carer = str(people(cast.hannah)[0][1])
    asked = {"kind": "goals_visit", "minutes": "60", "who": cast.tamsin.id, "where": "home",
             "carer": carer}  # fmt: skip
    book = "/families/F1042/book"
    page = words(jago.get(f"{book}/times", query_string=asked))
    assert "something in Tamsin’s own calendar" in page
    assert "Over what is in Tamsin’s own calendar" in page

    time_chosen = Chosen(at(10), cast.tamsin.id, None).value
    sent = {**asked, "time": time_chosen, "relax": "busy"}
    check = jago.get(f"{book}/check", query_string=sent)
    form = {name: value(check.text, name) for name in ("once", "version")}
    without = jago.post(f"{book}/check", query_string=sent, data=form)
    assert without.status_code == 422
    assert "Tamsin’s own calendar says busy until 23:00." in words(without)

    jago.post(f"{book}/check", query_string=sent, data={**form, "override_reason": "Agreed"})
    made = db.session.scalars(select(Appointment)).one()
    assert made.override_reason == "Agreed"


def test_the_whole_way_from_a_server_to_the_diary(
    cast: Cast,
    sign_in: SignIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    monday: time_machine.Traveller,
) -> None:
    body = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Dentist\r\n"
        "DTSTART;TZID=Europe/London:20261124T130000\r\nDURATION:PT1H\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(believing(tmp_path)))
    transact(lambda: store.change_setting("calendar_hosts", HOST, by=cast.morwenna, at=NOW))
    tamsin = sign_in(cast.tamsin)
    with serving({"/own.ics": says(body)}) as server:
        address = f"https://{HOST}/own.ics?port={server.port}"
        tamsin.post(page_of(cast.tamsin), data={"address": address, "version": "0"})
        child = partial(read_calendar, program="tests.standins.calendar_child")
        assert read_next(at=NOW, read=child)

    assert "Busy times to come 2" in read(tamsin, page_of(cast.tamsin))
    page = read(sign_in(cast.jago), "/diary/2026-12-01")
    assert "Tamsin Nance: busy (own calendar), 13:00–14:00" in page
    assert "Dentist" not in page
