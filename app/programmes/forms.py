"""Forms of programmes. Nothing is chosen beforehand where it is the family's to say."""

from app.forms import DayField, Form, WholeField, area, check, radios, select, submit, text
from app.programmes.models import ENDINGS, METHODS, PURPOSES

TEN = [(str(n), str(n)) for n in range(11)]


class StartForm(Form):
    practitioner_id = select("Practitioner", required="Choose the practitioner")
    planned_cycles = WholeField(
        "Cycles planned", least=1, most=12, required="Enter how many cycles"
    )
    reason = area("Why more than is usual", hint="Only for more than 7 cycles; a manager’s reason")
    save = submit("Save")


class EndForm(Form):
    ending = radios("How did it end?", list(ENDINGS.items()), required="Choose how it ended")
    on = DayField("On which day?", required="Enter the day")
    words = area("In a few words")
    quiet = check("They know already: do not text")
    save = submit("End the programme")


class ConsentForm(Form):
    person = radios("Who is it about?", required="Choose a person")
    purpose = radios("What for?", list(PURPOSES.items()), required="Choose what it is for")
    given = radios(
        "What is the answer?", [("yes", "Yes"), ("no", "No")], required="Choose yes or no"
    )
    given_by = text("Who gave the answer?", required="Enter who gave the answer", most=120)
    method = radios("How was it given?", list(METHODS.items()), required="Choose how it was given")
    on = DayField("On which day?", required="Enter the day")
    save = submit("Save the answer")


class GoalForm(Form):
    words = area("The goal, in the family’s words", required="Enter the goal", most=500)
    about_adult = check("It is about what an adult will do")
    first = select("Where are they now?", TEN, required="Choose a number from 0 to 10")
    hoped_for = select("Where do they hope to be?", TEN, required="Choose a number from 0 to 10")
    save = submit("Add the goal")


class ClipsForm(Form):
    """Three rows: from, to (m:ss) and a note."""

    from_1, to_1, note_1 = text("Clip 1 from"), text("Clip 1 to"), text("What it shows")
    from_2, to_2, note_2 = text("Clip 2 from"), text("Clip 2 to"), text("What it shows")
    from_3, to_3, note_3 = text("Clip 3 from"), text("Clip 3 to"), text("What it shows")
    kept_where = text(
        "Where the video is kept", hint="Not the video itself: it is never stored here"
    )
    save = submit("Save clips")


class ReviewForm(Form):
    words = area("What they noticed", most=1000)
    save = submit("The review is done")


class DeletedForm(Form):
    on = DayField("On which day were they deleted?", required="Enter the day")
    save = submit("They are deleted")


class FollowUpForm(Form):
    words = area("What came of it?", required="Say what came of it", most=500)
    save = submit("Save")
