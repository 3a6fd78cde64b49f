"""In which language a carer's texts are, and whether English does."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.families.languages import Spoken
from app.families.models import Carer
from app.families.recipient import carer_recipient
from app.peers.recipient import peer_recipient
from tests.cast import Cast
from tests.statements import statements

SPOKEN = [
    # at home, others, interpreter; texts in, whether English does
    ("English", [], None, "English", True),
    ("Polish", [], None, "Polish", False),
    ("Polish", ["English"], None, "Polish", True),
    ("Polish", ["English"], "Polish", "Polish", False),
    ("English", [], "Polish", "Polish", False),
    ("Kurdish", [], "Arabic", "Arabic", False),
    ("Kurdish", [], "Kurdish", "Kurdish", False),
    ("Polish", [], "language to be asked", "Polish", False),
    ("English", [], "BSL", "English", True),
    ("BSL", [], "BSL", "BSL", True),
    ("British Sign Language", [], None, "British Sign Language", True),
    ("Portuguese (Brazil)", [], None, "Portuguese (Brazil)", False),
]


@pytest.mark.parametrize(("home", "others", "interpreter", "texts_in", "english"), SPOKEN)
def test_texts_are_in_the_language_that_an_interpreter_is_needed_for_or_that_is_spoken_at_home(
    home: str, others: list[str], interpreter: str | None, texts_in: str, english: bool
) -> None:
    spoken = Spoken(home, others, interpreter)

    assert (spoken.texts_in, spoken.reads_english) == (texts_in, english)


def test_a_carer_s_language_is_read_with_them(app: Flask, cast: Cast) -> None:
    cast.hannah.language = "Polish"
    db.session.commit()
    carer_id = db.session.scalars(select(Carer.id).filter_by(family_id=cast.hannah.id)).one()
    db.session.remove()

    with statements() as seen:
        person = carer_recipient(carer_id)

    assert person is not None
    assert (person.language, person.reads_english) == ("Polish", False)
    assert seen.count("SELECT family") == 0


def test_peer_parents_get_english_where_they_speak_it(app: Flask, cast: Cast) -> None:
    cast.chloe.languages = ["Polish", "English"]
    cast.yusuf.languages = ["Arabic"]
    db.session.commit()

    chloe, yusuf = peer_recipient(cast.chloe.id), peer_recipient(cast.yusuf.id)

    assert chloe is not None
    assert yusuf is not None
    assert (chloe.language, chloe.reads_english) == ("English", True)
    assert (yusuf.language, yusuf.reads_english) == ("Arabic", False)
