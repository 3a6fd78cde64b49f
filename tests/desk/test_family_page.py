"""A family's page: whose it is, what it says is next, and that reading it is recorded."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db, transact
from app.desk.family_page import next_step
from app.enquiries.models import Choice
from app.enquiries.record_choice import record_choice
from app.families.models import Carer
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.sessions import signed_in

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    """Two pages of one test show the same minute."""
    with time_machine.travel(NOW, tick=False):
        yield


def choice(step: str, **more: object) -> Choice:
    return Choice(step=step, on=date(2026, 11, 2), how="phone", recorded_by="staff:2", **more)


def test_another_practitioners_family_is_not_found(app: Flask, cast: Cast) -> None:
    tamsin = signed_in(app, cast.tamsin)

    assert tamsin.get("/families/F1042").status_code == 200
    missing, other = tamsin.get("/families/F9999"), tamsin.get("/families/F1031")
    assert (other.status_code, other.data) == (404, missing.data)


def test_reading_is_recorded_before_it_is_shown(app: Flask, cast: Cast) -> None:
    signed_in(app, cast.jago).get("/families/F1042")

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "family:read")).one()
    assert (entry.by, entry.family_id) == (f"staff:{cast.jago.id}", cast.hannah.id)


def test_stands_under_families_in_the_navigation(app: Flask, cast: Cast) -> None:
    jago = signed_in(app, cast.jago)

    for path, place in (("/families/F1042", "/families"), ("/", "/")):
        assert f'href="{place}" aria-current="true"' in jago.get(path).text


def test_a_refused_reading_is_not_a_reading(app: Flask, cast: Cast) -> None:
    signed_in(app, cast.tamsin).get("/families/F1031")

    assert db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "family:read")).all() == []


def test_how_to_reach_somebody_comes_before_the_programme(app: Flask, cast: Cast) -> None:
    page = signed_in(app, cast.jago).get("/families/F1042").text

    assert page.index("Reaching Hannah") < page.index("What has happened")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"safe_to_text": "not_asked"}, "No: not asked"),
        ({"safe_to_text": "no"}, "No: not safe"),
        ({"wording": "strict", "link_ok": False}, "Yes, strict wording, no links"),
        ({"checked_on": None}, "Never"),
        ({"mobile": None}, "none on record"),
    ],
)
def test_says_whether_somebody_may_be_texted(
    app: Flask, cast: Cast, change: dict[str, object], words: str
) -> None:
    hannah = db.session.scalars(select(Carer).where(Carer.family_id == cast.hannah.id)).one()
    for name, value in change.items():
        setattr(hannah, name, value)
    db.session.commit()

    assert words in signed_in(app, cast.jago).get("/families/F1042").text


def test_never_shows_the_address(app: Flask, cast: Cast) -> None:
    for person in (cast.jago, cast.morwenna, cast.tamsin):
        assert "1 Example Street" not in signed_in(app, person).get("/families/F1042").text


@pytest.mark.parametrize(
    ("steps", "lead"),
    [
        ([], "Ask what they would like."),
        (["told_by_referrer"], "Ask what they would like."),
        (["thinking"], "Ask what they would like."),
        (["wants_to_talk"], "Find a parent to talk to."),
        (["not_now"], "Nothing now."),
        (["yes"], None),
        (["no"], None),
        (["withdrew"], None),
    ],
)
def test_says_what_is_next(app: Flask, cast: Cast, steps: list[str], lead: str | None) -> None:
    choices = [choice(step, ask_again_on=date(2027, 1, 4)) for step in steps]

    step = next_step(cast.hannah, choices, [])

    assert (step.lead if step else None) == lead


def test_a_task_comes_before_everything(app: Flask, cast: Cast) -> None:
    task = Task(
        kind="ring", words="Ring her about Thursday.", about_kind="carer", about_id=1, due_at=NOW,
        created_at=NOW, urgent=False,
    )  # fmt: skip

    step = next_step(cast.hannah, [choice("wants_to_talk")], [task])

    assert step is not None
    assert (step.lead, step.words) == ("To ring.", "Ring her about Thursday.")


def test_who_recorded_what_the_family_said_is_named(app: Flask, cast: Cast) -> None:
    transact(
        lambda: record_choice(
            cast.hannah, "yes", on=NOW.date(), how="phone", by=cast.tamsin, at=NOW
        )
    )

    page = signed_in(app, cast.jago).get("/families/F1042").text

    assert "recorded by Tamsin Nance" in page
    assert "Next: book the goals visit." in page


def test_a_family_whose_carer_became_a_peer_parent_is_asked_for_nothing(
    app: Flask, cast: Cast
) -> None:
    transact(
        lambda: record_choice(
            cast.hannah, "yes", on=NOW.date(), how="phone", by=cast.tamsin, at=NOW
        )
    )
    cast.hannah.closed_to_matchers = True
    db.session.commit()

    page = signed_in(app, cast.morwenna).get("/families/F1042").text

    assert "book the goals visit" not in page
