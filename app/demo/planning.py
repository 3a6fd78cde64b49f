"""The dates of a family's later cycles, planned in one step as on the page: all but the next are
provisional.
"""

from datetime import datetime

from app.demo.steps import Stage, running
from app.families.models import Family
from app.programmes.cycles import review_of, video_of
from app.programmes.dates import Line, plan_dates
from app.programmes.free_times import free_times
from app.programmes.queries import facts_of
from app.programmes.rhythm import Given, propose
from app.scheduling.book import Booking
from app.scheduling.search import PAIR, Wish
from app.settings import store


def planned_ahead(stage: Stage, family: Family, *, by: str, at: datetime) -> None:
    """Book what is proposed for every cycle that lacks a date, at the family's home."""
    programme, rules, worker = running(family), store.current(), stage.team[by]
    wish = Wish(
        family.id, PAIR, rules.video_session_minutes, rules.shared_review_minutes,
        staff_ids=(worker.id,), place_id=family.home_id,
    )  # fmt: skip
    free = free_times(wish, rules, at=at)
    cycles = {cycle.number: cycle.id for cycle in programme.cycles if not cycle.reviewed_on}
    given = []
    for facts in facts_of(programme.cycles).values():
        video, review = video_of(facts), review_of(facts)
        starts = [event.starts_at if event else None for event in (video, review)]
        given.append(Given(facts.number, *starts))
    lines = [
        Line(
            cycles[one.number],
            Booking(
                one.kind, family.id, worker.id, one.slot.starts_at, free.wanted[one.kind].minutes,
                place_id=family.home_id, second_id=one.slot.second_worker_id,
            ),
        )
        for one in propose(given, free.course, None)
        if one.slot is not None
    ]  # fmt: skip
    plan_dates(programme, lines, by=stage.team["Jago"], at=at)
