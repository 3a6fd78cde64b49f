"""Stories of families before their yes: referrals, enquiries, conversations with a peer."""

from datetime import datetime, timedelta

from app import clock
from app.conversations.after_conversation import record_conversation, record_debrief
from app.conversations.answer_offer import accept_offer
from app.conversations.book_conversation import ConversationTime, book_conversation
from app.conversations.models import Conversation, Offer
from app.conversations.send_offer import send_offer
from app.conversations.shown import as_times
from app.demo.households import DEAN, HANNAH, KAREN, LEANNE, MEL, NADIA, PRIYA, RUTH, WES, Household
from app.demo.play import Scenes, Told
from app.demo.steps import Stage, came, said
from app.enquiries.receive_referral import receive_referral
from app.enquiries.record_choice import record_choice
from app.enquiries.settle_referral import take_up_referral
from app.enquiries.take_enquiry import take_enquiry
from app.families.models import Family

SOPHIE = {
    "first_name": "Sophie", "surname": "Retallack", "carer_type": "birth",
    "mobile": "07700 900330", "phone_owner": "own", "safe_to_text": "yes", "wording": "full",
    "postcode": "TR8 4AA", "where": "home", "language": "English",
    "children": [{"first_name": "Merryn"}],
    "choice_explained": "yes", "goals_discussed": "yes", "willing": "yes", "wants_to_talk": "yes",
    "goals_words": "Sophie would like bedtimes to be calmer.",
    "referrer_name": "Anita Rowse", "referrer_role": "Health visitor",
    "referrer_team": "Newquay health visitors", "referrer_email": "anita.rowse@example.org",
}  # fmt: skip
KWAME = {
    "first_name": "Kwame", "surname": "Mensah", "carer_type": "foster",
    "mobile": "07700 900331", "phone_owner": "own", "safe_to_text": "not_asked",
    "postcode": "PL26 6AB", "where": "not_home", "language": "English",
    "children": [{"first_name": "Lily"}],
    "choice_explained": "yes", "goals_discussed": "not_yet", "willing": "yes",
    "wants_to_talk": "yes",
    "safety_words": "Please do not leave a message on the house phone.",
    "referrer_name": "Glenn Odgers", "referrer_role": "Social worker",
    "referrer_team": "Mid Cornwall children’s team", "referrer_phone": "01632 960 412",
}  # fmt: skip


def new_referrals(stage: Stage) -> Scenes:
    """Two referrals that nobody has taken up yet."""
    at = yield stage.days.at(-2, "15:12")
    receive_referral(SOPHIE, at=at)
    at = yield stage.days.lately(95)
    receive_referral(KWAME, at=at)


def priya(stage: Stage) -> Scenes:
    """An enquiry; Priya rang two working days ago: she wants to talk to a parent. No offer yet."""
    at = yield stage.days.at(-18, "11:05")
    wishes = PRIYA.wishes()
    family = take_enquiry(
        carer=PRIYA.carer(clock.london(at).date()), postcode=PRIYA.postcode,
        worker={"name": "Nia Thomas", "role": "Health visitor", "contact": "01632 960 377"},
        words="Wants to hear from somebody who has done it.", by=stage.team["Jago"], at=at,
        children=PRIYA.born(stage.days.today), **wishes,
    )  # fmt: skip
    yield from said(stage, family, -17, "thinking", by="Jago", words="Let me settle in first.")
    yield from said(
        stage, family, -2, "wants_to_talk", by="Jago", words="Yes, I would like that now."
    )


def offered(stage: Stage, family: Family, peer: str, at: datetime, *, host: str = "Jago") -> Offer:
    """An offer with three evenings at which staff may ring both."""
    evenings = [
        clock.at_london(stage.days.day(count), wall)
        for count, wall in (
            (2, datetime.min.time().replace(hour=18, minute=30)),
            (3, datetime.min.time().replace(hour=19)),
            (4, datetime.min.time().replace(hour=12, minute=30)),
        )
    ]
    return send_offer(
        family.id, stage.peers[peer].id, times=[each for each in evenings if each > at],
        host_id=stage.team[host].id, by=stage.team[host], at=at,
    )  # fmt: skip


def wants_to_talk(stage: Stage, home: Household, count: int) -> Told[Family]:
    family = yield from came(stage, home, count, by="Elowen")
    yield from said(stage, family, count + 2, "wants_to_talk", by="Elowen")
    return family


def ruth(stage: Stage) -> Scenes:
    """An offer that Perran has not answered yet."""
    family = yield from wants_to_talk(stage, RUTH, -12)
    at = yield stage.days.lately(170)
    offered(stage, family, "Perran", at)


def dean(stage: Stage) -> Scenes:
    """Kayleigh said yes; a date is to be agreed."""
    family = yield from wants_to_talk(stage, DEAN, -20)
    at = yield stage.days.at(-3, "10:50")
    offer = offered(stage, family, "Kayleigh", at)
    at = yield stage.days.at(-2, "10:40")
    accept_offer(
        offer, as_times(offer.times)[:2], by=stage.peers["Kayleigh"].name, at=at, how="link"
    )


def conversation_agreed(
    stage: Stage, home: Household, family: Family, peer: str, count: int, *, host: str,
    when: datetime,
) -> Told[Conversation]:  # fmt: skip
    """An offer, a yes by phone the next day, and a time that both said suits."""
    at = yield stage.days.at(count, "09:50")
    offer = send_offer(
        family.id, stage.peers[peer].id, times=[when], host_id=stage.team[host].id,
        by=stage.team[host], at=at,
    )  # fmt: skip
    at = yield stage.days.at(count + 1, "11:15")
    conversation = accept_offer(offer, [when], by=stage.team[host], at=at, how="phone")
    at = yield stage.days.at(count + 1, "11:40")
    book_conversation(
        conversation,
        ConversationTime(starts_at=when, override_reason="Both asked for this time"),
        by=stage.team[host], at=at,
    )  # fmt: skip
    return conversation


def mel(stage: Stage) -> Scenes:
    """A conversation with Tom is booked this week."""
    family = yield from wants_to_talk(stage, MEL, -42)
    yield from conversation_agreed(
        stage, MEL, family, "Tom", -4, host="Jago", when=stage.days.at(1, "12:30")
    )


def karen(stage: Stage) -> Scenes:
    """She and Gemma talked; nobody has asked what she decided, nor how it was for Gemma."""
    family = yield from wants_to_talk(stage, KAREN, -11)
    when = stage.days.at(-2, "18:30")
    conversation = yield from conversation_agreed(
        stage, KAREN, family, "Gemma", -6, host="Jago", when=when
    )
    at = yield stage.days.at(-1, "09:35")
    record_conversation(
        conversation, "held", how_family="She laughed a lot. Wants a few days to think.",
        by=stage.team["Jago"], at=at,
    )  # fmt: skip


def leanne(stage: Stage) -> Scenes:
    """She talked to Yusuf, and said no: a good outcome."""
    family = yield from wants_to_talk(stage, LEANNE, -52)
    when = stage.days.at(-40, "18:30")
    conversation = yield from conversation_agreed(
        stage, LEANNE, family, "Yusuf", -45, host="Elowen", when=when
    )
    at = yield stage.days.at(-39, "09:40")
    record_conversation(
        conversation, "held", how_family="Glad to have talked.", by=stage.team["Elowen"], at=at
    )
    at = yield stage.days.at(-38, "10:05")
    record_debrief(
        conversation,
        how_peer="A warm conversation. Nothing to worry about.",
        by=stage.team["Elowen"],
        at=at,
    )
    yield from said(
        stage, family, -36, "no", by="Elowen",
        words="It is not for us now. It helped to talk to somebody who has been there.",
    )  # fmt: skip


def wes(stage: Stage) -> Scenes:
    """Not now: a new job. To be asked again."""
    family = yield from came(stage, WES, -54)
    yield from said(
        stage, family, -50, "not_now", by="Jago", words="I start a new job. Ask me again soon.",
        ask_again_on=stage.days.day(15) + timedelta(days=1),
    )  # fmt: skip


def nadia(stage: Stage) -> Scenes:
    """She said yes yesterday; her programme is to begin."""
    family = yield from came(stage, NADIA, -15, practitioner_id=stage.team["Kerensa"].id)
    at = yield stage.days.at(-1, "11:50")
    record_choice(
        family, "yes", on=clock.london(at).date(), how="in_person",
        words="Let’s give it a go.", by=stage.team["Kerensa"], at=at,
    )  # fmt: skip


def hannah_comes(stage: Stage) -> Told[Family]:
    """Hannah’s referral, taken up the next day under the next reference."""
    at = yield stage.days.at(-38, "13:30")
    referral = receive_referral(
        {
            **HANNAH.answers(stage.days.today),
            "second_first_name": "Callum", "second_surname": "Rowe", "second_carer_type": "birth",
            "goals_words": "To notice what Leo is telling her at meal times.",
            "referrer_name": "Nia Thomas", "referrer_role": "Health visitor",
            "referrer_team": "Redruth health visitors", "referrer_phone": "01632 960 377",
            "still_involved": "yes",
        },
        at=at,
    )  # fmt: skip
    at = yield stage.days.at(-37, "09:25")
    return take_up_referral(
        referral, practitioner_id=stage.team["Tamsin"].id, by=stage.team["Jago"], at=at
    )
