import pytest

from app.windows import UnclearTimes, read_windows


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mon 9-5", "Mon 09:00–17:00"),
        ("Mon 9-5pm", "Mon 09:00–17:00"),
        ("Mon 1-3", "Mon 13:00–15:00"),
        ("Mon 1-3pm", "Mon 13:00–15:00"),
        ("Mon 2:15pm-3", "Mon 14:15–15:00"),
        ("Mon 6-8", "Mon 18:00–20:00"),
        ("Mon 06:00-08:00", "Mon 06:00–08:00"),
        ("Mon 6:30-14:30", "Mon 06:30–14:30"),
        ("Mon evenings 7-9", "Mon 19:00–21:00"),
        ("Mon after 6", "Mon 18:00–20:00"),
        ("Mon after 08:30", "Mon 08:30–20:00"),
        ("Mon mornings after 10", "Mon 10:00–12:00"),
        ("Mon evenings after 7", "Mon 19:00–20:00"),
    ],
)
def test_a_bare_hour_never_means_the_night(text, words):
    assert read_windows(text).words() == words


def test_a_second_time_holds_on_the_days_of_the_first():
    assert read_windows("Mon 9-12, 1-5").words() == "Mon 09:00–12:00 and 13:00–17:00"


@pytest.mark.parametrize("text", ["14:30-9:30", "22:00-6:00", "after 8"])
def test_times_the_wrong_way_round_are_refused_not_widened(text):
    with pytest.raises(UnclearTimes):
        read_windows(text)
