from datetime import date

import pytest

from app.spreadsheets.circumstances import read_circumstances
from app.spreadsheets.limits import outcodes_of, read_limits
from app.spreadsheets.read_team import read_rooms, read_vig_level
from app.spreadsheets.values import Unclear
from app.spreadsheets.words import (
    CarerType,
    Stage,
    Where,
    read_carer_type,
    read_interpreter,
    read_languages,
    read_stage,
    read_ways,
    read_where,
)

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "code", "gender"),
    [
        ("Mum", "birth", "woman"),
        ("birth mum", "birth", "woman"),
        ("Birth-mother", "birth", "woman"),
        ("Dad", "birth", "man"),
        ("birth dad", "birth", "man"),
        ("mum and dad", "birth", None),
        ("parent", "birth", None),
        ("adopter", "adoptive", None),
        ("adoptive parent", "adoptive", None),
        ("Adoptive Dad", "adoptive", "man"),
        ("foster carer", "foster", None),
        ("foster mum", "foster", "woman"),
        ("Gran (SGO)", "kinship", "woman"),
        ("grandparent", "kinship", None),
        ("Grandad", "kinship", "man"),
        ("maternal grandmother", "kinship", "woman"),
        ("kinship carer", "kinship", None),
        ("special guardian", "kinship", None),
        ("aunt", "kinship", "woman"),
        ("step-parent", "step", None),
        ("stepmum", "step", "woman"),
        ("step dad", "step", "man"),
    ],
)
def test_reads_what_kind_of_carer(text, code, gender):
    assert read_carer_type(text) == CarerType(code, gender)


@pytest.mark.parametrize("text", ["friend", "neighbour", "friend of mum", "guardian", "self"])
def test_refuses_a_relationship_that_means_nothing(text):
    with pytest.raises(Unclear):
        read_carer_type(text)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("phone; video", ("phone", "video")),
        ("video / phone", ("phone", "video")),
        ("phone, in person", ("phone", "in_person")),
        ("Phone and text", ("phone", "text")),
        ("face to face or zoom", ("video", "in_person")),
        ("any", ("phone", "video", "in_person", "text")),
        ("text", ("text",)),
    ],
)
def test_reads_ways_to_talk(text, ways):
    assert read_ways(text).values == ways
    assert read_ways(text).unread == ()


def test_a_way_refused_is_given_back():
    assert read_ways("phone; not video") == (("phone",), ("not video",))


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("english", ("English",)),
        ("Kernewek/English", ("Kernewek", "English")),
        ("BSL", ("BSL",)),
        ("English, BSL", ("English", "BSL")),
        ("English; Polish", ("English", "Polish")),
        ("british sign language", ("BSL",)),
        ("Cornish & English", ("Kernewek", "English")),
        ("Kurdish Sorani", ("Kurdish Sorani",)),
    ],
)
def test_reads_languages(text, languages):
    assert read_languages(text) == (languages, ())


def test_a_language_spoken_a_little_is_given_back():
    assert read_languages("Polish (some English)") == (("Polish",), ("some English",))
    assert read_languages("Polish, some English") == (("Polish",), ("some English",))


@pytest.mark.parametrize(
    ("text", "needed", "language"),
    [
        ("Y", True, None),
        ("yes", True, None),
        ("interpreter needed", True, None),
        ("BSL interpreter", True, "BSL"),
        ("Polish", True, "Polish"),
        ("yes - Lithuanian", True, "Lithuanian"),
        ("Y (Polish)", True, "Polish"),
        ("N", False, None),
        ("none", False, None),
        ("unsure", None, None),
    ],
)
def test_reads_whether_an_interpreter_is_needed(text, needed, language):
    assert read_interpreter(text) == (needed, language)


@pytest.mark.parametrize("text", ["sister translates for her", "no - speaks some English", "12"])
def test_refuses_an_unclear_interpreter(text):
    with pytest.raises(Unclear):
        read_interpreter(text)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("home", Where("home")),
        ("At home", Where("home")),
        ("hub", Where("venue")),
        ("school", Where("school")),
        ("not at home", Where("not_home")),
        ("teams", Where("online")),
        ("phone", Where("phone")),
        ("Truro Family Hub", Where("named", "Truro Family Hub")),
        ("Wadebridge Children’s Centre", Where("named", "Wadebridge Children’s Centre")),
        ("anywhere", None),
    ],
)
def test_reads_where_to_meet(text, where):
    assert read_where(text) == where


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("enquiry", Stage("enquiry")),
        ("waiting to talk", Stage("waiting_to_talk")),
        ("chosen", Stage("chosen")),
        ("not now", Stage("not_now")),
        ("not now - ask March", Stage("not_now", ask_again_on=date(2027, 3, 1))),
        ("not now until Jan 2027", Stage("not_now", ask_again_on=date(2027, 1, 1))),
        ("cycles", Stage("cycles")),
        ("cycle 2 of 3", Stage("cycles", 2, 3)),
        ("Cycle two of three", Stage("cycles", 2, 3)),
        ("cycle 2/3", Stage("cycles", 2, 3)),
        ("ended", Stage("ended")),
        ("withdrew", Stage("withdrew")),
    ],
)
def test_reads_the_stage(text, stage):
    assert read_stage(text, TODAY) == stage


@pytest.mark.parametrize("text", ["cycle 5 of 3", "somewhere", "on hold"])
def test_refuses_a_stage_that_is_none(text):
    with pytest.raises(Unclear):
        read_stage(text, TODAY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("school refusal; adoption; twins", ("school refusal", "adoption", "twins")),
        ("Dad’s story; PND", ("dad's story", "postnatal depression")),
        ("domestic abuse (past)", ("domestic abuse (past)",)),
        ("Send, autism", ("SEND", "autism")),
        ("anxiety and bereavement", ("anxiety", "bereavement")),
        ("twins, multiples", ("twins",)),
    ],
)
def test_a_circumstance_has_one_spelling(text, words):
    assert read_circumstances(text) == (words, ())


def test_a_circumstance_that_is_not_known_is_given_back():
    assert read_circumstances("twins; house fire") == (("twins",), ("house fire",))


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("no texts after 6pm", ("no_texts_after_18",)),
        ("No texts after 18:00", ("no_texts_after_18",)),
        ("no texts after 6", ("no_texts_after_18",)),
        ("not fostering", ("not_fostering",)),
        ("mums only", ("mums_only",)),
        ("dads only", ("dads_only",)),
        ("not Camborne", ("not_outcode:TR14",)),
        ("not Newquay", ("not_outcode:TR7", "not_outcode:TR8")),
        ("not TR15", ("not_outcode:TR15",)),
        ("not about twins", ("not_about:twins",)),
        ("no autism; mums only", ("not_about:autism", "mums_only")),
        ("none", ()),
    ],
)
def test_reads_a_peers_limits_as_codes(text, limits):
    assert read_limits(text) == (limits, ())


def test_a_limit_that_is_not_known_is_given_back_in_its_words():
    assert read_limits("mums only; not while dad is home") == (
        ("mums_only",),
        ("not while dad is home",),
    )
    assert outcodes_of("Atlantis") == []


@pytest.mark.parametrize(
    ("text", "level"),
    [("trainee 3", "trainee_3"), ("Trainee (stage 1)", "trainee_1"), ("T2", "trainee_2")]
    + [("accredited", "accredited"), ("Accredited practitioner", "accredited")]
    + [("supervisor", "supervisor"), ("VIG supervisor", "supervisor")],
)
def test_reads_a_vig_level(text, level):
    assert read_vig_level(text) == level


@pytest.mark.parametrize("text", ["trainee", "trainee 4", "expert"])
def test_refuses_a_vig_level_that_is_none(text):
    with pytest.raises(Unclear):
        read_vig_level(text)


@pytest.mark.parametrize(
    ("text", "rooms"),
    [
        ("2", ("Room 1", "Room 2")),
        ("two rooms", ("Room 1", "Room 2")),
        ("0", ()),
        ("none", ()),
        ("Rainbow room; Quiet room", ("Rainbow room", "Quiet room")),
        ("Blue, Blue", ("Blue", "Blue 2")),
        ("Garden", ("Garden",)),
    ],
)
def test_reads_rooms(text, rooms):
    assert read_rooms(text) == rooms


def test_refuses_more_rooms_than_a_house_has():
    with pytest.raises(Unclear):
        read_rooms("400")
