"""Where families stand with their choice, as the list of families shows and filters it.

Wiring adds `STAGES` and `CHOICE` to the tables of `families.hooks`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select

from app import clock
from app.enquiries import queries
from app.enquiries.models import STEPS, Choice
from app.enquiries.steps import FROM_FAMILY
from app.families.hooks import Cell, Column, Stage
from app.families.models import Family
from app.times import staff_date


def stage(choice: Choice | None) -> str:
    """The words of the last thing a family said; 'Not asked yet' where nothing is on record."""
    return STEPS[choice.step] if choice else "Not asked yet"


def last_said(*steps: str) -> Select[int]:
    """The ids of families, not ended, whose last step is one of these."""
    return select(Family.id).where(
        Family.ended_on.is_(None), queries.last_said(Choice.step).in_(steps)
    )


def not_asked() -> Select[int]:
    """Families, not ended, that have said nothing themselves."""
    said = func.coalesce(queries.last_said(Choice.step), "")
    return select(Family.id).where(Family.ended_on.is_(None), said.not_in(FROM_FAMILY))


STAGES: Mapping[str, Stage] = {
    "to-ask": Stage(
        "To ask",
        "No family waits to be asked. A referral that is taken up comes here first.",
        not_asked,
    ),
    "wants-to-talk": Stage(
        "Wants to talk",
        "No family waits for a conversation. They come here from an enquiry or a referral.",
        lambda: last_said("wants_to_talk"),
    ),
    "thinking": Stage(
        "Thinking",
        "No family is thinking it over. Record it on a family’s page when they say so.",
        lambda: last_said("thinking"),
    ),
    "said-yes": Stage(
        "Said yes",
        "No family has said yes yet. Record it on a family’s page when they do.",
        lambda: last_said("yes"),
    ),
    "not-now": Stage(
        "Not now",
        "No family has said “not now”. They come back to the work list on the day to ask again.",
        lambda: last_said("not_now"),
    ),
    "no": Stage(
        "No or stopped",
        "No family has said no, or stopped. That is a good outcome too.",
        lambda: last_said("no", "withdrew"),
    ),
}


def choice_cells(ids: Sequence[int], at: datetime) -> Mapping[int, Cell]:
    latest, today = queries.latest_by_family(ids), clock.london(at).date()
    return {family_id: choice_cell(latest.get(family_id), today) for family_id in ids}


def choice_cell(choice: Choice | None, today: date) -> Cell:
    if choice is None:
        return Cell(stage(None))
    if choice.ask_again_on:
        return Cell(stage(choice), f"ask again {staff_date(choice.ask_again_on, today)}", tag=True)
    return Cell(stage(choice), f"since {staff_date(choice.on, today)}", tag=True)


CHOICE = Column("Choice", choice_cells)
