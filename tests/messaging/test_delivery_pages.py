"""The delivery board: what waits, what is not known, what was not sent and why, what follows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db, transact
from app.errors import DomainError
from app.health.beats import record_beat
from app.messaging import channels, registry
from app.messaging.follow_up import ask_to_ring
from app.messaging.models import Outbox
from app.messaging.settle_unknown import settle_unknown
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.steps import stored, work
from tests.statements import statements

BOARD = "/texts/delivery"
one_database = pytest.mark.one_database


def put_in(row_id: int, state: str, **values: object) -> None:
    """The row as it is in the middle of its life, whatever came before."""
    db.session.execute(
        Outbox.__table__.update().where(Outbox.id == row_id).values(state=state, **values)
    )
    db.session.commit()


def given_up(row_id: int) -> Outbox:
    put_in(
        row_id, "gave_up", final_at=NOW, attempt=1, sent_at=NOW, body="said",
        reason="Nobody can say whether this arrived.",
    )  # fmt: skip
    return stored(row_id)


@one_database
def test_each_that_waits_says_what_happens_next(jago, queue) -> None:
    queue(1, due_at=NOW - timedelta(minutes=90))
    queue(2, due_at=NOW + timedelta(hours=3))
    put_in(queue(3), "unknown", lease_until=NOW + timedelta(minutes=2), attempt=1, reason="No.")
    put_in(queue(4), "held")
    given_up(queue(5))

    page = jago.get(BOARD).text

    for heading in ("Due now", "Later", "Not known yet", "Held back", "Nobody can say"):
        assert f"{heading} (1)" in page
    assert "It has waited 1 hour 30 minutes and goes with the worker’s next turn." in page
    assert "It goes today 13:00." in page
    assert "Tried once: No. It is looked for at the provider: today 10:02." in page
    assert "It goes when it is released" in page
    assert "Say whether it arrived" in page


@one_database
def test_an_empty_board_says_so(jago) -> None:
    page = jago.get(BOARD).text

    assert "Nothing waits and everything is known." in page
    assert "working. 0 went in the last hour, 0 in the last 24." in page
    assert "None waits." in page


@one_database
def test_a_stopped_channel_says_why_since_when_and_can_be_tried(jago, queue) -> None:
    since = NOW - timedelta(hours=2)
    for at in (since, NOW - timedelta(minutes=1)):  # stopped, tried again, stopped again
        transact(lambda at=at: channels.stop("text", "Twilio does not know us", at=at))
    queue(1)

    page = jago.get(BOARD).text
    assert "Texts have stopped, since Mon 23 Nov 08:00:" in page
    assert "Twilio does not know us" in page
    assert "It waits until today 10:09: Twilio does not know us." in page

    jago.post(f"{BOARD}/text/try")
    assert "Twilio does not know us" not in jago.get(BOARD).text
    assert channels.channel("text") is None


@one_database
def test_how_many_went_and_when_the_worker_ran(jago, queue) -> None:
    for number in (1, 2):
        queue(number)
    work()
    put_in(queue(3), "delivered", sent_at=NOW - timedelta(hours=5))
    transact(lambda: record_beat("worker", at=NOW))

    page = jago.get(BOARD).text

    assert "working. 2 went in the last hour, 3 in the last 24." in page
    assert "Mon 23 Nov 10:00" in page


@one_database
def test_an_alarm_that_waits_stands_out(jago, queue) -> None:
    queue(1, "alarm", to=("staff", 1), due_at=NOW - timedelta(minutes=3))

    page = jago.get(BOARD).text

    assert "<b>1 waits</b>, the oldest since 09:57." in page


@one_database
def test_each_reason_leads_to_its_texts(jago, people, queue) -> None:
    for number, why in ((1, "They said no."), (2, "They said no."), (3, "Not asked.")):
        people.change("carer", number, refusal=why)
        queue(number)
    work()

    page = jago.get(BOARD).text
    href = page.split("They said no.")[0].rpartition('href="')[2].split('"')[0]
    listed = jago.get(href.replace("&amp;", "&")).text

    assert "Carer 1" in listed
    assert "Carer 2" in listed
    assert "Carer 3" not in listed
    assert jago.get(f"{BOARD}/reason?state=nonsense").status_code == 404


@one_database
def test_a_long_list_has_its_own_page(jago, queue) -> None:
    for number in range(1, 8):
        queue(number, due_at=NOW - timedelta(minutes=number))

    board, whole = jago.get(BOARD).text, jago.get(f"{BOARD}/due").text

    assert "All 7" in board
    assert "Carer 1<" not in board  # the oldest five only
    assert all(f"Carer {number}<" in whole for number in range(1, 8))


@one_database
def test_somebody_whose_record_is_closed_is_not_named(jago, queue, monkeypatch) -> None:
    monkeypatch.setitem(registry.visible._entries, "carer", lambda number, user: number != 7)
    queue(7)
    unknown = given_up(queue(8, to=("carer", 7))).id

    page = jago.get(BOARD).text

    assert "Somebody whose record is closed to you" in page
    assert "Carer 7" not in page
    assert jago.get(f"{BOARD}/{unknown}/settle").status_code == 404


@one_database
def test_what_nobody_knows_is_settled_by_asking(jago, queue) -> None:
    row = given_up(queue(7))
    page = f"{BOARD}/{row.id}/settle"

    assert "Ask them before you answer." in jago.get(page).text
    empty = jago.post(page, data={})
    assert (empty.status_code, "Choose whether it arrived" in empty.text) == (422, True)
    assert jago.post(page, data={"arrived": "yes"}).status_code == 302
    again = jago.post(page, data={"arrived": "no"})
    assert (again.status_code, "This is known meanwhile: delivered." in again.text) == (409, True)


@pytest.mark.parametrize(("arrived", "state"), [(True, "delivered"), (False, "undelivered")])
def test_settling_is_stored_with_who_said_it(app, cast, people, queue, arrived, state) -> None:
    row = given_up(queue(7))
    transact(lambda: ask_to_ring(row, people.find("carer", 7), "Nobody can say.", at=NOW))

    transact(lambda: settle_unknown(row, arrived, by=cast.jago, at=NOW))

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "text:settled")).one()
    assert (entry.by, entry.detail) == (f"staff:{cast.jago.id}", {"arrived": arrived})
    assert stored(row.id).state == state
    assert (db.session.scalars(select(Task.closed_at)).one() is not None) == arrived


@pytest.mark.parametrize("state", ["ready", "unknown", "delivered", "failed"])
def test_only_what_was_given_up_is_settled(app, cast, queue, state) -> None:
    row_id = queue(7)
    put_in(row_id, state)

    with pytest.raises(DomainError, match="known meanwhile"):
        transact(lambda: settle_unknown(stored(row_id), True, by=cast.jago, at=NOW))


@one_database
def test_the_board_is_for_those_who_arrange(app, cast, sign_in, queue) -> None:
    row, tamsin = given_up(queue(7)), sign_in(cast.tamsin)

    for path in (BOARD, f"{BOARD}/due", f"{BOARD}/reason?state=failed", f"{BOARD}/{row.id}/settle"):
        assert tamsin.get(path).status_code == 404
    assert tamsin.post(f"{BOARD}/{row.id}/settle", data={"arrived": "yes"}).status_code == 404
    assert stored(row.id).state == "gave_up"


@one_database
def test_a_full_board_takes_no_more_statements_than_an_empty_one(jago, people, queue) -> None:
    registry.readable.add("carer", lambda ids, user: {number: f"Carer {number}" for number in ids})

    def made(path: str = BOARD) -> list[str]:
        db.session.remove()
        with statements() as seen:
            assert jago.get(path).status_code == 200
        return seen

    few = made()
    for number in range(1, 60):
        queue(number, due_at=NOW + timedelta(minutes=number - 30))

    assert made() == few
    assert len(few) <= 14, few
    assert len(made(f"{BOARD}/due")) <= 8


@one_database
@pytest.mark.parametrize("path", ["/texts", "/texts?show=all", "/texts?show=not-sent"])
def test_the_lists_of_threads_take_no_more_statements_for_many(jago, people, queue, path) -> None:
    registry.readable.add("carer", lambda ids, user: {number: f"Carer {number}" for number in ids})
    people.change("carer", 9, refusal="They said no.")

    def made() -> list[str]:
        db.session.remove()
        with statements() as seen:
            assert jago.get(path).status_code == 200
        return seen

    queue(9)
    queue(10)
    work()
    few = made()
    for number in range(11, 40):
        people.change("carer", number, refusal="They said no." if number % 2 else None)
        queue(number)
    work()

    assert made() == few
    assert len(few) <= 16, few


@one_database
def test_a_long_thread_takes_no_more_statements_than_a_short_one(jago, queue) -> None:
    def made() -> list[str]:
        db.session.remove()
        with statements() as seen:
            assert jago.get("/texts/carer/7").status_code == 200
        return seen

    queue(7)
    work()
    few = made()
    for number in range(100, 140):
        queue(number, to=("carer", 7))
    work()
    for number in range(200, 204):
        queue(number, to=("carer", 7), due_at=NOW + timedelta(hours=1))

    assert len(made()) <= len(few) + 2  # what is planned asks about blocks
    assert len(few) <= 20, few
