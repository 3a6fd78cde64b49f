"""A task to ring: whom, on which number, what a message may say; the call that settles it."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.families.models import Carer
from app.messaging.models import Call
from app.tasks.models import Task
from app.tasks.open import open_task
from tests.cast import NOW, Cast
from tests.scheduling.test_letter import visit

__all__ = ["visit"]

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
CALL = {"outcome": "spoke", "day": ["23", "11", "2026"], "time": "09:50", "words": "She keeps it"}


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def hannah(cast: Cast) -> Carer:
    return db.session.scalars(select(Carer).where(Carer.family_id == cast.hannah.id)).one()


def asked(cast: Cast, about: tuple[str, int]) -> Task:
    return transact(
        lambda: open_task(
            "ring", "Tell her.", about=about, due_at=NOW, at=NOW, family_id=cast.hannah.id
        )
    )


def test_a_call_settles_a_request_about_an_appointment(
    cast: Cast, visit, hannah: Carer, sign_in: SignIn
) -> None:
    task, jago = asked(cast, ("appointment", visit.id)), sign_in(cast.jago)
    page = jago.get(f"/tasks/{task.id}").text
    assert f"/texts/carer/{hannah.id}/call?task={task.id}" in page
    assert "07700 900142" in page.replace("07700 900 142", "07700 900142")
    assert "If nobody answers, leave:" in page

    form = jago.get(f"/texts/carer/{hannah.id}/call?task={task.id}").text
    assert "checked" in form.split("Does it settle what waits?")[1]
    jago.post(f"/texts/carer/{hannah.id}/call", data={**CALL, "settles": [str(task.id)]})

    assert db.session.get_one(Task, task.id).closed_at
    assert db.session.scalars(select(Call.words)).all() == ["She keeps it"]
    assert "She keeps it" in jago.get("/families/F1042").text


def test_another_familys_request_is_not_settled_by_it(
    cast: Cast, visit, hannah: Carer, sign_in: SignIn
) -> None:
    other = transact(
        lambda: open_task(
            "ring", "Tell Jodie.", about=("carer", 2), due_at=NOW, at=NOW,
            family_id=cast.jodie.id,
        )
    )  # fmt: skip
    jago = sign_in(cast.jago)

    assert "Tell Jodie" not in jago.get(f"/texts/carer/{hannah.id}/call").text
    jago.post(f"/texts/carer/{hannah.id}/call", data={**CALL, "settles": [str(other.id)]})
    assert db.session.get_one(Task, other.id).closed_at is None


def test_said_yes_today_is_one_click_where_nobody_has_asked(
    cast: Cast, visit, hannah: Carer, sign_in: SignIn
) -> None:
    hannah.safe_to_text, hannah.checked_on = "not_asked", None
    db.session.commit()
    task, jago = asked(cast, ("appointment", visit.id)), sign_in(cast.jago)
    here, act = f"/tasks/{task.id}", f"/families/F1042/contact/{hannah.id}/said-yes"
    for page in (here, "/families/F1042", f"/families/F1042/contact/{hannah.id}"):
        assert f'action="{act}"' in jago.get(page).text

    assert jago.post(act, data={"to": here}).location == here

    db.session.expire_all()
    assert (hannah.safe_to_text, hannah.checked_on) == ("yes", NOW.date())
    assert f'action="{act}"' not in jago.get("/families/F1042").text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/nowhere"])
def test_it_leads_nowhere_else(cast: Cast, hannah: Carer, sign_in: SignIn, target: str) -> None:
    act = f"/families/F1042/contact/{hannah.id}/said-yes"

    assert sign_in(cast.jago).post(act, data={"to": target}).location == "/families/F1042"


def test_a_closed_task_asks_nobody_to_ring(cast: Cast, visit, sign_in: SignIn) -> None:
    task = asked(cast, ("appointment", visit.id))
    task.closed_at, task.outcome = NOW, "Rang her"
    db.session.commit()

    assert "Record a call" not in sign_in(cast.jago).get(f"/tasks/{task.id}").text
