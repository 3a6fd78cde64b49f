"""An enquiry by phone: a first name, safe contact, wishes, and who the family's worker is."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.enquiries.models import Enquiry
from app.enquiries.queries import has_said_yes, latest_choice
from app.enquiries.take_enquiry import take_enquiry
from app.errors import DomainError
from app.families.models import Carer, Family
from tests.cast import NOW, Cast

WORKER = {"name": "Dee Angove", "role": "Health visitor", "contact": "dee@example.org"}


def taken(cast: Cast, **more) -> Family:
    carer = {"first_name": "Ana", **more.pop("carer", {})}
    return take_enquiry(
        carer=carer, worker=more.pop("worker", WORKER), by=cast.jago, at=NOW, **more
    )


def test_a_first_name_is_enough_and_they_want_to_talk(app: Flask, cast: Cast) -> None:
    family = taken(cast, ways_to_talk=["phone"], words="Would like to hear from a mum")

    choice = latest_choice(family.id)
    assert choice is not None
    assert (choice.step, has_said_yes(family.id)) == ("wants_to_talk", False)
    enquiry = db.session.scalars(select(Enquiry)).one()
    assert (enquiry.family_id, enquiry.worker_name) == (family.id, "Dee Angove")
    assert enquiry.taken_by == "Jago Penrose"


def test_without_a_clear_answer_texting_is_not_asked(app: Flask, cast: Cast) -> None:
    family = taken(cast, carer={"mobile": "07700 900 321"})

    carer = db.session.scalars(select(Carer).where(Carer.family_id == family.id)).one()
    assert carer.safe_to_text == "not_asked"


@pytest.mark.parametrize("name", ["", "  ", None])
def test_who_the_familys_worker_is_is_needed(app: Flask, cast: Cast, name: str | None) -> None:
    with pytest.raises(DomainError) as refused:
        taken(cast, worker={"name": name})

    assert refused.value.field == "worker_name"


def test_a_name_that_no_column_holds_is_refused(app: Flask, cast: Cast) -> None:
    with pytest.raises(DomainError):
        taken(cast, worker={"name": "x" * 121})
