from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.messaging import registry
from app.messaging.blocks import block_number
from app.messaging.models import Call
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.steps import arrive, read_all, work

pytestmark = pytest.mark.one_database


def hidden(monkeypatch, person_id):
    monkeypatch.setitem(registry.visible._entries, "carer", lambda i, user: i != person_id)


def test_an_empty_inbox_says_so(jago):
    page = jago.get("/texts").text
    assert "No replies wait." in page
    assert "Nothing yet today." in page
    assert "Nobody has been texted yet." in jago.get("/texts?show=all").text
    assert "Every text of the last two weeks went." in jago.get("/texts?show=not-sent").text
    assert jago.get("/texts?show=nonsense").status_code == 404


def test_danger_stands_first_and_what_the_service_did_is_not_silent(jago):
    arrive(7, "is there parking?")
    arrive(8, "hes here cant talk", NOW + timedelta(minutes=1))
    arrive(9, "1")
    read_all()
    page = jago.get("/texts").text
    assert page.index("Carer 8") < page.index("Carer 7") < page.index("Done by the service")
    assert "Danger words" in page
    assert "“1”: confirmed" in page


def test_a_thread_shows_both_directions_calls_and_reasons_oldest_first(jago, people, queue):
    queue(7)
    work()
    arrive(7, "1", NOW + timedelta(minutes=5))
    read_all(NOW + timedelta(minutes=5))
    people.change("carer", 7, refusal="They said that texting is not safe: ring.")
    queue(7, "reminder", due_at=NOW + timedelta(hours=1))
    work(NOW + timedelta(hours=1))
    db.session.add(
        Call(
            person_kind="carer",
            person_id=7,
            at=NOW + timedelta(hours=2),
            by="Jago",
            outcome="spoke",
        )
    )
    db.session.commit()
    page = jago.get("/texts/carer/7").text
    order = ["booked 7", "10:05, confirmed", "Not sent at 11:00:", "12:00 call, Jago"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "No text may go to this phone." in page
    assert 'name="words"' not in page


def test_what_is_planned_next_is_shown(jago, queue):
    due = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    queue(7, "reminder", due_at=due, expires_at=due + timedelta(hours=20))
    page = jago.get("/texts/carer/7").text
    row = page[page.index("Planned next") :]
    assert row.index("Tue 24 Nov 10:00") < row.index("Carer 7") < row.index("Reminder")


def test_another_practitioners_thread_is_a_404_everywhere(app, cast, sign_in, monkeypatch, queue):
    browser = sign_in(cast.tamsin)
    arrive(7, "private words of theirs")
    read_all()
    queue(7)
    hidden(monkeypatch, 7)
    task_id = db.session.scalars(select(Task.id)).one()
    for path in ("/texts/carer/7", "/texts/carer/7/call", "/texts/carer/7/number"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, data={"words": "x", "send": "1"}).status_code == 404
    assert browser.post(f"/texts/tasks/{task_id}/nothing").status_code == 404
    for show in ("waiting", "all", "not-sent"):
        assert "private words" not in browser.get(f"/texts?show={show}").text


def test_an_unknown_numbers_thread_is_for_those_who_arrange(jago, cast, sign_in, people):
    tamsin = sign_in(cast.tamsin)
    people.owners["+447700900455"] = []
    first = arrive(455, "hello? anybody")
    read_all()
    page = jago.get(f"/texts/number/{first}").text
    assert "hello? anybody" in page
    assert "07700 900 455" in page
    assert 'name="words"' not in page
    assert jago.post(f"/texts/number/{first}", data={"words": "x", "send": "1"}).status_code == 404
    assert tamsin.get(f"/texts/number/{first}").status_code == 404


def test_missing_people_and_kinds_are_a_404(jago, people):
    people.gone.add(("carer", 9))
    for path in ("/texts/carer/9", "/texts/nobody/1", "/texts/number/99", "/texts/carer/0"):
        assert jago.get(path).status_code == 404


def test_delivery_shows_numbers_and_reasons_without_names(jago, people, queue):
    people.change("carer", 7, refusal="Not asked whether texting is safe.")
    queue(7)
    queue(8, due_at=NOW - timedelta(hours=1))
    block_number("+447700900009", "stop", "test", by="test", at=NOW)
    queue(9)
    work()
    page = jago.get("/texts/delivery").text
    assert "Not asked whether texting is safe." in page
    assert "never: no text goes out" in page
    assert "Carer" not in page


def test_delivery_is_for_those_who_arrange(app, cast, sign_in):
    assert sign_in(cast.tamsin).get("/texts/delivery").status_code == 404


def test_a_thread_is_noted_as_read_before_it_is_shown(jago):
    noted = []
    around = registry.Surroundings(note_read=lambda i, user, at: noted.append((i, user.name)))
    registry.surroundings.add("carer", around)
    jago.get("/texts/carer/7")
    assert noted == [(7, "Jago Penrose")]


def test_what_somebody_is_in_stands_with_its_buttons(jago):
    concern = registry.Concern(
        "Video session, Wed 25 Nov 14:00", "It stands until you change it.",
        [
            registry.Step("Find another time", "/x", main=True),
            registry.Step("Keeps it", "/y", post=True),
        ],
    )  # fmt: skip
    registry.surroundings.add(
        "carer",
        registry.Surroundings(
            concerns=lambda i, at: [concern], page=lambda i: ("/families/F1031", "Family F1031")
        ),
    )
    page = jago.get("/texts/carer/7").text
    assert "Video session, Wed 25 Nov 14:00" in page
    assert 'action="/y"' in page
    assert 'href="/families/F1031"' in page
