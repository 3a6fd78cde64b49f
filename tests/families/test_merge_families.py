"""Two records of one family: who is found, what moves, and the stricter answer about safety."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.errors import DomainError
from app.families import hooks
from app.families.add_family import add_family
from app.families.change_family import add_note
from app.families.duplicates import SAME_NAME, SAME_NAME_AND_HOME, SAME_NUMBER, possible_duplicates
from app.families.merge import merge_families
from app.families.models import Carer, Child, Family
from app.families.queries import family_by_reference, notes_of, visible_to
from app.families.recipient import carer_recipient
from app.links.tokens import live_link, make_link
from app.windows import read_windows
from tests.cast import NOW, Cast


def again(**more) -> Family:
    """Hannah Rowe, entered a second time."""
    carer = {"first_name": "Hannah", "surname": "Rowe", **more.pop("carer", {})}
    return add_family(carer=carer, by="test", at=NOW, **more)


def carers(family: Family) -> list[Carer]:
    return list(
        db.session.scalars(
            select(Carer).where(Carer.family_id == family.id).order_by(Carer.position)
        )
    )


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"mobile": "+447700900142"}, SAME_NUMBER),
        ({"first_name": "hannah", "surname": "ROWE", "postcode": "tr15 9zz"}, SAME_NAME_AND_HOME),
        ({"first_name": "Hannah", "surname": "Rowe", "postcode": "PL1"}, SAME_NAME),
        ({"first_name": "Hannah"}, None),
        ({"first_name": "Hanna", "surname": "Rowe", "mobile": "+447700900999"}, None),
    ],
)
def test_who_may_be_the_same(app: Flask, cast: Cast, asked, why: str | None) -> None:
    found = [(twin.family.reference, twin.why) for twin in possible_duplicates(**asked)]

    assert found == ([("F1042", why)] if why else [])


def test_a_name_is_found_however_its_accents_are_typed(app: Flask) -> None:
    add_family(carer={"first_name": "Siobhán", "surname": "O’Neill"}, by="test", at=NOW)

    assert possible_duplicates(first_name="siobhan", surname="O'Neill")


def test_people_notes_and_home_move_and_the_duplicate_leads_on(app: Flask, cast: Cast) -> None:
    twin = again(children=[{"first_name": "Isla"}], postcode="TR1 3AY")
    add_note(twin, "Came twice.", by="test", at=NOW)

    merge_families(twin, cast.hannah, by=cast.jago, at=NOW)

    assert {c.family_id for c in db.session.scalars(select(Child))} == {
        cast.hannah.id,
        cast.jodie.id,
    }
    assert [note.words for note in notes_of(cast.hannah.id)] == ["Came twice."]
    found = family_by_reference(cast.jago, twin.reference)
    assert found is not None
    assert found.reference == "F1042"


def test_a_merged_family_is_in_no_list(app: Flask, cast: Cast) -> None:
    twin = again()
    merge_families(twin, cast.hannah, by=cast.jago, at=NOW)

    listed = [family.reference for family in db.session.scalars(visible_to(cast.morwenna))]

    assert sorted(listed) == ["F1031", "F1042"]


def test_the_same_carer_becomes_one_whose_answers_decide(app: Flask, cast: Cast) -> None:
    twin = again(carer={"mobile": "07700 900 142"})
    doubled = carers(twin)[0]

    merge_families(twin, cast.hannah, by=cast.jago, at=NOW)

    kept = carers(cast.hannah)[0]
    assert doubled.same_as_id == kept.id
    recipient = carer_recipient(doubled.id)
    assert recipient is not None
    assert (recipient.id, recipient.refusal) == (kept.id, None)


@pytest.mark.parametrize(
    ("said", "safe", "wording"),
    [
        ({}, "yes", "full"),  # never asked: says nothing
        ({"safe_to_text": "no", "mobile": "07700 900 142"}, "no", "strict"),
        (
            {"safe_to_text": "yes", "mobile": "07700 900 142", "wording": "neutral"},
            "yes",
            "neutral",
        ),
    ],
)
def test_the_stricter_answer_holds(app: Flask, cast: Cast, said, safe: str, wording: str) -> None:
    merge_families(again(carer=said), cast.hannah, by=cast.jago, at=NOW)

    kept = carers(cast.hannah)[0]

    assert (kept.safe_to_text, kept.wording) == (safe, wording)


@pytest.mark.parametrize(
    ("known", "said", "kept"),
    [
        (None, "Mon 10:00-12:00", "Mon 10:00-12:00"),
        ("Mon-Fri 9:00-11:00", "Mon 10:00-12:00", "Mon 10:00-11:00"),
        ("Mon-Fri 9:00-11:00", None, "Mon-Fri 9:00-11:00"),
    ],
)
def test_only_times_that_are_safe_by_both_stay_safe(
    app: Flask, cast: Cast, known: str | None, said: str | None, kept: str
) -> None:
    hannah = carers(cast.hannah)[0]
    hannah.safe_times = read_windows(known) if known else None
    twin = again(carer={"safe_times": read_windows(said) if said else None})

    merge_families(twin, cast.hannah, by=cast.jago, at=NOW)

    assert carer_recipient(hannah.id).safe_times == read_windows(kept)


def test_what_was_noted_about_reaching_them_is_kept_from_both(app: Flask, cast: Cast) -> None:
    hannah = carers(cast.hannah)[0]
    hannah.contact_note = "Rings back after work."
    twin = again(carer={"contact_note": "Never ring the landline."})

    merge_families(twin, cast.hannah, by=cast.jago, at=NOW)

    assert hannah.contact_note == "Rings back after work.\nNever ring the landline."


def test_a_yes_to_texting_is_never_taken_over(app: Flask, cast: Cast) -> None:
    mine = carers(cast.hannah)[0]
    mine.safe_to_text, mine.mobile = "not_asked", None
    twin = again(carer={"mobile": "07700 900 142", "safe_to_text": "yes", "phone_owner": "own"})

    merge_families(twin, cast.hannah, by=cast.jago, at=NOW)

    assert (mine.mobile, mine.safe_to_text) == ("+447700900142", "not_asked")


def test_somebody_else_comes_after_those_who_are_there(app: Flask, cast: Cast) -> None:
    twin = add_family(carer={"first_name": "Rui"}, by="test", at=NOW)

    merge_families(twin, cast.hannah, by=cast.jago, at=NOW)

    assert [(c.first_name, c.same_as_id) for c in carers(cast.hannah)] == [
        ("Hannah", None),
        ("Rui", None),
    ]


def test_links_of_both_end(app: Flask, cast: Cast) -> None:
    twin = again()
    later = NOW + timedelta(days=5)
    links = [
        make_link("a", 1, "carer", person.id, expires_at=later, at=NOW)
        for person in (*carers(twin), *carers(cast.hannah))
    ]

    merge_families(twin, cast.hannah, by=cast.jago, at=NOW)

    assert [live_link("a", link, at=NOW) for link in links] == [None, None]


def test_wishes_fill_gaps_and_keep_the_stricter(app: Flask, cast: Cast) -> None:
    twin = again(
        school="Mount School", near_is_fine=True, carers_keep_apart=True, not_outcodes=["TR1"],
        came_on=date(2026, 6, 1), language="Polish",
    )  # fmt: skip

    merge_families(twin, cast.hannah, by=cast.jago, at=NOW)

    into = cast.hannah
    assert (into.school, into.language, into.came_on) == (
        "Mount School", "English", date(2026, 6, 1),
    )  # fmt: skip
    assert (into.near_is_fine, into.carers_keep_apart, into.not_outcodes) == (False, True, ["TR1"])


def test_a_family_is_not_joined_with_itself_nor_twice(app: Flask, cast: Cast) -> None:
    twin = again()
    with pytest.raises(DomainError):
        merge_families(twin, twin, by=cast.jago, at=NOW)

    merge_families(twin, cast.hannah, by=cast.jago, at=NOW)
    with pytest.raises(DomainError):
        merge_families(twin, cast.jodie, by=cast.jago, at=NOW)


def test_those_above_move_their_own(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[tuple[str, str]] = []

    def move(duplicate, into, by, at) -> None:
        moved.append((duplicate.reference, into.reference))

    monkeypatch.setattr(hooks.on_merge, "_entries", {"test": move})

    merge_families(again(), cast.hannah, by=cast.jago, at=NOW)

    assert moved == [("F1043", "F1042")]


def test_a_no_to_e_mail_holds_for_both_and_a_yes_is_not_taken_over(app: Flask, cast: Cast) -> None:
    mail = {"email": "h@example.org", "safe_to_email": "yes", "prefers": "email"}
    (kept,) = carers(cast.hannah)
    merge_families(again(carer={"safe_to_email": "yes", **mail}), cast.hannah, by="test", at=NOW)
    assert (kept.safe_to_email, kept.prefers) == ("not_asked", "text")

    for name, value in mail.items():
        setattr(kept, name, value)
    merge_families(again(carer={"safe_to_email": "no"}), cast.hannah, by="test", at=NOW)
    assert (kept.safe_to_email, kept.prefers) == ("no", "text")
