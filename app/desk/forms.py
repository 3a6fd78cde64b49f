"""Forms of the desk."""

from app.forms import Form, area, submit, text


class TaskForm(Form):
    outcome = area(
        "What came of it?",
        required="Say in a few words what came of it",
        hint="For example: rang her, she keeps Thursday",
        most=500,
        render_kw={"params": {"rows": "3"}},
    )
    done = submit("It is done")


class SettingForm(Form):
    value = text("Value", required="Enter a value", most=200)
    save = submit("Save")


class TextForm(Form):
    words = area(
        "Words",
        required="Write the text",
        hint="As it goes to a phone. What stands in curly brackets is filled in",
        most=1600,
    )
    look = submit("Preview")
    keep = submit("Keep as a draft")


class ApproveTextForm(Form):
    reader = text(
        "Who has read it and says that it is right",
        hint="For another language somebody who speaks it, such as its interpreter",
        most=120,
    )
    approve = submit("Approve: use it from now on")
