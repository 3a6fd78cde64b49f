"""The work list: everything that waits, for those who may see it, most urgent first."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.db import db, transact
from app.desk.work_list import work_list
from app.paging import PAGE
from app.tasks.open import close_task, open_task
from app.tasks.waiting import GROUPS, TAGS
from tests.cast import NOW, Cast
from tests.sessions import signed_in

pytestmark = pytest.mark.one_database
HOUR = timedelta(hours=1)


def ask(kind: str, words: str, due: float, family_id: int | None = None, **more: object):
    about = more.pop("about", ("carer", 1000 * len(words) + (family_id or 0)))
    return transact(
        lambda: open_task(
            kind, words, about=about, due_at=NOW + due * HOUR, at=NOW, family_id=family_id, **more
        )
    )


def words(cast: Cast, person: str = "jago", **more: object) -> list[str]:
    rows = work_list(getattr(cast, person), NOW, **more).rows
    return [row.item.why for row in rows if row.item.task_id]


def test_danger_comes_first_then_what_is_due_soonest(app: Flask, cast: Cast) -> None:
    ask("ring", "later", 30, cast.hannah.id)
    ask("reply", "soon", 2, cast.hannah.id)
    ask("danger", "danger", 40, cast.jodie.id, urgent=True)

    assert words(cast) == ["danger", "soon", "later"]


def test_a_practitioner_sees_their_own_families_only(app: Flask, cast: Cast) -> None:
    ask("ring", "Hannah", 2, cast.hannah.id)
    ask("ring", "Jodie!", 2, cast.jodie.id)

    assert words(cast, "tamsin") == ["Hannah"]


def test_mine_are_those_i_own(app: Flask, cast: Cast) -> None:
    ask("ring", "mine", 2, cast.hannah.id, owner_id=cast.jago.id)
    ask("ring", "not mine", 2, cast.jodie.id)

    assert words(cast, mine=True) == ["mine"]


def test_a_kind_can_be_asked_for(app: Flask, cast: Cast) -> None:
    ask("ring", "to ring", 2, cast.hannah.id)
    ask("reply", "a reply", 2, cast.hannah.id)

    assert words(cast, kind="reply") == ["a reply"]


def test_what_is_done_in_one_go_can_be_asked_for_together(app: Flask, cast: Cast) -> None:
    ask("ring", "to ring", 2, cast.hannah.id)
    ask("reply", "a reply", 2, cast.hannah.id)
    ask("number", "whose number?", 3, cast.hannah.id)

    assert words(cast, kind="replies") == ["a reply", "whose number?"]


def test_a_long_list_comes_a_page_at_a_time(app: Flask, cast: Cast) -> None:
    for n in range(PAGE + 2):
        ask("ring", f"ring {n:02}", n, cast.hannah.id, about=("carer", n))
    ask("reply", "a reply", 1, cast.hannah.id, owner_id=cast.tamsin.id)
    with time_machine.travel(NOW, tick=False):
        jago, tamsin = signed_in(app, cast.jago), signed_in(app, cast.tamsin)
        first, second = (jago.get(f"/?kind=ring{more}").text for more in ("", "&page=2"))
        own = tamsin.get("/?kind=reply").text

    assert all(f"ring {n:02}" in first for n in range(PAGE))
    assert f"ring {PAGE:02}" not in first
    assert [f"ring {n:02}" in second for n in (PAGE - 1, PAGE, PAGE + 1)] == [False, True, True]
    assert "Show the next 2<" in first
    assert 'href="/?kind=ring&amp;page=2"' in first
    for page in (first, second):
        assert f"Waiting for a person: {PAGE + 2}" in page
    assert ("Waiting for a person: 1<" in own, "Show the next" in own) == (True, False)


def test_what_nobody_may_see_fills_no_page(app: Flask, cast: Cast) -> None:
    for n in range(PAGE + 2):
        ask("ring", f"Jodie {n:02}", n, cast.jodie.id, about=("carer", n))
    ask("ring", "Hannah", PAGE * 2, cast.hannah.id)
    of_tamsin = work_list(cast.tamsin, NOW, kind="ring")

    assert ([row.name for row in of_tamsin.rows], of_tamsin.part.total) == (["Hannah Rowe"], 1)


def test_every_kind_is_in_one_group() -> None:
    grouped = [kind for _words, kinds in GROUPS.values() for kind in kinds]

    assert sorted(grouped) == sorted(TAGS)


def test_asking_twice_for_one_thing_makes_one_task(app: Flask, cast: Cast) -> None:
    ask("ring", "first words", 5, cast.hannah.id, about=("carer", 1))
    ask("ring", "second words", 9, cast.hannah.id, about=("carer", 1))

    assert words(cast) == ["second words"]


def test_a_closed_task_is_off_the_list(app: Flask, cast: Cast) -> None:
    task = ask("ring", "done", 2, cast.hannah.id)

    transact(lambda: close_task(task, "Rang her", by=cast.jago, at=NOW))

    assert words(cast) == []


def test_closing_needs_words_and_keeps_what_was_typed(app: Flask, cast: Cast) -> None:
    task = ask("ring", "to close", 2, cast.hannah.id)
    jago = signed_in(app, cast.jago)

    empty = jago.post(f"/tasks/{task.id}", data={"outcome": " "})
    long = jago.post(f"/tasks/{task.id}", data={"outcome": "x" * 501})
    done = jago.post(f"/tasks/{task.id}", data={"outcome": "Rang her, all well"})

    assert (empty.status_code, long.status_code, done.status_code) == (422, 422, 302)
    assert "x" * 501 in long.text
    db.session.refresh(task)
    assert task.outcome == "Rang her, all well"


def test_anothers_task_is_not_found(app: Flask, cast: Cast) -> None:
    task = ask("ring", "Jodie’s", 2, cast.jodie.id)

    assert signed_in(app, cast.tamsin).get(f"/tasks/{task.id}").status_code == 404
