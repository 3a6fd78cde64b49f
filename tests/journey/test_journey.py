"""One family's whole way, walked in Chromium against the real server and worker: every page on it
is looked over by axe, at a desk or on a phone as its reader has it.

The clock starts on a Monday and is moved on the simulator's page. Each move ends everybody's
session, so staff sign in again and again, as they would.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.journey import steps_begin as begin
from tests.journey import steps_conversation as conversation
from tests.journey import steps_referral as referral
from tests.journey import steps_visits as visits
from tests.journey.base import lay
from tests.journey.service import Service, chromium, running
from tests.journey.steps_desk import JAGO, TAMSIN, sign_in
from tests.journey.steps_phones import clock_to
from tests.journey.walker import People, Walker, browsers

MONDAY = datetime(2027, 1, 11, 9, 30, tzinfo=UTC)
WITHOUT_CHROMIUM = chromium() is None and not os.environ.get("CI")  # in CI its lack is a failure


def to_a_yes(people: People, onlooker: Walker, jago: Walker, carer: Walker) -> str:
    """Referral, offer, conversation, and the family's own yes; the family's reference."""
    referral.refer(people.person(phone=True))
    sign_in(jago, JAGO)
    reference = referral.take_up(jago)
    referral.may_send_links(jago)
    conversation.offer(jago, reference)
    conversation.peer_says_yes(people.person(phone=True), onlooker)
    conversation.is_asked_for_a_time(carer, onlooker)
    conversation.agree_a_time(jago)
    conversation.they_talk(jago, onlooker)
    conversation.says_yes(carer, jago, onlooker, reference)
    return reference


def to_a_booking(tamsin: Walker, reference: str) -> str:
    """The home, the programme, consent, goals, and a pair booked; the video session's path."""
    sign_in(tamsin, TAMSIN)
    begin.warned_of_the_home(tamsin, reference)
    begin.assess_the_home(tamsin, reference)
    begin.start_the_programme(tamsin, reference)
    begin.record_consent(tamsin)
    begin.set_a_goal(tamsin, reference)
    return visits.book_the_pair(tamsin, reference)


def through_a_cycle(
    people: People, onlooker: Walker, tamsin: Walker, jago: Walker, reference: str, service: Service
) -> None:
    out = people.person(phone=True)
    clock_to(onlooker, "To the next appointment")
    visits.visit_the_home(out, jago, service)
    visits.say_how_it_went(out)
    visits.choose_clips(tamsin, onlooker, reference)
    clock_to(onlooker, "To the next appointment")
    visits.visit_the_home(out, jago, service)
    visits.review(tamsin, reference)
    visits.plan_the_rest(tamsin, onlooker, reference)


@pytest.mark.browser
@pytest.mark.skipif(WITHOUT_CHROMIUM, reason="Chromium is not on this machine")
@pytest.mark.timeout(600)
def test_from_a_referral_to_a_reviewed_cycle(tmp_path: Path) -> None:
    with running(tmp_path, MONDAY) as service:
        lay(service.environ)
        with browsers(service.address) as people:
            onlooker, jago, tamsin = people.person(), people.person(), people.person()
            carer = people.person(phone=True)
            reference = to_a_yes(people, onlooker, jago, carer)
            visit = to_a_booking(tamsin, reference)
            visits.decides_about_the_reminder(tamsin, visit, reference)
            visits.opens_the_link(carer, onlooker)
            visits.looks_round(sign_in(people.person(phone=True), TAMSIN), reference, visit)
            visits.reminded_and_confirmed(tamsin, onlooker, visit)
            through_a_cycle(people, onlooker, tamsin, jago, reference, service)
            sign_in(jago, JAGO)
            texts = ("/texts", "/texts/delivery", f"/families/{reference}/texts")
            for path in ("/families", "/diary", "/peers", "/peers/1", "/lone-working", *texts):
                jago.open(path)
            assert len(people.seen) > 80
