import time

import pytest

from app.messaging.replies import (
    Meaning,
    StaffReply,
    asks_to_stop,
    read_reply,
    read_staff_reply,
    twilio_word,
)


def each(table):
    return [
        said.strip() for line in table.strip().splitlines() for said in line.strip("|").split("|")
    ]


KEEP = each("""
1 | 1. | 1 | 1! | (1) | #1 | 1️⃣ | １ | ١ | one | One please | Yes | YES | yes. | y | Yep | yeah |
yeh | yup | ok | OK | Okay | k | ok thanks x | Yes thank you xx | Yes please | keep | Keep it |
1 keep | 1 yes | yes, 1 | ok 1 ta | Hi yes thanks | ok 👍 | 1x | Confirmed, many thanks
""")
CHANGE = each("""
2 | 2. | Two | 2 please | change | Change it please | 2 change | 2x | reschedule | Rearrange pls |
Can we change it | could we move it to thurs? | I need to cancel | cancel please |
please cancel tuesday | Cancel my appointment | another time please | Different day? |
cant make it sorry | Can't do tues can we do wed or after 3 | I cannot come | yeh cant do tues |
won’t be able to make it | unable to attend | I'm afraid I can't make it
""")
STOP = each("""
stop | STOP | STOP. | Stop!! | stop please | Please stop | ok stop | stop stop | stoppp |
STOPALL | unsubscribe | cancel | CANCEL | end | Quit | revoke | optout | opt out please |
can you stop | could you please stop now | stop it | stop this please | 1 stop | i said stop |
please stop texting me | please can u stop txting me at work | stop sending me these |
Stop messaging me | stop with the texts | please stop contacting this number | no more texts |
No more messages please | dont text me | Please don't text me anymore | do not contact me again |
dont send me any more texts | never text me again | can you not text me |
Please could you not message me at work | I'd rather you didn't text | i dont want these texts |
I do not want to get any more messages | i dont need reminders | no need to text me any more |
these texts need to stop | take me off your list | remove my number | delete me | leave me alone |
no texts please | dnt txt me |
i would prefer if you didnt text me | Stop. I don't want to go on | I told you to stop |
can you ring me instead of texting | I keep getting these texts please make it stop |
why dont you stop | not stop, wait, STOP TEXTING
""")
WRONG_NUMBER = each("""
who is this | Who's this? | who dis | Sorry who is this please | who are you | who r u |
wrong number | Wrong number mate | wrong no | think you have the wrong person |
whose number is this | I don't know who you are | dont know who this is |
no one here called Hannah | nobody of that name | nobody called Hannah here |
this isnt her number | not Hannahs phone any more | wrong number stop texting me |
who are you and how did you get my number
""")
DANGER = each("""
hes here | he's here | He is outside | shes found us | he is at the door | my ex is here |
im scared | I am frightened | terrified | afraid of him | police | call the police | 999 |
he hurt me | he hit me | hes threatening me | he punched the baby | has a knife | attacked |
going to kill me | suicidal | I want to die | end it all | thinking of suicide | overdosed |
help me | HELP | please help | need help now | not safe | I dont feel safe | danger |
he wont let me leave | cant go on | cant cope | dont want to be here any more |
he reads my messages | hes going through my phone | it is not safe to text | cant breathe |
stop hes here | 1 but he is here | yes. he hits me | who is this im scared |
cant come he hurt me | HE’S HERE | he is here at the moment | she is here on her own
""")
START = each("""
start | START | Unstop
""")
UNCLEAR = each("""
? | 👍 | no | No thank you | maybe | 3 | 12 | 1 2 | 1 or 2? | yes? | ok? | yeh c u then x |
see you then | 1 but can it be later | yes if its sunny | what time? | not sure | running late |
ok where is it | who is this with? | Who is this appointment with |
who are you seeing on tuesday | bus stop | im at the bus stop text me when you here |
can you stop by later | can you stop by later and text me | we stop at nans first | dont stop |
please dont stop texting | he wont stop crying | the texts wont stop | never stop |
I dont text much | no need to change it | nothing has changed | doing a nappy change |
got the wrong day | thats wrong no its tuesday | no one called me yesterday | terrific! |
start of term | the end | can he bring his bike | he is back at work then | in | out | +30 |
My new number is 07700 900 999 | hit traffic | hes so stable now | cant wait! | tak |
can you help me with parking | Thanks for your help | we go away on the 3rd |
my mum will take me | my husband is here at 10 | make it stop | stop ringing me | I want to stop |
not interested | please dont cancel |
Liked “Texts from this number are about appointments. Reply STOP to stop these texts.” |
👍 to “Reminder: appointment Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it.” |
Reacted 👍 to “Reply STOP to stop these texts.” | Laughed at "Reply STOP to stop these texts."
""")
MEANINGS = {
    Meaning.KEEP: KEEP,
    Meaning.CHANGE: CHANGE,
    Meaning.STOP: STOP,
    Meaning.WRONG_NUMBER: WRONG_NUMBER,
    Meaning.DANGER: DANGER,
    Meaning.START: START,
    Meaning.UNCLEAR: UNCLEAR,
}


@pytest.mark.parametrize(
    ("said", "meaning"), [(said, meaning) for meaning, many in MEANINGS.items() for said in many]
)
def test_a_reply_means_what_is_certain_and_nothing_more(said, meaning):
    assert read_reply(said) is meaning


@pytest.mark.parametrize("said", [*STOP, "stop hes here", "wrong number, stop texting me"])
def test_a_stop_is_heard_whatever_else_is_said(said):
    assert asks_to_stop(said)


@pytest.mark.parametrize("said", [*KEEP, *CHANGE, *START, *UNCLEAR])
def test_nothing_else_is_a_stop(said):
    assert not asks_to_stop(said)


@pytest.mark.parametrize("said", ["", "   ", "\n", " 1 ", "\u200b1"])
def test_space_around_an_answer_does_not_matter(said):
    assert read_reply(said) is (Meaning.KEEP if "1" in said else Meaning.UNCLEAR)


@pytest.mark.parametrize("said", ["STOP", "Stop me if", "hes here stop", "1", "2"])
def test_small_and_capital_letters_are_the_same(said):
    assert read_reply(said.upper()) is read_reply(said.lower())


STAFF = [
    *(
        (said, Meaning.IN)
        for said in ("IN", "in", "In.", "im in", "I'm here", "arrived", "in thanks")
    ),
    *((said, Meaning.IN) for said in ("Checked in", "in and ok", "in now")),
    *((said, Meaning.OUT) for said in ("OUT", "out", "Out now, sorry", "I've left", "checked out")),
    *((said, Meaning.OK) for said in ("ok", "All ok", "I'm fine", "im safe thanks")),
    *(
        (said, Meaning.DANGER)
        for said in ("help", "999", "hes here", "not safe", "police?", "in. hes drunk")
    ),
    *((said, Meaning.EXTEND) for said in ("extend", "Extend please")),
    *(
        (said, Meaning.UNCLEAR)
        for said in ("", "?", "in?", "out?", "not in", "not out yet", "out soon")
    ),
    *(
        (said, Meaning.UNCLEAR)
        for said in ("30", "10 mins", "1", "left my phone", "yes", "in 10 mins")
    ),
    *(
        (said, Meaning.UNCLEAR)
        for said in ("finished", "nearly out", "still here", "out in 5", "+300")
    ),
]


@pytest.mark.parametrize(("said", "meaning"), STAFF)
def test_staff_are_understood_only_in_whole_messages(said, meaning):
    assert read_staff_reply(said) == StaffReply(meaning)


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("+30", 30),
        ("+ 30", 30),
        ("+15 please", 15),
        ("extend 30", 30),
        ("30 more mins", 30),
        ("another 20 minutes", 20),
        ("extend by 30", 30),
    ],
)
def test_staff_say_how_much_longer(said, minutes):
    assert read_staff_reply(said) == StaffReply(Meaning.EXTEND, minutes)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("STOP", "STOP"),
        ("cancel", "STOP"),
        (" End ", "STOP"),
        ("YES", "START"),
        ("start", "START"),
        ("help", "HELP"),
        ("INFO", "HELP"),
        ("please stop", None),
        ("1", None),
        ("", None),
    ],
)
def test_knows_what_twilio_takes_for_itself(said, word):
    assert twilio_word(said) == word


@pytest.mark.parametrize("said", ["a" * 100_000, "stop " * 20_000, "not " * 20_000, "0" * 50_000])
@pytest.mark.timeout(5)
def test_a_very_long_reply_is_read_quickly(said):
    read_reply(said)
    read_staff_reply(said)


@pytest.mark.parametrize("part", [" ", "👍", "\n", "no ", "dont want to ", "why cant you ", "+44"])
def test_a_reply_of_any_length_is_read_at_once(part):
    """Twenty thousand spaces took a minute: as long as nobody could be texted."""
    body = part * (20_000 // len(part)) + "z"
    began = time.process_time()

    read_reply(body)
    read_staff_reply(body)

    assert time.process_time() - began < 5
