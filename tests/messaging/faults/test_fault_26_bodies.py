"""Fault 26: letters of every kind reach Twilio as they were written, counted as Twilio counts (the
count itself is tried letter by letter in test_segments.py).
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.messaging import free_text, registry
from app.messaging.models import Outbox
from app.messaging.segments import measure
from tests.cast import NOW
from tests.messaging.steps import reconcile, stored, work

BODIES = {
    "plain": ("Reminder: Tue 3 Mar 10am.", 1),
    "Welsh": ("Bore da, Siân a Llŷr: ŵythnos nesaf, ŷ tŷ, âêîôû.", 1),
    "emoji": ("See you 👩‍👧‍👦 at 10 👍🏽", 1),
    "emoji at a part's edge": ("a" * 66 + "👍" + "b" * 10, 2),
    "smart quotes": ("Can’t come? “Ring” us – any time…", 1),
    "918 letters": ("a" * 918, 6),
    "919 letters": ("a" * 919, 7),
    "signs that count twice": ("€[]{}~^|\\" * 17, 3),
    "a template's braces": ("Hello {name}, {{ worker }} {% if x %} %s $x %(y)s", 1),
    "lines": ("One.\nTwo.\r\nThree.\n\n", 1),
    "both directions": ("موعدك الثلاثاء 3 Mar 10am", 1),
    "spaces around": ("  Ring us.  ", 1),
    "marks of a form": ("a+b & c=d; 100% #1 ?x=%20", 1),
}


@pytest.mark.parametrize("what", BODIES)
def test_fault_26_what_was_written_is_what_twilio_gets_and_what_is_kept(standin, queue, what):
    words, parts = BODIES[what]
    row_id = queue(1, payload={"words": words})
    work()
    (text,) = standin.texts
    assert text.body == words
    row = stored(row_id)
    assert (row.state, row.body, row.segments) == ("accepted", words, parts)
    assert measure(words).segments == parts


@pytest.mark.one_database
@pytest.mark.parametrize("what", BODIES)
def test_fault_26_unknown_and_looked_for_it_is_known_again_by_its_words(standin, queue, what):
    row_id = queue(1, payload={"words": BODIES[what][0]})
    standin.faults.append("after_500")
    work()
    reconcile(NOW + timedelta(minutes=6))
    assert (stored(row_id).state, standin.asked) == ("accepted", 1)


def test_fault_26_a_persons_own_words_lose_no_letter(standin, app):
    """Signs are made plain, letters stay; what it becomes is what the preview showed."""
    person = registry.recipient("carer", 1)
    typed = "Siân’s Llŷr – “ŵy”\t👍 {name}\r\nRing us…"
    shown = free_text.draft(person, typed, at=NOW)
    free_text.send_words(person, typed, once="1", by="staff:1", at=NOW)
    db.session.commit()
    work()
    (text,) = standin.texts
    assert text.body == 'Siân\'s Llŷr - "ŵy" 👍 {name}\nRing us...' == shown.words
    assert db.session.scalars(select(Outbox.segments)).all() == [shown.size.segments]
