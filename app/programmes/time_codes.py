"""Time codes of clips: read as people type them, said as people read them, and whether they fit.

Pure. A code counts from the film's own beginning, in seconds.
"""

import re
from collections.abc import Sequence

from app.settings.rules import Rules

LONGEST_FILM = 4 * 60 * 60  # seconds; no visit lasts as long, so a later code is a slip of the hand
_CODE = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3})[:.]([0-9]{2})|([0-9]{1,4})")


class UnclearCode(ValueError):
    """What was typed is no time code; the words say what would be."""


def read_time_code(text: str) -> int:
    """'m:ss', 'h:mm:ss' or plain seconds as seconds; raises UnclearCode.

    '1.05' is read as 1:05, as people write times; '1:5' could be either and is refused.
    """
    match = _CODE.fullmatch(text.strip())
    if match is None:
        raise UnclearCode("Enter minutes and seconds, such as 1:05")
    hours, minutes, seconds, plain = match.groups()
    if plain is not None:
        return int(plain)
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
        raise UnclearCode("Enter seconds from 00 to 59, such as 1:05")
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)


def time_code(seconds: int) -> str:
    """Seconds as people read a time code: '2:05'; from an hour on still in minutes, '61:05'."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def clip_problems(clips: Sequence[tuple[int, int]], rules: Rules) -> list[tuple[int, str]]:
    """What is wrong with clips (from, to in seconds): the clip's index and a sentence for each.

    At least one and at most `clips_wanted`, each `clip_least_seconds` to `clip_most_seconds` long.
    """
    problems = []
    if not clips:
        problems.append((0, "Enter at least one clip."))
    if len(clips) > rules.clips_wanted:
        problems.append((rules.clips_wanted, f"Choose at most {rules.clips_wanted} clips."))
    for index, (start, end) in enumerate(clips):
        if problem := clip_problem(index + 1, start, end, rules):
            problems.append((index, problem))
    return problems


def clip_problem(number: int, start: int, end: int, rules: Rules) -> str | None:
    """Why one clip cannot be, or None."""
    if end <= start:
        return f"Clip {number} must end after it begins."
    if not 0 <= start < end <= LONGEST_FILM:
        return f"Clip {number} lies beyond the film. Time codes are minutes and seconds."
    if not rules.clip_least_seconds <= end - start <= rules.clip_most_seconds:
        return (
            f"Clip {number} lasts {end - start} seconds. Choose from "
            f"{rules.clip_least_seconds} to {rules.clip_most_seconds}."
        )
    return None
