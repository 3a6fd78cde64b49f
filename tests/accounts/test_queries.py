"""Who sees whom, and what messaging may know of staff."""

import pytest

from app.accounts import queries
from app.db import db
from tests.cast import NOW


@pytest.fixture
def kerensa_left(cast):
    cast.kerensa.left_at = NOW
    db.session.commit()
    return cast


def test_only_managers_see_who_left(kerensa_left):
    def seen(user) -> int:
        return len(db.session.scalars(queries.visible_to(user)).all())

    assert (seen(kerensa_left.morwenna), seen(kerensa_left.tamsin)) == (4, 3)


def test_the_team_is_who_takes_visits_and_works_here(kerensa_left):
    assert [person.name for person in queries.team()] == ["Tamsin Nance"]


def test_managers_are_the_active_ones(cast):
    assert [person.name for person in queries.managers()] == ["Morwenna Trevithick"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Tamsin Nance", "Tamsin Nance"),
        (" tamsin  nance ", "Tamsin Nance"),
        ("Tamsin", "Tamsin Nance"),
        ("Kerensa Tregenza", "Kerensa Tregenza"),
        ("Tam", None),
        ("", None),
    ],
)
def test_finds_somebody_by_the_name_people_write(kerensa_left, written, name):
    found = queries.staff_named(written)

    assert (found.name if found else None) == name


def test_a_first_name_that_two_have_finds_nobody(cast):
    cast.kerensa.name = "Tamsin Tregenza"
    db.session.commit()

    assert queries.staff_named("Tamsin") is None


def test_staff_may_be_texted_where_they_have_a_mobile(cast):
    cast.jago.mobile = None
    db.session.commit()

    tamsin, jago = (queries.staff_recipient(p.id) for p in (cast.tamsin, cast.jago))

    assert (tamsin.refusal, tamsin.number) == (None, "+447700900517")
    assert "no mobile number" in jago.refusal
    assert jago.email_refusal is None
    assert queries.staff_recipient(9999) is None


def test_somebody_who_left_gets_nothing(kerensa_left):
    kerensa = queries.staff_recipient(kerensa_left.kerensa.id)

    assert (kerensa.refusal, kerensa.email_refusal) == ("Kerensa Tregenza has left.",) * 2


def test_knows_whose_number_it_is_while_they_work_here(kerensa_left):
    assert queries.owners("+447700900517") == [
        ("staff", kerensa_left.tamsin.id, "Tamsin Nance", None)
    ]
    assert queries.owners("+447700900243") == []


def test_names_the_actor_of_an_audit_entry(cast):
    assert queries.who(f"staff:{cast.tamsin.id}") == "Tamsin Nance"
    assert queries.who("cli") == "cli"
