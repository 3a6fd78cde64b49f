"""How a carer may be reached: never guessed, dated, and any change ends the carer's links."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db
from app.errors import DomainError, Stale
from app.families.add_family import add_family
from app.families.change_contact import change_contact
from app.families.models import Carer, Family
from app.families.recipient import carer_recipient, carer_visible, owners
from app.links.tokens import live_link, make_link
from app.windows import read_windows
from tests.cast import NOW, Cast


def carer_of(family: Family) -> Carer:
    return db.session.scalars(select(Carer).where(Carer.family_id == family.id)).one()


@pytest.fixture
def hannah(cast: Cast) -> Carer:
    return carer_of(cast.hannah)


def refusal(carer: Carer) -> str | None:
    recipient = carer_recipient(carer.id)
    assert recipient is not None
    return recipient.refusal


def test_a_carer_who_said_yes_may_be_texted(hannah: Carer) -> None:
    recipient = carer_recipient(hannah.id)

    assert recipient is not None
    assert recipient.refusal is None
    assert (recipient.number, recipient.wording) == ("+447700900142", "full")


@pytest.mark.parametrize(
    ("stored", "says"),
    [
        ({"safe_to_text": "not_asked"}, "Not asked"),
        ({"safe_to_text": "no"}, "not safe"),
        ({"phone_owner": "child"}, "child’s phone"),
        ({"mobile": None}, "no mobile"),
        ({"mobile": None, "landline": "+441632960123"}, "landline"),
        ({"reads_texts": False}, "cannot read texts: ring"),
        ({"left_on": date(2026, 11, 1)}, "has left"),
    ],
)
def test_every_reason_not_to_text_is_a_sentence(hannah: Carer, stored, says: str) -> None:
    for name, value in stored.items():
        setattr(hannah, name, value)
    db.session.flush()

    assert says in (refusal(hannah) or "")


def test_a_number_on_another_family_waits_until_it_is_confirmed(cast: Cast, hannah: Carer) -> None:
    add_family(carer={"first_name": "Zoe", "mobile": hannah.mobile}, by="test", at=NOW)

    assert "another family" in (refusal(hannah) or "")

    change_contact(hannah, shared_number_ok=True, by=cast.jago, at=NOW)
    assert refusal(hannah) is None


def test_a_confirmed_number_must_be_confirmed_again_after_it_changes(
    cast: Cast, hannah: Carer
) -> None:
    change_contact(hannah, shared_number_ok=True, by=cast.jago, at=NOW)
    change_contact(hannah, mobile="07700 900 287", safe_to_text="yes", by=cast.jago, at=NOW)

    assert "another family" in (refusal(hannah) or "")  # Jodie Hosking's


def test_a_new_number_without_a_new_answer_is_not_asked(cast: Cast, hannah: Carer) -> None:
    change_contact(hannah, mobile="07700 900 654", by=cast.jago, at=NOW)

    assert hannah.safe_to_text == "not_asked"


def test_a_childs_phone_is_refused_in_so_many_words(cast: Cast, hannah: Carer) -> None:
    with pytest.raises(DomainError, match="We never text a child’s phone") as refused:
        change_contact(hannah, phone_owner="child", by=cast.jago, at=NOW)

    assert refused.value.field == "phone_owner"


def test_any_change_ends_the_carers_links_and_only_theirs(cast: Cast, hannah: Carer) -> None:
    later = NOW + timedelta(days=5)
    other = carer_of(cast.jodie)
    mine = make_link("a", 1, "carer", hannah.id, expires_at=later, at=NOW)
    hers = make_link("a", 2, "carer", other.id, expires_at=later, at=NOW)

    change_contact(hannah, voicemail="neutral", by=cast.jago, at=NOW)

    assert live_link("a", mine, at=NOW) is None
    assert live_link("a", hers, at=NOW) is not None


def test_asking_again_with_the_same_answers_only_renews_the_date(cast: Cast, hannah: Carer) -> None:
    link = make_link("a", 1, "carer", hannah.id, expires_at=NOW + timedelta(days=5), at=NOW)

    changed = change_contact(hannah, safe_to_text="yes", by=cast.tamsin, at=NOW)

    assert changed == ["checked_on"]
    assert (hannah.checked_on, hannah.checked_by) == (date(2026, 11, 23), "Tamsin Nance")
    assert live_link("a", link, at=NOW) is not None


def test_what_was_not_asked_anew_keeps_its_date(cast: Cast, hannah: Carer) -> None:
    change_contact(hannah, contact_note="Mornings are best", by=cast.tamsin, at=NOW)

    assert (hannah.checked_on, hannah.checked_by) == (date(2026, 11, 2), "Jago Penrose")


def test_nothing_changed_is_not_recorded(cast: Cast, hannah: Carer) -> None:
    assert change_contact(hannah, wording="full", by=cast.tamsin, at=NOW) == []
    assert hannah.version == 1


def test_the_audit_holds_names_of_fields_and_no_value(cast: Cast, hannah: Carer) -> None:
    change_contact(
        hannah,
        mobile="07700 900 654",
        safe_to_text="no",
        contact_note="ask Dee",
        by=cast.jago,
        at=NOW,
    )

    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.tag == "carer:contact_changed")
    ).one()
    assert entry.detail == {
        "fields": ["contact_note", "mobile", "safe_to_text"],
    }


def test_an_older_form_is_stale(cast: Cast, hannah: Carer) -> None:
    change_contact(hannah, wording="strict", by=cast.jago, at=NOW)

    with pytest.raises(Stale):
        change_contact(hannah, wording="full", by=cast.tamsin, at=NOW, expect_version=1)


def test_safe_times_go_with_the_recipient(cast: Cast, hannah: Carer) -> None:
    times = read_windows("Mon to Thu 9:30-14:30")
    change_contact(hannah, safe_times=times, by=cast.jago, at=NOW)

    recipient = carer_recipient(hannah.id)

    assert recipient is not None
    assert recipient.safe_times == times


def test_everybody_present_with_a_number_owns_it(cast: Cast, hannah: Carer) -> None:
    gone = carer_of(cast.jodie)
    gone.mobile, gone.left_on = hannah.mobile, date(2026, 1, 1)
    db.session.flush()

    assert owners("+447700900142") == [("carer", hannah.id, "Hannah Rowe", cast.hannah.id)]


def test_a_thread_is_read_by_those_who_see_the_family(cast: Cast, hannah: Carer) -> None:
    readers = (cast.morwenna, cast.jago, cast.tamsin, cast.kerensa)

    assert [carer_visible(hannah.id, user) for user in readers] == [True, True, True, False]


def test_email_goes_only_where_invitations_are_wanted(cast: Cast, hannah: Carer) -> None:
    change_contact(hannah, email="hannah@example.org", by=cast.jago, at=NOW)
    assert carer_recipient(hannah.id).email_refusal is not None

    change_contact(hannah, wants_invitations=True, by=cast.jago, at=NOW)
    assert carer_recipient(hannah.id).email_refusal is None


ADDRESS = "hannah@example.org"
BY_EMAIL = {"email": ADDRESS, "safe_to_email": "yes", "prefers": "email"}


def told_by_email(carer: Carer) -> bool:
    recipient = carer_recipient(carer.id)
    assert recipient is not None
    return recipient.by_email


def test_nobody_is_told_by_e_mail_who_was_not_asked(hannah: Carer) -> None:
    change_contact(hannah, email=ADDRESS, safe_to_text="no", by="test", at=NOW)

    assert (hannah.safe_to_email, told_by_email(hannah)) == ("not_asked", False)


def test_who_would_rather_have_e_mail_and_says_that_it_is_safe_is_told_so(hannah: Carer) -> None:
    change_contact(hannah, by="test", at=NOW, **BY_EMAIL)

    assert told_by_email(hannah)
    assert refusal(hannah) is None  # and may be texted too


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"safe_to_email": "yes"}, "email"),
        ({"prefers": "email"}, "prefers"),
        ({"email": ADDRESS, "prefers": "email", "safe_to_email": "no"}, "prefers"),
        ({"email": ADDRESS, "safe_to_email": "maybe"}, "safe_to_email"),
        ({"prefers": "pigeon"}, "prefers"),
    ],
)
def test_answers_about_e_mail_that_do_not_fit_are_refused_beside_their_field(
    hannah: Carer, answers, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        change_contact(hannah, by="test", at=NOW, **answers)

    assert refused.value.field == field


def test_a_new_address_was_not_asked_about(hannah: Carer) -> None:
    change_contact(hannah, by="test", at=NOW, **BY_EMAIL)
    change_contact(hannah, email="new@example.org", by="test", at=NOW)

    assert (hannah.safe_to_email, hannah.prefers) == ("not_asked", "text")


def test_a_new_address_kept_as_the_preferred_way_asks_for_the_answer(hannah: Carer) -> None:
    change_contact(hannah, by="test", at=NOW, **BY_EMAIL)

    with pytest.raises(DomainError, match="Ask first whether e-mail is safe"):
        change_contact(hannah, email="new@example.org", prefers="email", by="test", at=NOW)


def test_a_way_to_be_told_that_changes_is_recorded(hannah: Carer) -> None:
    changed = change_contact(hannah, by="test", at=NOW, **BY_EMAIL)

    assert changed == ["email", "prefers", "safe_to_email"]
