from dataclasses import replace
from datetime import date, time

import pytest

from app import clock
from app.messaging.wordings import Facts, body, worded
from app.settings.rules import Rules

LINK = "https://example.org/a/k3vT9wQx7LmZ2bN8pRs5Ug"
FACTS = Facts.of(
    Rules(),
    when=clock.at_london(date(2026, 3, 3), time(10)),
    also=clock.at_london(date(2026, 3, 3), time(14, 15)),
    was=clock.at_london(date(2026, 2, 26), time(12)),
    answer_by=clock.at_london(date(2026, 2, 27), time(12)),
    sent_on=date(2026, 3, 2),
    worker="Tamsin",
    other="Hannah",
    where="at your home",
    link=LINK,
    ends_at=clock.at_london(date(2026, 3, 3), time(11)),
    reference="F1042",
    staff_phone="07700 900 142",
    extend_minutes=30,
)
EXPECTED = {
    ("booked", "full"): (
        "Booked: appointment with Tamsin, Tue 3 Mar 10am, at your home. Reply 1 to keep, "
        "2 to change: LINK"
    ),
    ("booked", "neutral"): (
        "Booked: appointment Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it, or ring "
        "Jo at the family office on 01632 960 100."
    ),
    ("booked", "strict"): (
        "Booked: appointment Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it."
    ),
    ("cancelled", "full"): (
        "Your appointment with Tamsin on Tue 3 Mar 10am is cancelled. You do not need to "
        "do anything. Questions? Ring 01632 960 100."
    ),
    ("cancelled", "neutral"): (
        "Your appointment on Tue 3 Mar 10am is cancelled. You do not need to do "
        "anything. Questions? Ring Jo at the family office on 01632 960 100."
    ),
    ("cancelled", "strict"): (
        "Appointment on Tue 3 Mar 10am is cancelled. You do not need to do anything."
    ),
    ("change_noted", "full"): (
        "Thank you. We will ring you about another time. Until then Tue 3 Mar 10am is still yours."
    ),
    ("change_noted", "neutral"): (
        "Thank you. Jo at the family office will ring you about another time. Until then "
        "Tue 3 Mar 10am is still yours."
    ),
    ("change_noted", "strict"): (
        "Thank you. We will ring you about another time. Until then Tue 3 Mar 10am is still yours."
    ),
    ("changed", "full"): (
        "Changed: appointment with Tamsin, Tue 3 Mar 10am, at your home. Reply 1 to keep, 2 to "
        "change: LINK"
    ),
    ("changed", "neutral"): (
        "Changed: appointment Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it, or ring "
        "Jo at the family office on 01632 960 100."
    ),
    ("changed", "strict"): (
        "Changed: appointment Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it."
    ),
    ("conversation_changed", "full"): (
        "Changed: your talk with Hannah, Tue 3 Mar 10am, at your home. Reply 1 to keep, 2 to "
        "change: LINK"
    ),
    ("conversation_changed", "neutral"): (
        "Changed: appointment Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it, or ring "
        "Jo at the family office on 01632 960 100."
    ),
    ("conversation_changed", "strict"): (
        "Changed: appointment Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it."
    ),
    ("check_in_asked", "staff"): (
        "Not checked in: your 10:00 visit F1042. Reply IN if you are there and well, or "
        "ring 01632 960 100."
    ),
    ("check_in_missed", "staff"): (
        "Tamsin has not checked in for the 10:00 visit F1042. Ring 07700 900 142, then "
        "tell us: LINK"
    ),
    ("check_out_reminder", "staff"): (
        "Your visit F1042 was to end at 11:00. Reply OUT when you have left, or +30 to "
        "stay 30 minutes more."
    ),
    ("conversation_booked", "full"): (
        "Booked: your talk with Hannah, Tue 3 Mar 10am, at your home. Reply 1 to keep, 2 "
        "to change: LINK"
    ),
    ("conversation_booked", "neutral"): (
        "Booked: appointment Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it, or ring "
        "Jo at the family office on 01632 960 100."
    ),
    ("conversation_booked", "strict"): (
        "Booked: appointment Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it."
    ),
    ("conversation_cancelled", "full"): (
        "Your talk with Hannah on Tue 3 Mar 10am is cancelled. You do not need to do "
        "anything. Questions? Ring 01632 960 100."
    ),
    ("conversation_cancelled", "neutral"): (
        "Your appointment on Tue 3 Mar 10am is cancelled. You do not need to do "
        "anything. Questions? Ring Jo at the family office on 01632 960 100."
    ),
    ("conversation_cancelled", "strict"): (
        "Appointment on Tue 3 Mar 10am is cancelled. You do not need to do anything."
    ),
    ("conversation_moved", "full"): (
        "New time: your talk with Hannah, Tue 3 Mar 10am (was Thu 26 Feb 12 noon). Reply "
        "1 to keep, 2 to change: LINK"
    ),
    ("conversation_moved", "neutral"): (
        "New time: appointment Tue 3 Mar 10am (was Thu 26 Feb 12 noon). Reply 1 to keep "
        "it, 2 to change it, or ring Jo at the family office on 01632 960 100."
    ),
    ("conversation_moved", "strict"): (
        "New time: appointment Tue 3 Mar 10am (was Thu 26 Feb 12 noon). Reply 1 to keep "
        "it, 2 to change it."
    ),
    ("conversation_reminder", "full"): (
        "Reminder: your talk with Hannah, tomorrow, Tue 3 Mar 10am, at your home. Reply "
        "1 to keep, 2 to change: LINK"
    ),
    ("conversation_reminder", "neutral"): (
        "Reminder: appointment tomorrow, Tue 3 Mar 10am. Reply 1 to keep it, 2 to change "
        "it, or ring Jo at the family office on 01632 960 100."
    ),
    ("conversation_reminder", "strict"): (
        "Reminder: appointment tomorrow, Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it."
    ),
    ("conversation_reminder_early", "full"): (
        "Reminder: your talk with Hannah, tomorrow, Tue 3 Mar 10am, at your home. Reply "
        "1 to keep, 2 to change: LINK"
    ),
    ("conversation_reminder_early", "neutral"): (
        "Reminder: appointment tomorrow, Tue 3 Mar 10am. Reply 1 to keep it, 2 to change "
        "it, or ring Jo at the family office on 01632 960 100."
    ),
    ("conversation_reminder_early", "strict"): (
        "Reminder: appointment tomorrow, Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it."
    ),
    ("first_text", "full"): (
        "From VIG service, 01632 960 100. We read replies only Monday to Friday, 9am to "
        "5pm. Reply STOP to stop these texts."
    ),
    ("first_text", "neutral"): (
        "From Jo at the family office, 01632 960 100. We read replies only Monday to "
        "Friday, 9am to 5pm. Reply STOP to stop these texts."
    ),
    ("first_text", "strict"): (
        "Texts from this number are about appointments. Replies are read in office hours "
        "only. Reply STOP to stop these texts."
    ),
    ("choose_time", "full"): (
        "Another parent can talk with you. Pick a time that suits you: LINK Questions? Ring "
        "01632 960 100."
    ),
    ("peer_times", "full"): (
        "Your times for talks, and breaks: change them here: LINK Questions? Ring 01632 960 100."
    ),
    ("decide", "full"): (
        "How would you like to go on? Any answer is fine. Tell us here: LINK or ring 01632 960 100."
    ),
    ("link_again", "full"): ("Here is your new link: LINK The old one no longer works."),
    ("moved", "full"): (
        "New time: appointment with Tamsin, Tue 3 Mar 10am (was Thu 26 Feb 12 noon). "
        "Reply 1 to keep, 2 to change: LINK"
    ),
    ("moved", "neutral"): (
        "New time: appointment Tue 3 Mar 10am (was Thu 26 Feb 12 noon). Reply 1 to keep "
        "it, 2 to change it, or ring Jo at the family office on 01632 960 100."
    ),
    ("moved", "strict"): (
        "New time: appointment Tue 3 Mar 10am (was Thu 26 Feb 12 noon). Reply 1 to keep "
        "it, 2 to change it."
    ),
    ("help_asked", "staff"): (
        "HELP: Tamsin asks for help, visit F1042. Ring 07700 900 142, or 999. Take it: LINK"
    ),
    ("noted_in", "staff"): ("Noted: you are in at F1042. Reply OUT when you have left, by 11:00."),
    ("noted_longer", "staff"): (
        "Noted: you stay at F1042 until 11:00. Reply OUT when you have left."
    ),
    ("noted_out", "staff"): "Noted: you are out of F1042. Thank you.",
    ("ring_me", "staff"): "Please ring Tamsin now on 07700 900 142.",
    ("stood_down", "staff"): (
        "Over: Tamsin is known to be safe after visit F1042. You need do nothing more."
    ),
    ("offer", "full"): (
        "Could you talk with a parent? Say by Fri 27 Feb 12 noon: LINK or reply 1 if you "
        "can, 2 if not. No is fine."
    ),
    ("offer", "neutral"): (
        "Could you help us this time? Reply 1 if you can, 2 if not, by Fri 27 Feb 12 "
        "noon. It is fine to say no. Jo at the family office, 01632 960 100"
    ),
    ("offer", "strict"): (
        "Could you help this time? Reply 1 if you can, 2 if not, by Fri 27 Feb 12 noon. "
        "It is fine to say no."
    ),
    ("offer_taken_back", "full"): (
        "Thank you. We no longer need you to talk with a parent this time. You do not "
        "need to do anything."
    ),
    ("offer_taken_back", "neutral"): (
        "Thank you. We no longer need your help this time. You do not need to do "
        "anything. Jo at the family office, 01632 960 100"
    ),
    ("offer_taken_back", "strict"): (
        "Thank you. Your help is no longer needed this time. You do not need to do anything."
    ),
    ("overdue_all", "staff"): (
        "OVERDUE: Tamsin was due out of F1042 at 11:00. All managers: follow the "
        "procedure. Take it: LINK"
    ),
    ("overdue_buddy", "staff"): (
        "Tamsin was due out of F1042 at 11:00. Ring 07700 900 142 twice, then tell us: LINK"
    ),
    ("overdue_manager", "staff"): (
        "OVERDUE: Tamsin was due out of F1042 at 11:00. You are on duty. Take it here: LINK"
    ),
    ("reminder", "full"): (
        "Reminder: appointment with Tamsin, tomorrow, Tue 3 Mar 10am, at your home. "
        "Reply 1 to keep, 2 to change: LINK"
    ),
    ("reminder", "neutral"): (
        "Reminder: appointment tomorrow, Tue 3 Mar 10am. Reply 1 to keep it, 2 to change "
        "it, or ring Jo at the family office on 01632 960 100."
    ),
    ("reminder", "strict"): (
        "Reminder: appointment tomorrow, Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it."
    ),
    ("reminder_early", "full"): (
        "Reminder: appointment with Tamsin, tomorrow, Tue 3 Mar 10am, at your home. "
        "Reply 1 to keep, 2 to change: LINK"
    ),
    ("reminder_early", "neutral"): (
        "Reminder: appointment tomorrow, Tue 3 Mar 10am. Reply 1 to keep it, 2 to change "
        "it, or ring Jo at the family office on 01632 960 100."
    ),
    ("reminder_early", "strict"): (
        "Reminder: appointment tomorrow, Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it."
    ),
    ("reminder_two", "full"): (
        "Reminder: 2 appointments with Tamsin, tomorrow, Tue 3 Mar, 10am and 2:15pm, at "
        "your home. Reply 1 to keep both, 2 to change, or ring 01632 960 100."
    ),
    ("reminder_two", "neutral"): (
        "Reminder: 2 appointments tomorrow, Tue 3 Mar, 10am and 2:15pm. Reply 1 to keep "
        "both, 2 to change, or ring Jo at the family office on 01632 960 100."
    ),
    ("reminder_two", "strict"): (
        "Reminder: 2 appointments tomorrow, Tue 3 Mar, 10am and 2:15pm. Reply 1 to keep "
        "both, 2 to change."
    ),
}


@pytest.mark.parametrize(("purpose", "wording"), EXPECTED)
def test_says_exactly_this(purpose, wording):
    assert body(purpose, wording, FACTS).replace(LINK, "LINK") == EXPECTED[purpose, wording]


def test_every_template_is_expected_above():
    assert worded() == set(EXPECTED)


def test_a_change_that_leaves_the_time_says_who_comes():
    same = replace(FACTS, was=FACTS.when)

    assert body("moved", "full", same).replace(LINK, "LINK") == (
        "Changed: appointment with Tamsin, Tue 3 Mar 10am, at your home. Reply 1 to keep, "
        "2 to change: LINK"
    )
    assert body("moved", "strict", same).startswith("Changed: appointment Tue 3 Mar 10am. ")
