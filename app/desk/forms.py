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
