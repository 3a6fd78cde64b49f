"""Places and rooms: what fits, what is refused, what closing means."""

import pytest
from flask import Flask

from app.audit.record import history
from app.db import db
from app.errors import DomainError, Stale
from app.places.keep_places import (
    add_place,
    add_room,
    change_place,
    close_place,
    close_room,
    reopen_place,
)
from app.places.postcodes import tidy_postcode
from app.places.queries import list_places, place_by_id
from tests.cast import NOW, Cast


def names(words: str = "", **more) -> list[str]:
    return [place.name for place in list_places(words, **more)]


def test_a_place_comes_with_its_rooms(app: Flask, cast: Cast) -> None:
    place = add_place(
        kind="venue", name=" Bodmin  Family Hub ", postcode="pl312jb", rooms=["Blue", "Red"],
        phone="01632 960 121", by=cast.jago, at=NOW,
    )  # fmt: skip

    found = place_by_id(place.id)
    assert found is not None
    assert (found.name, found.postcode, found.phone) == (
        "Bodmin Family Hub", "PL31 2JB", "+441632960121",
    )  # fmt: skip
    assert [room.name for room in found.rooms] == ["Blue", "Red"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "home"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "truro family hub"}, "name"),
        ({"postcode": "Truro"}, "postcode"),
        ({"phone": "12"}, "phone"),
        ({"signal": "great"}, "signal"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(
    app: Flask, cast: Cast, given, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        add_place(**{"kind": "venue", "name": "Hub", "by": cast.jago, "at": NOW, **given})

    assert refused.value.field == field


def test_a_video_link_lies_nowhere(app: Flask, cast: Cast) -> None:
    place = add_place(kind="online", name="Teams", postcode="TR1 3AY", by=cast.jago, at=NOW)

    assert (place.postcode, place.is_travelled_to) == (None, False)


def test_homes_are_never_among_places(app: Flask, cast: Cast) -> None:
    assert names() == ["Truro Family Hub"]
    assert place_by_id(cast.hannah.home_id) is None


@pytest.mark.parametrize(
    ("words", "hits"), [("truro", 1), ("tr1 3", 1), ("%", 0), ("_", 0), ("bodmin", 0)]
)
def test_search_takes_name_and_postcode(app: Flask, cast: Cast, words: str, hits: int) -> None:
    assert len(names(words)) == hits


def test_only_what_changed_is_stored_and_audited(app: Flask, cast: Cast) -> None:
    changed = change_place(cast.hub, signal="patchy", postcode="TR1 3AY", by=cast.jago, at=NOW)

    assert changed == ["signal"]
    assert history(cast.hub)[0].detail == {"fields": ["signal"]}
    with pytest.raises(Stale):
        change_place(cast.hub, signal="good", by=cast.jago, at=NOW, expect_version=1)


def test_a_closed_place_is_listed_apart_and_opens_again(app: Flask, cast: Cast) -> None:
    close_place(cast.hub, by=cast.jago, at=NOW)
    assert (names(), names(closed=True)) == ([], ["Truro Family Hub"])
    with pytest.raises(DomainError):
        close_place(cast.hub, by=cast.jago, at=NOW)

    reopen_place(cast.hub, by=cast.jago, at=NOW)
    assert names() == ["Truro Family Hub"]


def test_a_name_that_was_given_again_cannot_be_opened_twice(app: Flask, cast: Cast) -> None:
    close_place(cast.hub, by=cast.jago, at=NOW)
    add_place(kind="venue", name="Truro Family Hub", by=cast.jago, at=NOW)

    with pytest.raises(DomainError):
        reopen_place(cast.hub, by=cast.jago, at=NOW)


def test_rooms_open_close_and_open_again(app: Flask, cast: Cast) -> None:
    room = add_room(cast.hub, "Room  3", by=cast.jago, at=NOW)
    for name in ("Room 3", "", "x" * 81):
        with pytest.raises(DomainError):
            add_room(cast.hub, name, by=cast.jago, at=NOW)

    close_room(cast.hub, room, by=cast.jago, at=NOW)
    again = add_room(cast.hub, "Room 3", by=cast.jago, at=NOW)

    db.session.flush()
    assert (again.id, again.closed_at) == (room.id, None)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("tr15 2pg", "TR15 2PG"),
        ("TR152PG", "TR15 2PG"),
        (" tr15 ", "TR15"),
        ("", None),
        (None, None),
    ],
)
def test_postcodes_are_stored_one_way(typed: str | None, stored: str | None) -> None:
    assert tidy_postcode(typed) == stored
