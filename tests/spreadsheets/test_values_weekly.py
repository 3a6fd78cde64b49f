import pytest

from app.spreadsheets.values import Unclear
from app.spreadsheets.weekly import read_weekly, read_working_day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not Weds", "Mon and Tue 09:00–20:00, Thu to Sun 09:00–20:00"),
        ("after 10", "Mon to Sun 10:00–20:00"),
        ("evenings", "Mon to Sun 17:00–20:00"),
        ("9:30-14:30 Mon-Thu", "Mon to Thu 09:30–14:30"),
        ("evenings after 7", "Mon to Sun 19:00–20:00"),
        ("school hours", "Mon to Fri 09:30–14:30"),
        ("any day after school", "Mon to Fri 15:30–18:00"),
        ("9-5 weekdays", "Mon to Fri 09:00–17:00"),
        ("tue eve, thu eve", "Tue 17:00–20:00, Thu 17:00–20:00"),
        ("Tues. & Thurs. p.m.", "Tue 12:00–17:00, Thu 12:00–17:00"),
        ("Mon, Wed 10-12", "Mon 10:00–12:00, Wed 10:00–12:00"),
        ("Tue Thu evenings", "Tue 17:00–20:00, Thu 17:00–20:00"),
        ("Fri pm", "Fri 12:00–17:00"),
        ("weekdays am", "Mon to Fri 09:00–12:00"),
        ("Mon-Fri 9:30-14:30", "Mon to Fri 09:30–14:30"),
        ("weekends", "Sat and Sun 09:00–20:00"),
        (
            "Mon 18:00-20:00; Thu 12:00-13:30",
            "Mon 18:00–20:00, Thu 12:00–13:30",
        ),
        ("Mon-Thu 09:00-17:00; Fri 09:00-13:00", "Mon to Thu 09:00–17:00, Fri 09:00–13:00"),
        ("Mon-Fri 8:30-18:00, Sat 10:00-13:00", "Mon to Fri 08:30–18:00, Sat 10:00–13:00"),
        ("mornings only", "Mon to Sun 09:00–12:00"),
        ("Weds only please", "Wed 09:00–20:00"),
        ("not Mon or Tues", "Wed to Sun 09:00–20:00"),
        ("not before 10", "Mon to Sun 10:00–20:00"),
        ("not after 3", "Mon to Sun 09:00–15:00"),
        ("after 10, before 3", "Mon to Sun 10:00–15:00"),
        ("after 10 and before 3", "Mon to Sun 10:00–15:00"),
        ("between 10 and 12", "Mon to Sun 10:00–12:00"),
        ("Mon 10am - 12 noon", "Mon 10:00–12:00"),
        ("any weekday", "Mon to Fri 09:00–20:00"),
        ("any day after 6", "Mon to Sun 18:00–20:00"),
        ("any time except Fridays", "Mon to Thu 09:00–20:00, Sat and Sun 09:00–20:00"),
        ("mornings or evenings", "Mon to Sun 09:00–12:00 and 17:00–20:00"),
        ("evenings and weekends", "Mon to Fri 17:00–20:00, Sat and Sun 09:00–20:00"),
        ("Mon am\nTue pm", "Mon 09:00–12:00, Tue 12:00–17:00"),
        ("Mon – Fri: 9.30a.m. – 2.30p.m.", "Mon to Fri 09:30–14:30"),
    ],
)
def test_reads_times_of_a_week(text, words):
    assert read_weekly(text).words() == words


@pytest.mark.parametrize(
    "text",
    ["when he is out", "before 3, after 10", "not evenings", "term time", "never", "usually am"]
    + ["not weekdays, not weekends", "=9-5", "14:30-9:30"],
)
def test_refuses_what_is_not_clear_rather_than_widen_it(text):
    with pytest.raises(Unclear):
        read_weekly(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9-5", "Wed 09:00–17:00"),
        ("9.00 - 13.00", "Wed 09:00–13:00"),
        ("10:00–18:00", "Wed 10:00–18:00"),
        ("08:30-16:30", "Wed 08:30–16:30"),
        ("9-12, 1-5", "Wed 09:00–12:00 and 13:00–17:00"),
        ("9am to 3pm", "Wed 09:00–15:00"),
        ("am", "Wed 09:00–12:00"),
        ("off", "never"),
    ],
)
def test_reads_the_hours_of_a_working_day(text, words):
    assert read_working_day(2, text).words() == words


@pytest.mark.parametrize("text", ["9-5 (from home)", "flexi", "wfh"])
def test_refuses_hours_that_are_not_clear(text):
    with pytest.raises(Unclear):
        read_working_day(0, text)
