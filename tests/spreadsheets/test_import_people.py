"""What becomes of families, peer parents, places and practitioners; nothing about safety
guessed.
"""

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.enquiries.models import Choice, Referral
from app.families.models import Carer, Child, Family, FamilyNote
from app.messaging.models import Outbox
from app.peers.models import Peer
from app.places.models import Place
from app.programmes.models import Cycle, Programme
from app.risk.levels import level_of
from app.risk.models import Assessment
from app.spreadsheets.imports import import_files
from app.tasks.models import Task
from tests.cast import NOW
from tests.spreadsheets.sheets import sheet

pytestmark = pytest.mark.one_database


def enter(*files, by="import"):
    return transact(lambda: import_files(files, by=by, at=NOW))


def family(**row):
    """One family, with its practitioner on the team."""
    enter(sheet("practitioners", {}))
    outcome = enter(sheet("families", row))
    return db.session.scalars(select(Family)).one(), outcome


def one(model):
    return db.session.scalars(select(model)).one()


def test_a_family_comes_with_carer_child_home_referral_and_choice(app):
    made, _ = family()

    carer, child, referral = one(Carer), one(Child), one(Referral)
    assert (made.reference, made.came_on) == ("F1000", date(2026, 11, 2))
    assert (carer.name, carer.mobile, carer.safe_to_text) == (
        "Leanne Tonkin", "+447700900140", "yes",
    )  # fmt: skip
    assert (child.first_name, child.born_on, child.born_about) == ("Kai", date(2022, 11, 2), True)
    assert (referral.state, referral.answers["goals_discussed"]) == ("taken_up", "yes")
    steps = select(Choice.step).order_by(Choice.id)
    assert db.session.scalars(steps).all() == ["told_by_referrer", "yes"]


@pytest.mark.parametrize(
    ("cells", "safe"),
    [
        ({}, "yes"),
        ({"Safe to text": "yes"}, "yes"),
        ({"Safe to text": ""}, "not_asked"),
        ({"Safe to text": "Yes but not in the evening"}, "not_asked"),
        ({"Safe to text": "ask first"}, "not_asked"),
        ({"Safe to text": "not safe"}, "no"),
        ({"Mobile": "01726 123456"}, "not_asked"),
        ({"Mobile": "0770090012"}, "not_asked"),
        ({"Whose phone": "landline"}, "not_asked"),
        ({"Whose phone": "child's"}, "not_asked"),
        ({"Safe times": "when he is out"}, "not_asked"),
    ],
)
def test_texting_is_safe_only_with_a_clear_yes_that_nothing_speaks_against(app, cells, safe):
    family(**cells)

    assert one(Carer).safe_to_text == safe


@pytest.mark.parametrize("other", ["peer_parents", "practitioners"])
def test_a_number_that_a_peer_parent_or_the_team_has_too_is_not_texted(app, other):
    outcome = enter(sheet("families", {}), sheet(other, {"Mobile": "07700900140"}))

    assert one(Carer).safe_to_text == "not_asked"
    assert any("has this number too" in p.problem for p in outcome.problems)


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("standard", "standard"),
        ("none known", "not_assessed"),
        ("low", "not_assessed"),
        ("", "not_assessed"),
        ("not yet assessed", "not_assessed"),
        ("ex-partner - see notes", "not_assessed"),
        ("no home visits", "no_home_visits"),
    ],
)
def test_a_home_has_the_level_that_the_row_clearly_says(app, words, level):
    made, _ = family(**{"Lone working": words})

    assert level_of(made.home_id, on=NOW.date()) == level


@pytest.mark.parametrize("words", ["HIGH", "two workers", "raised"])
def test_raised_and_high_wait_for_a_managers_yes(app, words):
    made, outcome = family(**{"Lone working": words})

    assert level_of(made.home_id, on=NOW.date()) == "not_assessed"
    assert one(Assessment).approved_at is None
    assert words in one(Assessment).controls
    assert any("a manager has to agree" in p.problem for p in outcome.problems)


@pytest.mark.parametrize(
    ("stage", "steps"),
    [
        ("enquiry", []),
        ("", []),
        ("waiting to talk", ["wants_to_talk"]),
        ("thinking", ["thinking"]),
        ("chosen", ["yes"]),
        ("not now", ["not_now"]),
        ("no", ["no"]),
        ("withdrew", ["no"]),
        ("cycles", ["yes"]),
        ("ended", []),
        ("not now - after Easter", ["not_now"]),
        ("something else", []),
    ],
)
def test_the_choice_is_what_the_stage_says_and_never_more(app, stage, steps):
    family(Stage=stage, **{"Family's own choice explained": "unsure"})

    assert db.session.scalars(select(Choice.step)).all() == steps
    assert set(db.session.scalars(select(Choice.how))) <= {"spreadsheet"}


@pytest.mark.parametrize("stage", ["chosen", "cycles", "cycle 2 of 3"])
def test_a_yes_to_what_was_not_explained_is_asked_again_and_never_recorded(app, stage):
    family(Stage=stage, **{"Family's own choice explained": "no"})

    assert db.session.scalars(select(Choice.step)).all() == []
    assert db.session.scalars(select(Programme)).all() == []
    assert "ask again" in one(Task).words


def test_that_a_familys_time_has_ended_says_nothing_of_a_yes(app):
    made, _ = family(Stage="ended", **{"Family's own choice explained": "unsure"})

    assert made.ended_on == NOW.date()
    assert db.session.scalars(select(Choice.step)).all() == []


def test_where_to_meet_that_is_not_understood_is_asked_before_the_home_is_taken(app):
    family(Where="gran’s house")

    assert "before the home" in one(Task).words


def test_a_language_that_is_not_understood_is_asked(app):
    family(Language="speaks a little Polish")

    assert "ask which it is" in one(Task).words


def test_cycle_2_of_3_is_a_programme_of_three_with_one_reviewed(app):
    made, _ = family(Stage="cycle 2 of 3")

    cycles = db.session.scalars(select(Cycle).order_by(Cycle.number)).all()
    assert one(Programme).practitioner_id == made.practitioner_id
    assert [cycle.reviewed_on is not None for cycle in cycles] == [True, False, False]


def test_a_family_in_cycles_without_a_practitioner_waits_for_somebody(app):
    _, outcome = family(Stage="cycles", Practitioner="")

    assert db.session.scalars(select(Programme)).all() == []
    assert "start its programme" in one(Task).words
    assert any(p.column == "Stage" for p in outcome.problems)


def test_an_ended_family_has_ended(app):
    made, _ = family(Stage="ended")

    assert made.ended_on == NOW.date()


def test_a_formula_for_a_name_is_a_note_and_a_question(app):
    family(**{"Carer first name": '=HYPERLINK("x")'})

    assert one(Carer).first_name == "Not known"
    assert "HYPERLINK" in one(FamilyNote).words
    assert "ask for it" in one(Task).words


def test_an_interpreter_without_a_language_is_asked_for(app):
    made, _ = family(Interpreter="Y")

    assert made.interpreter == "language to be asked"
    assert "for which language" in one(Task).words


@pytest.mark.parametrize(
    ("notes", "asked"),
    [
        ("moved house in Oct, check address", "check the address"),
        ("Mum’s sister is a peer parent", "to keep them apart"),
    ],
)
def test_notes_that_need_somebody_stand_on_the_work_list(app, notes, asked):
    family(Notes=notes)

    assert asked in one(Task).words
    assert notes in one(FamilyNote).words


def test_a_wish_not_to_meet_a_peer_of_the_same_school_stays_a_note(app):
    made, _ = family(Notes="Do not match with peer at same school")

    assert made.near_is_fine is False
    assert "same school" in one(FamilyNote).words


def test_what_is_not_understood_is_a_note_on_the_family(app):
    family(Relationship="friend", Practitioner="Somebody Else", Where="the beach hut")

    words = one(FamilyNote).words
    assert "friend" in words
    assert "Somebody Else" in words
    assert "the beach hut" in words


@pytest.mark.parametrize("where", ["Truro Family Hub", "Truro hub", "truro family hub "])
def test_a_named_place_is_the_preferred_one(app, where):
    enter(sheet("places", {}))
    made, _ = family(Where=where)

    assert made.where == "venue"
    assert db.session.get(Place, made.preferred_place_id).name == "Truro Family Hub"


def test_a_family_that_is_in_already_is_left_out_with_what_to_do(app):
    family()

    outcome = enter(sheet("families", {"Notes": "new words"}))

    assert outcome.imported == 0
    assert "in the service already" in outcome.problems[-1].problem


def test_another_familys_reference_is_not_taken_over(app):
    family()

    enter(sheet("families", {"Carer first name": "Priya", "Mobile": "07700 900333"}))

    assert sorted(db.session.scalars(select(Family.reference))) == ["F1000", "F1001"]


def test_staff_come_without_a_password_and_nobody_mails_them(app):
    enter(sheet("practitioners", {}))

    person = one(Staff)
    assert (person.password_hash, person.takes_visits) == (None, True)
    assert db.session.scalars(select(Outbox)).all() == []


@pytest.mark.parametrize("missing", ["Email", "Role"])
def test_nobody_gets_an_account_without_an_address_or_a_role(app, missing):
    outcome = enter(sheet("practitioners", {missing: ""}))

    assert db.session.scalars(select(Staff)).all() == []
    assert [(p.column, p.what_was_done) for p in outcome.problems] == [(missing, "left out")]


def test_a_place_whose_hours_cannot_be_read_is_not_taken_for_always_open(app):
    enter(sheet("places", {"Opening hours": "ask Jan"}))

    place = one(Place)
    assert place.hours is not None
    assert not place.hours
    assert "ask Jan" in place.notes


def test_a_peer_parent_who_left_keeps_no_story(app):
    enter(sheet("peer_parents", {"Status": "left", "Notes": "Lovely", "Experience": "twins"}))

    peer = one(Peer)
    assert (peer.status, peer.notes, peer.circumstances) == ("left", None, [])
    assert peer.safe_to_text == "no"


def test_a_limit_in_words_is_kept_for_somebody_to_read(app):
    enter(sheet("peer_parents", {"Limits": "mums only; only on sunny days"}))

    assert one(Peer).limits == ["mums_only", "only on sunny days"]


def test_a_peer_parent_is_not_texted_until_asked(app):
    enter(sheet("peer_parents", {}))

    assert one(Peer).safe_to_text == "not_asked"
