import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db
from app.families.models import Carer
from app.families.texting import note_read, page_of, private_words
from tests.cast import NOW

pytestmark = pytest.mark.one_database


@pytest.fixture
def hannah(cast):
    return db.session.scalars(select(Carer).where(Carer.first_name == "Hannah")).one()


def test_a_text_never_says_a_child_or_where_they_live(hannah):
    words = private_words(hannah.id)
    assert {"Leo", "1 Example Street", "TR15 2PG"} <= set(words)
    assert all(words)


def test_reading_a_thread_is_kept_as_reading_the_family(cast, hannah):
    note_read(hannah.id, cast.jago, NOW)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "family:read")).one()
    assert (entry.family_id, entry.detail) == (hannah.family_id, {"screen": "texts"})


def test_a_thread_leads_to_the_familys_page(app, hannah):
    with app.test_request_context():
        assert page_of(hannah.id) == ("/families/F1042", "Family F1042")


def test_somebody_who_is_not_there_has_nothing(app):
    assert page_of(999) is None
    assert private_words(999) == []
    note_read(999, "test", NOW)
