"""Lines of the work list and hand-made forms: nothing leaves the list without words, by somebody
whose it is not, or while what it is about waits still.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import Staff
from app.db import Model, db, transact
from app.desk.work_list import work_list
from app.errors import DomainError
from app.messaging.models import CALL_OUTCOMES
from app.scheduling.answer import ask_change
from app.scheduling.book import book
from app.scheduling.cancel import cancel
from app.scheduling.models import Appointment
from app.scheduling.settle import settle
from app.tasks.by_hand import close_by_hand
from app.tasks.models import Task
from app.tasks.open import KINDS, open_task
from tests.cast import NOW, Cast
from tests.programmes.course import VIDEO_DAY, at, one, people, says, wanted
from tests.scheduling.reading import words

SignIn = Callable[[Staff], FlaskClient]
CALLED = {"day": ["23", "11", "2026"], "time": "9:30"}


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    says(cast)
    asked = wanted(cast, "goals_visit", at(VIDEO_DAY, 10))
    return transact(lambda: book(asked, by=cast.jago, at=NOW))


def ask(cast: Cast, kind: str, **more: Any) -> Task:
    """A task of this kind about Hannah, urgent, and the number it keeps."""
    about = more.pop("about", people(cast.hannah)[0])
    given = {"family_id": cast.hannah.id, "owner_id": cast.tamsin.id, "urgent": True, **more}
    due = NOW + timedelta(hours=1)
    return transact(lambda: open_task(kind, "Look.", about=about, due_at=due, at=NOW, **given))


def stored(*names: str) -> dict[str, list[Any]]:
    db.session.rollback()
    tables = [Model.metadata.tables[name] for name in names or ("task", "appointment", "explained")]
    return {t.name: db.session.execute(select(t).order_by(t.c.id)).all() for t in tables}


def waits(cast: Cast) -> list[str]:
    return [row.item.kind for row in work_list(cast.morwenna, NOW).rows]


def one_of_each(cast: Cast, **more: Any) -> list[Task]:
    return [ask(cast, kind, **more) for kind in KINDS]


def test_no_task_is_closed_without_words(cast: Cast) -> None:
    for task in one_of_each(cast):
        for nothing in ("", " \n "):
            with pytest.raises(DomainError, match="what came of it"):
                transact(
                    lambda task=task, nothing=nothing: close_by_hand(
                        task, nothing, by=cast.jago, at=NOW
                    )
                )

    assert set(KINDS) <= set(waits(cast))


@pytest.mark.one_database
def test_a_hand_made_form_without_words_closes_nothing(cast: Cast, sign_in: SignIn) -> None:
    numbers = [task.id for task in one_of_each(cast)]
    browser, before = sign_in(cast.morwenna), stored()

    for number in numbers:
        for form in ({}, {"outcome": " \u00a0 "}, {"done": "1", "closed_at": "2026-11-23"}):
            assert browser.post(f"/tasks/{number}", data=form).status_code == 422

    assert stored() == before


@pytest.mark.one_database
def test_nothing_to_do_is_said_of_replies_only(cast: Cast, sign_in: SignIn) -> None:
    numbers = {task.kind: task.id for task in one_of_each(cast)}
    browser, before = sign_in(cast.morwenna), stored()

    for kind in set(KINDS) - {"reply"}:
        assert browser.post(f"/texts/tasks/{numbers[kind]}/nothing").status_code == 404, kind

    assert stored() == before


@pytest.mark.one_database
def test_anothers_line_is_a_404_whatever_is_sent(cast: Cast, sign_in: SignIn) -> None:
    numbers = [task.id for task in one_of_each(cast, owner_id=cast.kerensa.id)]
    kerensa, before = sign_in(cast.kerensa), stored()

    for number in numbers:
        for address in (f"/tasks/{number}", f"/texts/tasks/{number}/nothing"):
            assert kerensa.post(address, data={"outcome": "Done"}).status_code == 404

    assert stored() == before


@pytest.mark.one_database
@pytest.mark.parametrize("outcome", [o for o in CALL_OUTCOMES if o not in ("spoke", "they_rang")])
def test_a_call_in_which_nobody_spoke_settles_nothing_but_a_message_to_be_left(
    cast: Cast, sign_in: SignIn, outcome: str
) -> None:
    whom, browser = people(cast.hannah)[0][1], sign_in(cast.jago)
    numbers = {task.kind: task.id for task in one_of_each(cast)}
    before = stored()

    def settles(kind: str) -> TestResponse:
        form = {**CALLED, "outcome": outcome, "words": "Tried.", "settles": str(numbers[kind])}
        return browser.post(f"/texts/carer/{whom}/call", data=form)

    for kind in KINDS:
        if outcome == "message" and kind in ("ring", "not_sent"):
            continue
        answer = settles(kind)
        assert answer.status_code == 422, kind
        assert "You have not spoken to them" in words(answer)
        assert "Tried." in answer.text
    assert stored() == before
    assert settles("ring").status_code == (302 if outcome == "message" else 422)


@pytest.mark.one_database
def test_a_call_settles_only_what_is_of_whom_was_rung(cast: Cast, sign_in: SignIn) -> None:
    theirs = ask(cast, "danger", about=people(cast.jodie)[0], family_id=cast.jodie.id)
    before = stored()

    form = {**CALLED, "outcome": "spoke", "settles": str(theirs.id)}
    rung = people(cast.hannah)[0][1]
    answer = sign_in(cast.jago).post(f"/texts/carer/{rung}/call", data=form)

    assert answer.status_code == 422
    assert stored() == before


@pytest.mark.parametrize("kind", ["change_asked", "in_doubt", "to_check"])
def test_closing_what_an_appointment_asks_explains_the_appointment(
    cast: Cast, visit: Appointment, kind: str
) -> None:
    who = f"carer:{visit.carer_id}"
    transact(lambda: ask_change(one(visit.id), "no", by=who, at=NOW, how="text"))
    task = ask(cast, kind, about=("appointment", visit.id))

    transact(lambda: close_by_hand(task, "She keeps it after all", by=cast.jago, at=NOW))

    assert one(visit.id).change_asked_at is None  # so its reminders go
    assert [row.words for row in stored("explained")["explained"]] == ["She keeps it after all"]
    assert not {"change_asked", "in_doubt", "to_check"} & set(waits(cast))


def test_what_asks_about_an_appointment_that_is_over_is_closed_alone(
    cast: Cast, visit: Appointment
) -> None:
    task = ask(cast, "to_check", about=("appointment", visit.id))
    then = visit.ends_at + timedelta(hours=1)

    transact(lambda: close_by_hand(task, "Asked Tamsin", by=cast.jago, at=then))

    assert (one(visit.id).status, stored("explained")["explained"]) == ("booked", [])


def test_one_line_is_closed_once(cast: Cast) -> None:
    task = ask(cast, "ring")
    transact(lambda: close_by_hand(task, "Rang her", by=cast.jago, at=NOW))

    with pytest.raises(DomainError, match="closed this already"):
        transact(lambda: close_by_hand(task, "Rang her too", by=cast.tamsin, at=NOW))

    assert db.session.get_one(Task, task.id).outcome == "Rang her"


@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_what_fell_through_leaves_the_list_with_words_only(
    cast: Cast, visit: Appointment, nothing: str
) -> None:
    with pytest.raises(DomainError, match="Say why it need not be booked again"):
        transact(
            lambda: cancel(one(visit.id), "other", by=cast.jago, at=NOW, settled=nothing)
        )  # fmt: skip
    assert one(visit.id).status == "booked"
    transact(lambda: cancel(one(visit.id), "other", by=cast.jago, at=NOW))

    with pytest.raises(DomainError, match="Say why it need not be booked again"):
        transact(lambda: settle(one(visit.id), nothing, by=cast.jago, at=NOW))

    assert "book_again" in waits(cast)


def test_why_it_need_not_be_booked_again_is_said_once(cast: Cast, visit: Appointment) -> None:
    transact(lambda: cancel(one(visit.id), "other", by=cast.jago, at=NOW, settled=" They moved "))

    with pytest.raises(DomainError, match="off the list already"):
        transact(lambda: settle(one(visit.id), "Something else", by=cast.tamsin, at=NOW))

    assert one(visit.id).settled_words == "They moved"


@pytest.mark.one_database
@pytest.mark.parametrize("act", ["stands", "explained", "check-done"])
def test_what_does_not_wait_is_not_explained(
    cast: Cast, visit: Appointment, sign_in: SignIn, act: str
) -> None:
    browser, before = sign_in(cast.morwenna), stored()

    form = {"version": visit.version, "words": "As it is", "to_check": "", "cause": "away:1"}
    answer = browser.post(f"/appointments/{visit.id}/{act}", data=form)

    assert answer.status_code == 409
    assert "There is a problem" in words(answer)
    assert stored() == before
