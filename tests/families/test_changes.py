"""Changing families, carers, children, homes and notes."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.record import history
from app.db import db
from app.errors import DomainError, Stale
from app.families import hooks
from app.families.carers import add_carer, carer_leaves, change_carer
from app.families.change_family import add_note, change_family, keep_carers_apart
from app.families.children import add_child, change_child
from app.families.home import move_home
from app.families.models import Carer, Child
from app.families.queries import notes_of
from app.links.tokens import live_link, make_link
from app.places.models import Place
from app.risk.models import Assessment
from tests.cast import NOW, Cast


def first_carer(cast: Cast) -> Carer:
    return db.session.scalars(select(Carer).where(Carer.family_id == cast.hannah.id)).one()


def test_only_what_changed_is_stored_and_audited(app: Flask, cast: Cast) -> None:
    changed = change_family(
        cast.hannah, language="English", interpreter="Polish", by=cast.jago, at=NOW
    )

    assert changed == ["interpreter"]
    assert cast.hannah.version == 2
    assert history(cast.hannah)[0].detail == {"fields": ["interpreter"]}


def test_nothing_changed_is_no_new_version(app: Flask, cast: Cast) -> None:
    assert change_family(cast.hannah, language="English", by=cast.jago, at=NOW) == []
    assert cast.hannah.version == 1


def test_a_form_opened_before_a_change_is_stale(app: Flask, cast: Cast) -> None:
    change_family(cast.hannah, interpreter="BSL", by=cast.jago, at=NOW)

    with pytest.raises(Stale):
        change_family(cast.hannah, language="Polish", by=cast.tamsin, at=NOW, expect_version=1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"where": "moon"}, "where"),
        ({"ways_to_talk": ["pigeon"]}, "ways_to_talk"),
        ({"not_outcodes": ["Truro"]}, "not_outcodes"),
        ({"language": ""}, "language"),
        ({"gender_wish": "x"}, "gender_wish"),
        ({"practitioner_id": 999}, "practitioner_id"),
    ],
)
def test_what_no_form_offers_is_refused(app: Flask, cast: Cast, given, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        change_family(cast.hannah, by=cast.jago, at=NOW, **given)

    assert refused.value.field == field


def test_a_family_goes_only_to_somebody_who_makes_visits(app: Flask, cast: Cast) -> None:
    with pytest.raises(DomainError):
        change_family(cast.hannah, practitioner_id=cast.jago.id, by=cast.jago, at=NOW)

    change_family(cast.hannah, practitioner_id=cast.kerensa.id, by=cast.jago, at=NOW)
    assert cast.hannah.practitioner_id == cast.kerensa.id


def test_a_second_carer_starts_with_nothing_of_the_first(app: Flask, cast: Cast) -> None:
    rui = add_carer(cast.hannah, first_name="Rui", by=cast.jago, at=NOW)

    assert (rui.position, rui.mobile, rui.safe_to_text) == (2, None, "not_asked")


def test_carers_are_kept_apart_only_where_there_are_two(app: Flask, cast: Cast) -> None:
    with pytest.raises(DomainError):
        keep_carers_apart(cast.hannah, True, by=cast.jago, at=NOW)

    add_carer(cast.hannah, first_name="Rui", by=cast.jago, at=NOW)
    keep_carers_apart(cast.hannah, True, by=cast.jago, at=NOW)
    assert cast.hannah.carers_keep_apart


def test_a_changed_name_is_found_by_search(app: Flask, cast: Cast) -> None:
    hannah = first_carer(cast)

    assert change_carer(hannah, surname="O’Neill", by=cast.jago, at=NOW) == ["surname"]
    db.session.flush()
    assert hannah.search_name == "hannah oneill"


def test_a_carers_name_is_not_the_way_to_change_their_phone(app: Flask, cast: Cast) -> None:
    with pytest.raises(TypeError):
        change_carer(first_carer(cast), mobile="07700900111", by=cast.jago, at=NOW)


def test_who_leaves_keeps_no_link(app: Flask, cast: Cast) -> None:
    hannah = first_carer(cast)
    link = make_link("a", 1, "carer", hannah.id, expires_at=NOW + timedelta(days=3), at=NOW)

    carer_leaves(hannah, on=date(2026, 11, 20), by=cast.jago, at=NOW)

    assert live_link("a", link, at=NOW) is None
    with pytest.raises(DomainError, match="already"):
        carer_leaves(hannah, on=date(2026, 11, 20), by=cast.jago, at=NOW)


def test_nobody_leaves_tomorrow(app: Flask, cast: Cast) -> None:
    with pytest.raises(DomainError) as refused:
        carer_leaves(first_carer(cast), on=date(2026, 11, 24), by=cast.jago, at=NOW)

    assert refused.value.field == "left_on"


def test_a_child_may_be_expected_and_is_then_born(app: Flask, cast: Cast) -> None:
    child = add_child(cast.hannah, expected_on=date(2027, 2, 1), by=cast.jago, at=NOW)
    assert child.age(date(2026, 11, 23)) == "due Feb 2027"

    later = NOW + timedelta(days=100)
    change_child(child, first_name="Isla", born_on=date(2027, 2, 6), by=cast.jago, at=later)
    assert (child.expected_on, child.age(date(2027, 4, 6))) == (None, "2 months")


def test_a_child_of_whom_nothing_is_known_is_refused(app: Flask, cast: Cast) -> None:
    with pytest.raises(DomainError):
        add_child(cast.hannah, by=cast.jago, at=NOW)


def test_a_birthday_cannot_lie_ahead(app: Flask, cast: Cast) -> None:
    leo = db.session.scalars(select(Child).where(Child.family_id == cast.hannah.id)).one()

    with pytest.raises(DomainError) as refused:
        change_child(leo, born_on=date(2027, 1, 1), by=cast.jago, at=NOW)

    assert refused.value.field == "born_on"


def test_a_new_address_is_a_new_place_and_what_was_found_stays_with_the_old(
    app: Flask, cast: Cast
) -> None:
    before = cast.hannah.home_id

    home = move_home(
        cast.hannah, address="2 Example Road", postcode="tr1 3ay", by=cast.jago, at=NOW
    )

    assert cast.hannah.home_id == home.id != before
    assessed = select(Assessment).where(Assessment.place_id == home.id)
    assert db.session.scalars(assessed).first() is None
    old = db.session.get(Place, before)
    assert old is not None
    assert old.closed_at == NOW


def test_the_same_address_again_is_no_move(app: Flask, cast: Cast) -> None:
    before = cast.hannah.home_id

    move_home(cast.hannah, address="1 Example Street", postcode="TR152PG", by=cast.jago, at=NOW)

    assert cast.hannah.home_id == before


def test_who_booked_at_the_old_address_is_told_of_a_move(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int | None, int]] = []
    before = cast.hannah.home_id

    def tell(family, old, new, by, at) -> None:
        told.append((old and old.id, new.id))

    monkeypatch.setattr(hooks.on_move, "_entries", {"test": tell})

    home = move_home(cast.hannah, address=None, postcode="TR1", by=cast.jago, at=NOW)

    assert told == [(before, home.id)]


@pytest.mark.parametrize(("address", "postcode"), [(None, None), ("", ""), ("2 Road", "nowhere")])
def test_an_address_without_a_readable_postcode_is_refused(
    app: Flask, cast: Cast, address: str | None, postcode: str | None
) -> None:
    with pytest.raises(DomainError):
        move_home(cast.hannah, address=address, postcode=postcode, by=cast.jago, at=NOW)


def test_notes_say_who_wrote_them(app: Flask, cast: Cast) -> None:
    add_note(cast.hannah, "Likes the park.", by=cast.tamsin, at=NOW)

    assert [(n.words, n.by) for n in notes_of(cast.hannah.id)] == [
        ("Likes the park.", "Tamsin Nance")
    ]
