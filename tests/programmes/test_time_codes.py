"""Time codes and clips as tables."""

import pytest

from app.programmes.time_codes import UnclearCode, clip_problems, read_time_code, time_code
from app.settings.rules import Rules

RULES = Rules()


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("0:00", 0), ("0:05", 5), ("1:05", 65), ("12:30", 750), ("61:05", 3665), ("1.05", 65),
        (" 2:10 ", 130), ("1:01:05", 3665), ("45", 45), ("0", 0),
    ],
)  # fmt: skip
def test_reads_time_codes_as_people_type_them(typed: str, seconds: int) -> None:
    assert read_time_code(typed) == seconds


@pytest.mark.parametrize(
    "typed",
    [
        "", "a", "1:5", "1:60", "1:61:00", "-1:00", "1:-5", "1:05:", ":05", "1:00:00:00", "1,05",
        "١:٠٥", "1 05", "99999999999", "1:05pm", "1_0:05", "+1:05",
    ],
)  # fmt: skip
def test_refuses_what_is_no_time_code(typed: str) -> None:
    with pytest.raises(UnclearCode):
        read_time_code(typed)


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00"), (65, "1:05"), (3665, "61:05")])
def test_says_time_codes_as_people_read_them(seconds: int, words: str) -> None:
    assert time_code(seconds) == words
    assert read_time_code(words) == seconds


@pytest.mark.parametrize(
    ("clips", "words"),
    [
        ([], ["Enter at least one clip."]),
        ([(0, 2)], []),
        ([(0, 1)], ["Clip 1 lasts 1 seconds. Choose from 2 to 60."]),
        ([(0, 60)], []),
        ([(0, 61)], ["Clip 1 lasts 61 seconds. Choose from 2 to 60."]),
        ([(5, 5)], ["Clip 1 must end after it begins."]),
        ([(0, 10), (9, 5)], ["Clip 2 must end after it begins."]),
        ([(0, 10)] * 3, []),
        ([(0, 10)] * 4, ["Choose at most 3 clips."]),
        (
            [(20000, 20010)],
            ["Clip 1 lies beyond the film. Time codes are minutes and seconds."],
        ),
    ],
)
def test_a_clip_is_2_to_60_seconds_and_there_are_at_most_3(clips, words: list[str]) -> None:
    assert [sentence for _, sentence in clip_problems(clips, RULES)] == words


def test_a_problem_says_which_clip_it_is_about() -> None:
    assert [index for index, _ in clip_problems([(0, 10), (0, 90), (5, 3)], RULES)] == [1, 2]
