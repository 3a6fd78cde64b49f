"""The settings: only managers, within limits, with their history."""

import pytest
from flask import Flask

from app.settings import store
from tests.cast import Cast
from tests.sessions import signed_in

pytestmark = pytest.mark.one_database


def test_only_a_manager_opens_them(app: Flask, cast: Cast) -> None:
    assert signed_in(app, cast.jago).get("/settings").status_code == 404
    assert signed_in(app, cast.tamsin).get("/settings/notice_hours").status_code == 404
    assert signed_in(app, cast.morwenna).get("/settings").status_code == 200


def test_a_change_holds_and_is_kept_with_a_name(app: Flask, cast: Cast) -> None:
    morwenna = signed_in(app, cast.morwenna)

    morwenna.post("/settings/notice_hours", data={"value": "48"})

    assert store.current().notice_hours == 48
    assert "Morwenna Trevithick" in morwenna.get("/settings/notice_hours").text


def test_times_of_day_are_typed_as_people_write_them(app: Flask, cast: Cast) -> None:
    signed_in(app, cast.morwenna).post("/settings/texts_from", data={"value": "9.30"})

    assert store.current().texts_from == 570


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("notice_hours", "-1", "from 0 to 240"),
        ("notice_hours", "lots", "Enter a number"),
        ("notice_hours", "nan", "Enter a number"),
        ("notice_hours", "1e400", "Enter a number"),
        ("notice_hours", "", "Enter a value"),
        ("texts_from", "half past nine", "Enter a time such as 08:30"),
        ("service_phone", "   ", "Enter a value"),
        ("neutral_name", "The council", "must not say"),
        ("service_name", "x" * 41, "Use 40 characters"),
        ("service_phone", "ask at the desk", "not a phone number"),
        ("service_email", "vig at example", "Enter an e-mail address"),
        ("service_email", "Tamsin.Nance@example.org", "Tamsin Nance’s own address"),
        ("neutral_email", "tamsin.nance@example.org ", "Tamsin Nance’s own address"),
        ("calendar_hosts", "calendar.google.com, intranet", "“intranet” is not the name"),
        ("calendar_hosts", "127.0.0.1", "“127.0.0.1” is not the name"),
        ("calendar_minutes", "5", "from 15 to 1440"),
        ("visits_a_day", "2.5", "Enter a whole number, such as 2"),
        ("texts_until", "25:00", "Enter a time such as 08:30"),
        ("texts_from", "11:00", "Enter at most 10:00: that is “Reminders at”"),
        ("reminder_at", "19:00", "Enter less than 19:00"),
        ("cycles_least", "8", "from 1 to 7"),
        ("video_session_most", "40", "Enter at least 45 minutes: that is “Video session”"),
        ("overdue_manager_minutes", "50", "Enter at most 45 minutes"),
    ],
)
def test_what_does_not_fit_is_refused_beside_the_field(
    app: Flask, cast: Cast, name: str, value: str, sentence: str
) -> None:
    before = getattr(store.current(), name)

    answer = signed_in(app, cast.morwenna).post(f"/settings/{name}", data={"value": value})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert getattr(store.current(), name) == before


def test_an_unknown_setting_is_not_found(app: Flask, cast: Cast) -> None:
    assert signed_in(app, cast.morwenna).get("/settings/nothing").status_code == 404
