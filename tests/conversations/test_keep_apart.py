"""Two carers who must not meet: whom a conversation is with is said by a person, never guessed."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.conversations.book_conversation import (
    ConversationTime,
    book_conversation,
    live_appointment,
    pick_time,
)
from app.conversations.family_texts import carer_in, link_recipient
from app.db import db, transact
from app.errors import DomainError
from app.families.change_family import keep_carers_apart
from app.families.models import Carer
from app.scheduling.models import Appointment
from tests.cast import NOW, Cast
from tests.conversations.arranging import FIRST, agreed, texts

SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture
def callum(asking: Cast) -> Carer:
    """Hannah's family has a second carer, and the two must not meet."""
    carer = Carer(
        family_id=asking.hannah.id, first_name="Callum", surname="Rowe", carer_type="birth",
        mobile="+447700900143", phone_owner="own", safe_to_text="yes", wording="full",
        link_ok=True, position=2,
    )  # fmt: skip
    db.session.add(carer)
    db.session.commit()
    transact(lambda: keep_carers_apart(asking.hannah, True, by=asking.jago, at=NOW))
    return carer


def test_nobody_is_guessed_and_no_link_goes_to_either(asking: Cast, callum: Carer) -> None:
    conversation = agreed(asking)

    assert texts("choose_time") == []
    assert link_recipient(conversation) is None
    wanted = ConversationTime(starts_at=FIRST, host_id=asking.jago.id)
    with pytest.raises(DomainError, match="Choose whom it is with") as refused:
        transact(lambda: book_conversation(conversation, wanted, by=asking.jago, at=NOW))
    assert refused.value.field == "carer"
    db.session.rollback()
    assert db.session.scalars(select(Appointment)).all() == []


def test_the_one_who_was_chosen_is_told_and_asked_later(asking: Cast, callum: Carer) -> None:
    conversation = agreed(asking)
    wanted = ConversationTime(starts_at=FIRST, host_id=asking.jago.id, carer_id=callum.id)

    transact(lambda: book_conversation(conversation, wanted, by=asking.jago, at=NOW))

    told = {row.recipient_id for row in texts() if row.recipient_kind == "carer"}
    assert told == {callum.id}
    assert carer_in(conversation) is not None
    assert carer_in(conversation).id == callum.id


def test_whoever_picks_a_time_by_an_earlier_link_is_whom_it_is_with(
    asking: Cast, callum: Carer
) -> None:
    conversation = agreed(asking)

    transact(lambda: pick_time(conversation, FIRST, by="carer", at=NOW, carer_id=callum.id))

    assert live_appointment(conversation).carer_id == callum.id


@pytest.mark.one_database
def test_the_form_asks_whom_it_is_with(asking: Cast, callum: Carer, sign_in: SignIn) -> None:
    conversation = agreed(asking)
    page = f"/conversations/{conversation.id}/book"
    browser = sign_in(asking.jago)
    typed = {"start": FIRST.isoformat(), "how": "phone", "host_id": str(asking.jago.id)}
    assert "Whom it is with" in browser.get(page).text

    unsaid = browser.post(page, data=typed)
    said = browser.post(page, data={**typed, "carer": str(callum.id)})

    assert unsaid.status_code == 422
    assert "Two carers of this family must not meet. Choose whom it is with." in unsaid.text
    assert said.status_code == 302
    assert live_appointment(conversation).carer_id == callum.id


@pytest.mark.one_database
def test_other_families_are_not_asked(asking: Cast, sign_in: SignIn) -> None:
    conversation = agreed(asking)

    page = sign_in(asking.jago).get(f"/conversations/{conversation.id}/book")

    assert "Whom it is with" not in page.text
