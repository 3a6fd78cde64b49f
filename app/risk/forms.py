"""The forms of homes and of the rota: shapes only, the acts check truth."""

from app.forms import DayField, Form, WallTimeField, area, checks, radios, select
from app.risk.assess import MOST_CONTROLS
from app.risk.models import LEVEL_MEANS, LEVELS
from app.risk.proposals import ORDER, TRIGGERS

SHORT = {"params": {"classes": "govuk-input--width-5"}}


class AssessmentForm(Form):
    triggers = checks(
        "What was seen, or is known",
        [(tick, f"{words} ({LEVELS[level].lower()})") for tick, (words, level) in TRIGGERS.items()],
        hint="Look at the record and ask the referrer first. Tick all that are so, or nothing. "
        "The level is at least what stands behind a tick.",
    )
    level = radios(
        "Level",
        [(level, f"{LEVELS[level]}: {LEVEL_MEANS[level]}") for level in ORDER],
        required="Choose a level",
    )
    controls = area(
        "What a worker is to do there",
        most=MOST_CONTROLS,
        hint="Facts and what to do, in a few words: “Dog is shut in the kitchen. Park on the road.”"
        " No names, no diagnoses. Needed for raised and high. Whoever books reads it.",
        render_kw={"params": {"rows": 3}},
    )
    looked_on = DayField(
        "When was this looked at?", required="Enter the day on which somebody looked"
    )
    look_again_on = DayField(
        "Look again by (optional)", hint="Left empty: as the settings say, at most 12 months later."
    )


class DutyForm(Form):
    manager = select("Duty manager", required="Choose the duty manager")
    buddy = select("Buddy (optional)", hint="Is told first, and rings.")
    first = DayField("First day", required="Enter the first day")
    last = DayField("Last day", required="Enter the last day")
    start = WallTimeField("From", required="Enter a time such as 08:30", render_kw=SHORT)
    end = WallTimeField("Until", required="Enter a time such as 18:00", render_kw=SHORT)
