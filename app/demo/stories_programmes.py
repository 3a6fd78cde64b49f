"""Stories of families in their course of VIG, from the goals visit to the follow-up."""

from datetime import datetime, timedelta

from app import clock
from app.demo.booking import must_book
from app.demo.days import WEEKDAYS
from app.demo.households import ADE, BETH, HANNAH, JODIE, KYLE, LORNA, SAM, TASH, WAYNE, Household
from app.demo.planning import planned_ahead
from app.demo.play import Scenes, Told, text_back
from app.demo.steps import (
    Stage,
    begins,
    booked_pair,
    came,
    clips_chosen,
    goals_set,
    keeps,
    looked_at,
    running,
    said,
    takes_place,
    whole_cycle,
)
from app.demo.stories_conversations import hannah_comes
from app.families.change_family import change_family
from app.families.models import Family
from app.programmes.ending import end_programme
from app.scheduling.cancel import cancel

GOAL = "I want to enjoy meal times again."


def in_programme(
    stage: Stage, home: Household, count: int, planned: int, *, by: str, words: str
) -> Told[Family]:
    """A family comes, its home is looked at, it says yes, the course begins."""
    family = yield from came(stage, home, count, practitioner_id=stage.team[by].id)
    yield from looked_at(stage, family, count + 2, by=by)
    yield from said(stage, family, count + 3, "yes", by=by, words=words)
    yield from begins(stage, family, count + 3, planned, by=by)
    return family


def ade(stage: Stage) -> Scenes:
    """A goals visit is booked at the hub, with the referrer as a guest."""
    family = yield from in_programme(stage, ADE, -17, 3, by="Piran", words="I’d like to try it.")
    hub = stage.team.places["St Austell Family Hub"]
    at = yield stage.days.at(-4, "10:40")
    visit = must_book(
        "goals_visit", family.id, stage.team["Piran"].id, stage.days.day(2), "10:30",
        place_id=hub.id, guest="Dawn Keast, family worker", by=stage.team["Elowen"], at=at,
    )  # fmt: skip
    yield from keeps(ADE.mobile, visit.id, stage)


def beth(stage: Stage) -> Scenes:
    """Cycle 1 of 3: the video session is tomorrow, and nobody has asked about filming Ivy. The
    later cycles have their dates."""
    family = yield from in_programme(
        stage, BETH, -45, 3, by="Tamsin", words="Yes please, before Alfie starts school."
    )
    yield from goals_set(
        stage, BETH, family, -15, by="Tamsin", without=("Ivy",),
        goals=[("I want to give each of them a turn.", 3, 7)],
    )  # fmt: skip
    at = yield stage.days.at(-6, "14:10")
    video, _ = booked_pair(
        stage, family, 1, 1, by="Tamsin", at=at, wall="15:30", activity="painting at the table"
    )
    at = yield at + timedelta(minutes=4)
    planned_ahead(stage, family, by="Tamsin", at=at)
    yield from keeps(BETH.mobile, video.id, stage)


def hannah(stage: Stage) -> Scenes:
    """Cycle 2 of 4: filmed at the second try, clips not chosen, the review provisional this
    week.
    """
    jago = stage.team["Jago"]
    family = yield from hannah_comes(stage)
    at = clock.at_london(stage.days.day(-37), datetime.min.time().replace(hour=9, minute=30))
    at = yield at
    wishes = HANNAH.wishes()
    change_family(
        family, ways_to_talk=wishes["ways_to_talk"], free_times=wishes["free_times"], by=jago, at=at
    )
    yield from looked_at(
        stage, family, -36, by="Tamsin",
        controls="Ask for the dog to be in the kitchen. Signal is weak: check in from the lane.",
    )  # fmt: skip
    yield from said(
        stage, family, -36, "yes", by="Piran", wall="16:05",
        words="The other mum made it sound all right. I’d like to try.",
    )  # fmt: skip
    yield from begins_with(stage, family, -35, 4)
    yield from goals_set(
        stage, HANNAH, family, -30, by="Tamsin",
        goals=[("I want to notice when he has had enough and wait for him.", 3, 8), (GOAL, 2, 6)],
    )  # fmt: skip
    yield from whole_cycle(stage, HANNAH, family, 1, -24, by="Tamsin", ratings=(5, 2))
    at = yield stage.days.at(-14, "11:20")
    first, early = booked_pair(stage, family, 2, -8, by="Tamsin", at=at, activity="tea time")
    at = yield first.starts_at - timedelta(hours=1, minutes=48)
    cancel(first, "child_ill", by=jago, at=at, words="Leo has a temperature.", tell_family=False)
    cancel(
        early, "child_ill", by=jago, at=at, tell_family=False,
        settled="Booked again with the video session.",
    )  # fmt: skip
    at = yield at + timedelta(minutes=6)
    video, _review = booked_pair(
        stage, family, 2, -3, by="Tamsin", at=at, activity="tea time", gap=gap_to(stage, -3, 2)
    )
    yield from keeps(HANNAH.mobile, video.id, stage)
    yield from takes_place(stage, video.id, minutes=35)


def begins_with(stage: Stage, family: Family, count: int, planned: int) -> Scenes:
    yield from begins(stage, family, count, planned, by="Tamsin")


def gap_to(stage: Stage, first: int, second: int) -> int:
    """Days from one working day to another, both counted from today."""
    return (stage.days.day(second) - stage.days.day(first)).days


def tash(stage: Stage) -> Scenes:
    """Clips chosen, the review booked at the hub, and kept by a reply “1”."""
    demelza = stage.team["Demelza"]
    family = yield from in_programme(stage, TASH, -30, 3, by="Demelza", words="Yes, we both would.")
    yield from goals_set(
        stage, TASH, family, -20, by="Demelza", wall="11:00",
        goals=[("I want to follow Poppy’s lead when we play.", 4, 8)],
    )  # fmt: skip
    at = yield stage.days.at(-14, "15:15")
    hub = stage.team.places["Truro Family Hub"]
    video, review = booked_pair(
        stage, family, 1, -7, by="Demelza", at=at, wall="14:30", place_id=hub.id,
        activity="posting box and puzzles", gap=gap_to(stage, -7, 2),
    )  # fmt: skip
    yield from keeps(TASH.mobile, video.id, stage)
    yield from takes_place(stage, video.id)
    at = yield stage.days.at(-4, "15:10")
    clips_chosen(family, 1, by=demelza, at=at)
    at = yield stage.days.at(-4, "15:52")
    text_back(TASH.mobile, "1", at)


def jodie(stage: Stage) -> Scenes:
    """She kept the video session of tomorrow, then asked for another day by text."""
    family = yield from in_programme(
        stage, JODIE, -48, 3, by="Kerensa", words="I’ll do it if it is at home."
    )
    yield from goals_set(
        stage, JODIE, family, -38, by="Kerensa", wall="13:30",
        goals=[("I want to chat to her more at bath time.", 2, 7)],
    )  # fmt: skip
    yield from whole_cycle(stage, JODIE, family, 1, -28, by="Kerensa", ratings=(4,), wall="13:30")
    at = yield stage.days.at(-9, "10:35")
    video, _ = booked_pair(stage, family, 2, 1, by="Kerensa", at=at, wall="13:30")
    at = yield stage.days.at(-3, "18:22")
    text_back(JODIE.mobile, "1", at)
    at = yield stage.days.lately(44)
    day = WEEKDAYS[clock.london(video.starts_at).weekday()]
    text_back(JODIE.mobile, f"Cant do {day} any other day? could u ring me after 1", at)


def wayne(stage: Stage) -> Scenes:
    """The child was ill on the last working day: video session and review to book again."""
    family = yield from in_programme(stage, WAYNE, -60, 3, by="Tamsin", words="Yes.")
    yield from goals_set(
        stage, WAYNE, family, -25, by="Tamsin", wall="09:30",
        goals=[("I want to get down on the floor and wait.", 3, 6)],
    )  # fmt: skip
    at = yield stage.days.at(-12, "16:10")
    video, review = booked_pair(stage, family, 1, -1, by="Tamsin", at=at, wall="11:00")
    yield from keeps(WAYNE.mobile, video.id, stage)
    at = yield video.starts_at - timedelta(hours=2)
    for each in (video, review):
        cancel(
            each, "child_ill", by=stage.team["Jago"], at=at, words="Lowen was sick in the night.",
            tell_family=False,
        )  # fmt: skip


def kyle(stage: Stage) -> Scenes:
    """A home at high level: two workers go."""
    family = yield from came(stage, KYLE, -16, practitioner_id=stage.team["Lowena"].id)
    yield from looked_at(
        stage, family, -14, by="Lowena", level="high", ticks=("violence",),
        controls="Two workers. Park facing out. Leave at once if his brother is there.",
    )  # fmt: skip
    yield from said(stage, family, -12, "yes", by="Lowena", words="I’m up for it.")
    yield from begins(stage, family, -12, 3, by="Lowena")
    at = yield stage.days.at(-11, "10:05")
    yield from goals_set(
        stage, KYLE, family, -6, by="Lowena", wall="13:00",
        goals=[("I want to let Riley finish before I help.", 4, 8)],
    )  # fmt: skip
    at = yield stage.days.at(-5, "12:25")
    count = 0 if stage.days.is_working_today else 1
    video, _ = booked_pair(stage, family, 1, count, by="Lowena", at=at, wall="13:00")
    yield from keeps(KYLE.mobile, video.id, stage)
    yield from takes_place(stage, video.id)


def sam(stage: Stage) -> Scenes:
    """Cycle 1 is done; cycle 2 is to be booked."""
    family = yield from in_programme(stage, SAM, -44, 4, by="Lowena", words="Yes, happy to.")
    yield from goals_set(
        stage, SAM, family, -34, by="Lowena", wall="15:00",
        goals=[("I want to see what Rowan sees.", 5, 9)],
    )  # fmt: skip
    yield from whole_cycle(stage, SAM, family, 1, -20, by="Lowena", ratings=(6,), wall="15:00")


def lorna(stage: Stage) -> Scenes:
    """A whole programme of three cycles, completed; the follow-up is due."""
    kerensa = stage.team["Kerensa"]
    family = yield from in_programme(stage, LORNA, -205, 3, by="Kerensa", words="Yes, please.")
    yield from goals_set(
        stage, LORNA, family, -195, by="Kerensa",
        goals=[("I want to wait and watch before I speak.", 2, 7)],
    )  # fmt: skip
    for number, (count, rating) in enumerate(((-185, 4), (-170, 5), (-155, 7)), start=1):
        yield from whole_cycle(stage, LORNA, family, number, count, by="Kerensa", ratings=(rating,))
    at = yield stage.days.at(-138, "14:30")
    end_programme(running(family), "completed", on=clock.london(at).date(), by=kerensa, at=at)
