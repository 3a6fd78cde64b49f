"""New families: their reference, and nothing assumed about texting or the home."""

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db, transact
from app.errors import DomainError
from app.families.add_family import add_family
from app.families.models import Carer, Child, Family
from app.places.models import Place
from tests.cast import NOW, Cast

ANA = {"first_name": "Ana"}


def carers(family: Family) -> list[Carer]:
    return db.session.query(Carer).filter_by(family_id=family.id).order_by(Carer.position).all()


def test_the_first_family_is_f1000_and_each_is_one_higher(app: Flask) -> None:
    made = [add_family(carer=ANA, by="test", at=NOW).reference for _ in range(3)]

    assert made == ["F1000", "F1001", "F1002"]


def test_a_reference_goes_on_from_the_highest_whatever_else_is_there(
    app: Flask, cast: Cast
) -> None:
    add_family(carer=ANA, reference="F99A", by="test", at=NOW)
    add_family(carer=ANA, reference="OLD-7", by="test", at=NOW)

    assert add_family(carer=ANA, by="test", at=NOW).reference == "F1043"


def test_a_reference_that_is_taken_is_refused(app: Flask, cast: Cast) -> None:
    with pytest.raises(DomainError) as refused:
        add_family(carer=ANA, reference="F1042", by="test", at=NOW)

    assert refused.value.field == "reference"


def test_families_added_at_once_never_share_a_reference(app: Flask) -> None:
    gate, made = threading.Barrier(8), []

    def add() -> None:
        with app.app_context():
            gate.wait()
            made.append(transact(lambda: add_family(carer=ANA, by="test", at=NOW).reference))
            db.session.remove()

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(made) == [f"F{1000 + n}" for n in range(8)]


def test_without_an_answer_texting_is_not_asked(app: Flask) -> None:
    carer = carers(add_family(carer={**ANA, "mobile": "07700 900 321"}, by="test", at=NOW))[0]

    assert (carer.safe_to_text, carer.wording, carer.link_ok) == ("not_asked", "strict", False)
    assert carer.checked_on is None


def test_an_answer_about_texting_is_dated_with_who_asked(app: Flask, cast: Cast) -> None:
    clear = {**ANA, "mobile": "07700 900 321", "safe_to_text": "yes", "phone_owner": "own"}

    carer = carers(add_family(carer=clear, by=cast.jago, at=NOW))[0]

    assert (carer.checked_on, carer.checked_by) == (date(2026, 11, 23), "Jago Penrose")
    assert carer.mobile == "+447700900321"


@pytest.mark.parametrize(
    ("carer", "field"),
    [
        ({"first_name": " "}, "first_name"),
        ({**ANA, "mobile": "01632 960 123"}, "mobile"),
        ({**ANA, "mobile": "07700 900 32"}, "mobile"),
        ({**ANA, "safe_to_text": "yes"}, "mobile"),
        ({**ANA, "safe_to_text": "maybe"}, "safe_to_text"),
        ({**ANA, "surname": "x" * 81}, "surname"),
        (
            {**ANA, "mobile": "07700 900 321", "safe_to_text": "yes", "phone_owner": "child"},
            "phone_owner",
        ),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(app: Flask, carer, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        add_family(carer=carer, by="test", at=NOW)

    assert refused.value.field == field


def test_a_home_is_made_from_a_postcode_and_is_not_assessed(app: Flask) -> None:
    family = add_family(carer=ANA, postcode="tr152pg", by="test", at=NOW)

    home = db.session.get(Place, family.home_id)

    assert home is not None
    assert (home.kind, home.postcode, home.family_id) == ("home", "TR15 2PG", family.id)


def test_carers_and_children_come_with_it_and_it_is_on_record(app: Flask, cast: Cast) -> None:
    family = add_family(
        carer=ANA,
        carers=[{"first_name": "Rui"}],
        children=[{"first_name": "Mia", "born_on": date(2024, 2, 1)}],
        by=cast.jago,
        at=NOW,
        language="Portuguese",
    )

    assert [(c.first_name, c.position) for c in carers(family)] == [("Ana", 1), ("Rui", 2)]
    assert db.session.scalars(select(Child).where(Child.family_id == family.id)).one()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "family:added")).one()
    assert (entry.family_id, entry.by) == (family.id, f"staff:{cast.jago.id}")
