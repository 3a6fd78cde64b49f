"""Forms of programmes. Nothing is chosen beforehand where it is the family's to say."""

from collections.abc import Sequence

from app.forms import DayField, Form, WholeField, area, check, checks, radios, select, submit, text
from app.programmes.clips import LONGEST_NOTE
from app.programmes.goals import LONGEST_GOAL
from app.programmes.goals_shown import GoalShown
from app.programmes.models import ENDINGS, METHODS, PURPOSES
from app.times import staff_date

TEN = [(str(n), str(n)) for n in range(11)]
PART = {"params": {"classes": "govuk-input--width-5"}, "inputmode": "text", "autocomplete": "off"}


class StartForm(Form):
    practitioner = select("Practitioner", required="Choose the practitioner")
    planned_cycles = WholeField(
        "Cycles planned", least=1, most=12, required="Enter how many cycles"
    )
    reason = area("Why more than is usual?", most=500, render_kw={"params": {"rows": 2}})
    save = submit("Save")


class RatingsForm(Form):
    """Where the family says it is now; `rated` adds a question for each goal."""

    on = DayField("On which day did they say so?", required="Enter the day they said it")
    save = submit("Save the ratings")


class EndForm(Form):
    ending = radios("How did it end?", list(ENDINGS.items()), required="Choose how it ended")
    on = DayField("On which day?", required="Enter the day")
    words = area("In a few words", hint="What went well, and what they take with them. No blame.")
    quiet = check("They know already: do not text")
    save = submit("End the programme")


class ReviewForm(Form):
    words = area("What they noticed", hint="In their words, as far as you can.", most=1000)
    save = submit("The review is done")


def rated(form: type[Form], goals: Sequence[GoalShown]) -> type[Form]:
    """A form with one question more for each goal: a number from 0 to 10, or nothing."""
    fields = {
        f"goal_{goal.id}": radios(f"“{goal.words}”", TEN, hint=so_far(goal)) for goal in goals
    }
    return type(form.__name__, (form,), fields)


def so_far(goal: GoalShown) -> str:
    last = f"{goal.latest[0]} on {staff_date(goal.latest[1])}" if goal.latest else "not rated"
    return f"Last: {last}. Hoped for: {goal.hoped_for}."


def ratings_in(form: Form, goals: Sequence[GoalShown]) -> dict[int, int]:
    """The numbers chosen, by goal; a goal that was left open is not rated."""
    chosen = {goal.id: form[f"goal_{goal.id}"].data for goal in goals}
    return {goal_id: int(number) for goal_id, number in chosen.items() if number is not None}


class GoalForm(Form):
    words = area(
        "The goal, in the family’s words",
        hint="Such as “I want to notice when he has had enough and wait for him.”",
        required="Enter the goal",
        most=LONGEST_GOAL,
        render_kw={"params": {"rows": 2}},
    )
    about_adult = check("It is about what an adult will do")
    first = radios("Where are they now?", TEN, required="Choose a number from 0 to 10")
    hoped_for = radios("Where do they hope to be?", TEN, required="Choose a number from 0 to 10")
    save = submit("Add the goal")


class ConsentForm(Form):
    person = checks("Who is it about?", required="Choose whom the answer is about")
    purpose = radios("What for?", list(PURPOSES.items()), required="Choose what it is for")
    given = radios(
        "What is the answer?", [("yes", "Yes"), ("no", "No")], required="Choose yes or no"
    )
    given_by = text(
        "Who gave the answer?",
        hint="The person, or for a child who may answer for them",
        required="Enter who gave the answer",
        most=120,
        render_kw={"params": {"classes": "govuk-input--width-20"}},
    )
    method = radios("How was it given?", list(METHODS.items()), required="Choose how it was given")
    on = DayField("On which day?", required="Enter the day")
    save = submit("Save the answer")


class WithdrawForm(Form):
    on = DayField("On which day did they take it back?", required="Enter the day")
    save = submit("Take it back")


class OnCameraForm(Form):
    people = checks("Who will be on camera?", required="Choose who will be on camera")
    save = submit("Save")


class JoinForm(Form):
    cycle = radios("Which cycle does it belong to?", required="Choose a cycle")
    save = submit("Save")


class ClipsForm(Form):
    """`with_rows` adds from, to (m:ss) and a note for each clip."""

    kept_where = text(
        "Where the video is kept", hint="Such as “Laptop 4”. The video itself is never stored here."
    )
    save = submit("Save clips")


def with_rows(number: int) -> type[Form]:
    fields = {}
    for n in range(1, number + 1):
        fields[f"from_{n}"] = text(f"Clip {n} from", most=12, render_kw=PART)
        fields[f"to_{n}"] = text(f"Clip {n} to", most=12, render_kw=PART)
        fields[f"note_{n}"] = text(f"What clip {n} shows", most=LONGEST_NOTE)
    return type("ClipsForm", (ClipsForm,), fields)


class DeletedForm(Form):
    on = DayField("On which day were they deleted?", required="Enter the day")
    save = submit("They are deleted")


class KeptForm(Form):
    """`with_places` adds a line for each cycle that was filmed."""

    save = submit("Save where they are kept")


def with_places(cycles: Sequence[tuple[int, int]]) -> type[Form]:
    """A line for each cycle (id, number)."""
    fields = {
        f"kept_{cycle_id}": text(f"Where the video of cycle {number} is kept")
        for cycle_id, number in cycles
    }
    return type("KeptForm", (KeptForm,), fields)


class FollowUpForm(Form):
    words = area("What came of it?", required="Say what came of it", most=2000)
    save = submit("Save")
