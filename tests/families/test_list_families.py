"""The list of families: who sees whom, search, sorting, stages, pages."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.families import hooks
from app.families.add_family import add_family
from app.families.listing import PAGE, Asked, list_families
from app.families.models import Family
from app.families.queries import family_by_reference, visible_to
from tests.cast import NOW, Cast


def seen(user) -> list[str]:
    return sorted(family.reference for family in db.session.scalars(visible_to(user)))


def found(user, words: str = "", **asked) -> list[str]:
    listed = list_families(user, Asked(words=words, **asked), at=NOW)
    return [family.reference for family in listed.families]


def test_a_practitioner_sees_only_their_own(app: Flask, cast: Cast) -> None:
    assert [seen(user) for user in (cast.tamsin, cast.kerensa)] == [["F1042"], ["F1031"]]


def test_a_closed_record_is_shut_to_coordinators(app: Flask, cast: Cast) -> None:
    cast.jodie.closed_to_matchers = True
    db.session.flush()

    assert (seen(cast.jago), seen(cast.morwenna)) == (["F1042"], ["F1031", "F1042"])
    assert seen(cast.kerensa) == ["F1031"]


@pytest.mark.parametrize(
    "reference", ["F1031", "F9999", "", "'; drop table family", "f1042 or 1=1"]
)
def test_another_family_and_a_missing_one_are_the_same_nothing(
    app: Flask, cast: Cast, reference: str
) -> None:
    assert family_by_reference(cast.tamsin, reference) is None


def test_a_reference_is_read_in_either_case(app: Flask, cast: Cast) -> None:
    family = family_by_reference(cast.tamsin, " f1042 ")

    assert family is not None
    assert family.name == "Hannah Rowe"


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("hannah", ["F1042"]),
        ("ROWE", ["F1042"]),
        ("rowe hannah", ["F1042"]),
        ("f1042", ["F1042"]),
        ("07700 900 142", ["F1042"]),
        ("+44 7700 900142", ["F1042"]),
        ("900 142", ["F1042"]),
        ("07700 900", ["F1031", "F1042"]),
        ("12", []),
        ("%", []),
        ("_", []),
        ("hannah hosking", []),
        ("1 Example Street", []),
        ("Leo", []),
    ],
)
def test_search_takes_name_reference_and_phone_and_nothing_else(
    app: Flask, cast: Cast, words: str, hits: list[str]
) -> None:
    assert sorted(found(cast.morwenna, words)) == hits


def test_search_ignores_accents_and_marks(app: Flask) -> None:
    add_family(carer={"first_name": "Siobhán", "surname": "O’Neill"}, by="test", at=NOW)
    manager = type("Somebody", (), {"role": "manager", "id": 1})()

    assert found(manager, "siobhan o'neill") == ["F1000"]


def test_search_never_reaches_another_practitioners_family(app: Flask, cast: Cast) -> None:
    assert found(cast.tamsin, "Hosking") == []


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["F1042", "F1031"]),
        ("-name", ["F1031", "F1042"]),
        ("reference", ["F1031", "F1042"]),
        ("practitioner", ["F1031", "F1042"]),
        ("-practitioner", ["F1042", "F1031"]),
        ("id); drop table family --", ["F1031", "F1042"]),
    ],
)
def test_sorting_knows_only_its_columns(
    app: Flask, cast: Cast, sort: str, order: list[str]
) -> None:
    assert found(cast.morwenna, sort=sort) == order


def test_stages_narrow_the_list_and_are_counted(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = hooks.Stage(
        "Hannah’s", "Nobody.", lambda: select(Family.id).where(Family.reference == "F1042")
    )
    monkeypatch.setattr(hooks.stages, "_entries", {"hers": only})

    listed = list_families(cast.morwenna, Asked(stage="hers"), at=NOW)

    assert [family.reference for family in listed.families] == ["F1042"]
    assert listed.counts == {"": 2, "hers": 1}
    assert list_families(cast.kerensa, Asked(), at=NOW).counts == {"": 1, "hers": 0}


@pytest.mark.parametrize(
    ("page", "shown", "number"), [(1, 50, 1), (2, 3, 2), (99, 3, 2), (-1, 50, 1)]
)
def test_the_list_comes_in_pages(
    app: Flask, cast: Cast, page: int, shown: int, number: int
) -> None:
    for _ in range(PAGE + 1):
        add_family(carer={"first_name": "Ana"}, by="test", at=NOW)

    listed = list_families(cast.morwenna, Asked(page=page), at=NOW)

    assert (len(listed.families), listed.asked.page, listed.pages) == (shown, number, 2)
