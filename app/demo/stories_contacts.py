"""Stories of the day: visits now, replies that need a person, and families with something to
mind.
"""

from datetime import timedelta

from app.demo.booking import book_about, must_book
from app.demo.households import (
    AMIR,
    BECKY,
    CHLOE,
    CHRIS,
    JENNA,
    KIT,
    STEPH,
    ZOFIA,
)  # fmt: skip
from app.demo.peer_parents import particulars
from app.demo.play import Scenes, text_back
from app.demo.steps import (
    Stage,
    begins,
    booked_pair,
    came,
    consents,
    cycle_of,
    first_carer,
    goals_set,
    keeps,
    looked_at,
    said,
    takes_place,
)
from app.demo.stories_programmes import in_programme
from app.families.carers import add_carer
from app.families.change_family import keep_carers_apart
from app.peers.add_peer import become_peer
from app.scheduling.wanted import Slot

CHLOE_AS_PEER = (
    "Chloe", "Uren", "07700 900447", "PL25 5XT", "adoptive", "woman", 30,
    ("adoption", "anxiety"), "Mon-Fri 18:00-20:00", 2,
)  # fmt: skip
NOBODYS_PHONE = "07700 900455"


def chloe(stage: Stage) -> Scenes:
    """A carer whose own VIG is behind her became a peer parent: her family is closed to
    matchers.
    """
    family = yield from came(stage, CHLOE, -230)
    yield from said(stage, family, -228, "yes", by="Jago", words="Yes.")
    at = yield stage.days.at(-120, "10:30")
    given = particulars(CHLOE_AS_PEER, stage.days.today)
    stage.peers["Chloe"] = become_peer(
        first_carer(family), by=stage.team["Morwenna"], at=at, **given
    )


def zofia(stage: Stage) -> Scenes:
    """Not safe to text: somebody rings her about every appointment. An interpreter comes too."""
    family = yield from came(stage, ZOFIA, -14, practitioner_id=stage.team["Piran"].id)
    yield from looked_at(stage, family, -12, by="Piran")
    yield from said(stage, family, -11, "yes", by="Piran", words="Tak.", how="in_person")
    yield from begins(stage, family, -11, 3, by="Piran")
    at = yield stage.days.lately(130)
    must_book(
        "goals_visit", family.id, stage.team["Piran"].id, stage.days.day(3), "11:00",
        place_id=family.home_id, interpreter_id=stage.team.interpreters["Marek"].id, minutes=45,
        by=stage.team["Jago"], at=at,
    )  # fmt: skip


def becky(stage: Stage) -> Scenes:
    """A reply with danger words."""
    family = yield from in_programme(
        stage, BECKY, -50, 3, by="Tamsin", words="Yes, in the mornings."
    )
    yield from goals_set(
        stage, BECKY, family, -17, by="Tamsin", wall="13:00",
        goals=[("I want to stay with him when he cries.", 3, 8)],
    )  # fmt: skip
    at = yield stage.days.at(-7, "11:45")
    booked_pair(stage, family, 1, 3, by="Tamsin", at=at, wall="13:00")
    at = yield stage.days.lately(11)
    text_back(BECKY.mobile, "hes here cant talk", at)


def amir(stage: Stage) -> Scenes:
    """A reply that only a person can answer; today's goals visit at the hub."""
    family = yield from in_programme(stage, AMIR, -56, 3, by="Piran", words="Yes, thank you.")
    hub = stage.team.places["St Austell Family Hub"]
    at = yield stage.days.at(-6, "09:45")
    visit = must_book(
        "goals_visit", family.id, stage.team["Piran"].id, stage.days.day(1), "14:30",
        place_id=hub.id, guest="Dawn Keast, family worker", by=stage.team["Elowen"], at=at,
    )  # fmt: skip
    yield from keeps(AMIR.mobile, visit.id, stage)
    at = yield stage.days.lately(52)
    text_back(AMIR.mobile, "ok thanks is parking free", at)


def nobody(stage: Stage) -> Scenes:
    """A text from a number that nobody here has."""
    at = yield stage.days.lately(89)
    text_back(NOBODYS_PHONE, "who is this", at)


def chris(stage: Stage) -> Scenes:
    """Said yes; nobody has looked at the home yet."""
    family = yield from came(stage, CHRIS, -10, practitioner_id=stage.team["Demelza"].id)
    yield from said(stage, family, -3, "yes", by="Demelza", words="Yes, at home please.")
    yield from begins(stage, family, -3, 3, by="Demelza")


def kit(stage: Stage) -> Scenes:
    """Came by referral; nobody has asked what they would like."""
    yield from came(stage, KIT, -39)


def jenna(stage: Stage) -> Scenes:
    """Two carers who must not meet. A video session with Jenna today, where today is worked."""
    family = yield from in_programme(stage, JENNA, -58, 4, by="Tamsin", words="Just me and Mabel.")
    at = yield stage.days.at(-54, "10:20")
    add_carer(
        family, first_name="Martyn", surname="Bray", carer_type="birth", gender="man",
        mobile="07700 900332", safe_to_text="yes", wording="strict", phone_owner="own",
        by=stage.team["Tamsin"], at=at,
    )  # fmt: skip
    keep_carers_apart(family, True, by=stage.team["Tamsin"], at=at)
    yield from goals_set(
        stage, JENNA, family, -33, by="Tamsin", without=("Martyn",),
        goals=[("I want to slow down at bedtime.", 3, 8)],
    )  # fmt: skip
    at = yield stage.days.at(-7, "13:05")
    count = 0 if stage.days.is_working_today else 1
    video, _ = booked_pair(
        stage, family, 1, count, by="Tamsin", at=at, wall="10:00", activity="bedtime story"
    )
    yield from keeps(JENNA.mobile, video.id, stage)
    yield from takes_place(stage, video.id)


def steph(stage: Stage) -> Scenes:
    """A visit that is under way now, where now lies in working hours; else one that comes."""
    family = yield from in_programme(stage, STEPH, -40, 3, by="Kerensa", words="Yes.")
    at = yield stage.days.at(-30, "12:00")
    consents(family, stage.team["Kerensa"], at)
    at = yield stage.days.at(-8, "12:00")
    now = stage.days.now

    def under_way(slot: Slot) -> bool:
        return slot.starts_at <= now - timedelta(minutes=6) and slot.ends_at > now + timedelta(
            minutes=8
        )

    visit = None
    for worker in ("Kerensa", "Demelza", "Lowena") if stage.days.is_working_today else ():
        visit = visit or book_about(
            "video_session", family.id, stage.team[worker].id, stage.days.today, "12:00",
            last=stage.days.today, fits=under_way, place_id=family.home_id,
            cycle_id=cycle_of(family, 1).id, by=stage.team["Jago"], at=at,
        )  # fmt: skip
    visit = visit or must_book(
        "video_session", family.id, stage.team["Kerensa"].id, stage.days.day(2), "11:00",
        place_id=family.home_id, cycle_id=cycle_of(family, 1).id, by=stage.team["Jago"], at=at,
    )  # fmt: skip
    yield from keeps(STEPH.mobile, visit.id, stage)
    yield from takes_place(stage, visit.id)
