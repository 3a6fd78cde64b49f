"""What a family's link opens: it shows no more than a text, opening it changes nothing, and every
dead link looks alike.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import event, select

from app.db import db, transact
from app.families.models import Carer
from app.links.tokens import any_link, make_link
from app.messaging.models import NumberBlock, Outbox
from app.scheduling.cancel import cancel
from app.scheduling.models import Appointment
from app.scheduling.move import Change, move
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.programmes.course import at, one, paired, started
from tests.scheduling.reading import read, words

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("monday")]
QUESTION = "Is this time still good for you?"
ENDED = "This link does not open any more"
PAGES = ["", "/change", "/cancel", "/not-me"]


def token_for(row: Appointment, *, purpose: str = "a", expires: timedelta = timedelta(20)) -> str:
    return transact(
        lambda: make_link(
            purpose, row.id, "carer", row.carer_id or 0, expires_at=NOW + expires, at=NOW
        )
    )


@pytest.fixture
def here(goals: Appointment) -> str:
    return "/a/" + token_for(goals)


def carer(row: Appointment) -> Carer:
    found = db.session.get(Carer, row.carer_id)
    assert found is not None
    return found


def tasks(kind: str) -> list[Task]:
    return list(db.session.scalars(select(Task).where(Task.kind == kind)))


@contextmanager
def counting_writes() -> Iterator[list[str]]:
    made: list[str] = []

    def note(_c, _cursor, statement, *_more) -> None:
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", statement, re.I):
            made.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield made
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("page", [*PAGES, ".ics"])
def test_opening_changes_nothing_however_often_and_by_whatever_machine(
    here: str, client: FlaskClient, page: str
) -> None:
    with counting_writes() as made:
        for ask in (client.get, client.head, client.get):
            answer = ask(here + page, headers={"User-Agent": "WhatsApp/2.23"})
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Referrer-Policy"] == "no-referrer"

    assert made == []


def test_in_full_wording_says_when_with_whom_and_where_and_nothing_more(
    cast: Cast, here: str, client: FlaskClient
) -> None:
    page = client.get(here)

    assert f"{QUESTION} Tuesday 1 December 10am to 11am With Tamsin, at your home." in words(page)
    secrets = ("Leo", "Hannah", "Rowe", "F1042", "Nance", "TR15", "Redruth", "Example", "Goals")
    assert [secret for secret in secrets if secret in page.text] == []


def test_in_neutral_wording_says_no_more_than_when(
    goals: Appointment, here: str, client: FlaskClient
) -> None:
    carer(goals).wording = "neutral"
    db.session.commit()

    page = client.get(here)

    assert "Tuesday 1 December 10am to 11am" in words(page)
    secrets = ("Tamsin", "home", "VIG", "council", "video", "Leo", "Hannah", "Goals")
    assert [secret for secret in secrets if secret in page.text] == []


def test_keeping_it_confirms_and_says_so_every_time(
    goals: Appointment, here: str, client: FlaskClient
) -> None:
    for _ in range(2):
        assert client.post(here, data={"do": "keep"}).status_code == 303

    assert one(goals.id).status == "confirmed"
    assert "Thank you. This time is yours." in read(client, here)
    assert QUESTION not in read(client, here)


def test_keeping_a_video_that_lacks_consent_thanks_and_tells_only_staff(
    cast: Cast, client: FlaskClient
) -> None:
    video, _review = paired(cast, started(cast))
    here = "/a/" + token_for(one(video))

    page = client.post(here, data={"do": "keep"}, follow_redirects=True)

    assert "Thank you. This time is yours." in words(page)
    assert "film" not in words(page)
    assert one(video).status == "booked"
    assert "cannot be confirmed yet" in tasks("to_check")[0].words


def test_asking_for_another_time_keeps_this_one_and_asks_a_person_to_ring(
    goals: Appointment, here: str, client: FlaskClient
) -> None:
    asked = read(client, here + "/change")
    assert "Your time stays Tuesday 1 December at 10am until we have talked." in asked
    assert "checked" not in client.get(here + "/change").text

    client.post(here, data={"do": "change", "wish": ["mornings", "another_day", "<b>"]})

    row = one(goals.id)
    assert (row.status, row.change_words) == ("booked", "another time: mornings, another day")
    assert row.starts_at == at(NOW.date() + timedelta(8), 10)
    assert "mornings, another day" in tasks("change_asked")[0].words
    assert "Thank you. We will ring you. Your time stays until then." in read(client, here)


def test_asking_to_cancel_cancels_nothing_and_asks_no_reason(
    goals: Appointment, here: str, client: FlaskClient
) -> None:
    page = client.get(here + "/cancel")
    assert "That is fine. You do not have to say why." in words(page)
    assert "<textarea" not in page.text

    client.post(here, data={"do": "cancel"})

    assert one(goals.id).status == "booked"
    assert one(goals.id).change_asked_at == NOW
    assert "would like to cancel" in tasks("change_asked")[0].words


def test_a_mind_may_be_changed(goals: Appointment, here: str, client: FlaskClient) -> None:
    client.post(here, data={"do": "cancel"})

    client.post(here, data={"do": "keep"})

    assert (one(goals.id).status, one(goals.id).change_asked_at) == ("confirmed", None)
    assert tasks("change_asked")[0].closed_at is not None


def test_not_for_me_ends_the_link_and_every_text_to_that_phone(
    goals: Appointment, here: str, client: FlaskClient
) -> None:
    number = carer(goals).mobile
    assert "we will not text this number again" in read(client, here + "/not-me")

    done = client.post(here, data={"do": "not_me"}, follow_redirects=True)

    assert "We will not text this number again." in words(done)
    block = db.session.scalars(select(NumberBlock).where(NumberBlock.number == number)).one()
    assert (block.kind, block.lifted_at) == ("quarantine", None)
    assert len(tasks("number")) == 1
    assert ENDED in read(client, here, 404)
    assert one(goals.id).status == "booked"


def test_a_form_from_another_site_does_nothing(
    goals: Appointment, here: str, client: FlaskClient
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    assert client.post(here, data={"do": "keep"}, headers=headers).status_code == 404
    assert one(goals.id).status == "booked"


@pytest.mark.parametrize("do", ["", "again", "delete", "not-me"])
def test_what_no_button_says_changes_nothing(
    goals: Appointment, here: str, client: FlaskClient, do: str
) -> None:
    answer = client.post(here, data={"do": do}, follow_redirects=True)

    assert QUESTION in words(answer)
    assert one(goals.id).version == goals.version


def test_after_a_cancellation_it_says_that_nothing_need_be_done(
    cast: Cast, goals: Appointment, here: str, client: FlaskClient
) -> None:
    transact(lambda: cancel(one(goals.id), "weather", by=cast.jago, at=NOW))

    assert "is not needed any more You do not need to do anything." in read(client, here)
    client.post(here, data={"do": "keep"})
    assert one(goals.id).status == "cancelled"


def test_after_a_move_it_shows_the_new_time(
    cast: Cast, goals: Appointment, here: str, client: FlaskClient
) -> None:
    change = Change(starts_at=at(NOW.date() + timedelta(10), 13))
    transact(lambda: move(one(goals.id), change, by=cast.jago, at=NOW))

    assert "Thursday 3 December 1pm to 2pm" in read(client, here)


def test_the_calendar_file_is_discreet_and_follows_the_appointment(
    cast: Cast, goals: Appointment, here: str, client: FlaskClient
) -> None:
    first = client.get(here + ".ics")
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert [name for name in ("Hannah", "Tamsin", "VIG") if name in first.text] == []
    entry = Calendar.from_ical(first.data).walk("VEVENT")[0]
    assert (entry["SUMMARY"], entry["LOCATION"]) == ("Appointment", "at your home")
    assert entry["DTSTART"].dt == goals.starts_at

    transact(lambda: cancel(one(goals.id), "weather", by=cast.jago, at=NOW))
    again = Calendar.from_ical(client.get(here + ".ics").data).walk("VEVENT")[0]
    assert (again["UID"], again["STATUS"]) == (entry["UID"], "CANCELLED")
    assert again["SEQUENCE"] > entry["SEQUENCE"]


@pytest.fixture
def dead(cast: Cast, goals: Appointment) -> dict[str, str]:
    """Tokens that do not open, each for its own reason."""
    live = token_for(goals)
    revoked = token_for(goals)
    tokens = {
        "unknown": "A" * 22,
        "tampered": ("B" if live[0] != "B" else "C") + live[1:],
        "cut": live[:-1],
        "odd": "%3Cb%3E-_" + "é" * 13,
        "another purpose": token_for(goals, purpose="f"),
        "expired": token_for(goals, expires=timedelta(seconds=-1)),
        "revoked": revoked,
    }
    link = any_link("a", revoked)
    assert link is not None
    link.revoked_at = NOW
    db.session.commit()
    return tokens


def test_every_dead_link_gets_the_very_same_answer(
    dead: dict[str, str], client: FlaskClient
) -> None:
    answers = set()
    for token in dead.values():
        for page in ("", "/change"):
            answer = client.get(f"/a/{token}{page}")
            answers.add((answer.status_code, answer.data, str(answer.headers)))
        answer = client.post(f"/a/{token}", data={"do": "keep"})
        answers.add((answer.status_code, answer.data, str(answer.headers)))
    for other in ("/f/", "/o/", "/p/"):
        answer = client.get(other + dead["unknown"])
        answers.add((answer.status_code, answer.data, str(answer.headers)))

    assert len(answers) == 1
    assert "Send me a new link" in words(answer)


def test_strict_wording_has_no_link_any_more(
    goals: Appointment, here: str, client: FlaskClient
) -> None:
    carer(goals).wording = "strict"
    db.session.commit()

    assert client.get(here).data == client.get("/a/" + "A" * 22).data
    assert client.post(here, data={"do": "keep"}).status_code == 404
    assert one(goals.id).status == "booked"


@pytest.mark.parametrize("kind", ["unknown", "tampered", "another purpose", "expired", "revoked"])
def test_asking_for_a_new_link_reads_the_same_and_sends_one_only_for_ours(
    dead: dict[str, str], client: FlaskClient, kind: str
) -> None:
    for _ in range(2):
        answer = client.post(f"/a/{dead[kind]}", data={"do": "again"})
        assert answer.status_code == 200
        assert "If your old link was one of ours, we will text or ring you." in words(answer)

    again = select(Outbox).where(Outbox.purpose == "link_again")
    assert len(db.session.scalars(again).all()) == (1 if kind == "expired" else 0)


def test_a_familys_dead_link_about_a_conversation_asks_a_person_to_ring(
    goals: Appointment, client: FlaskClient
) -> None:
    old = token_for(goals, purpose="f", expires=timedelta(seconds=-1))

    answer = client.post(f"/f/{old}", data={"do": "again"})

    assert "we will text or ring you" in words(answer)
    assert "asked for a new one" in tasks("ring")[0].words


def test_after_it_is_over_the_link_is_dead(
    here: str, client: FlaskClient, monday: time_machine.Traveller
) -> None:
    monday.move_to(NOW + timedelta(days=21))

    assert ENDED in read(client, here, 404)
