"""A week as ticks by part of the day, for the page on which peer parents say when they are free.
Pure.

A part that was ticked before and still is keeps the exact times it had: nothing is made coarser
than somebody said it.
"""

from collections.abc import Collection

from app.windows import WEEKDAYS, WORDS_FOR_TIMES, Window, Windows

PARTS = ("morning", "afternoon", "evening")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LEAST = 30  # minutes of a part that make it a tick

Tick = tuple[int, str]  # weekday, part


def ticks_of(windows: Windows | None) -> frozenset[Tick]:
    """The parts of the week with half an hour or more in them; none where nothing is known."""
    if windows is None:
        return frozenset()
    return frozenset(
        (weekday, part)
        for weekday in range(len(WEEKDAYS))
        for part in PARTS
        if sum(w.end - w.start for w in within(windows, weekday, part)) >= LEAST
    )


def within(windows: Windows, weekday: int, part: str) -> list[Window]:
    """What the windows hold of one part of one weekday."""
    start, end = WORDS_FOR_TIMES[part]
    return [
        Window(weekday, max(w.start, start), min(w.end, end), w.valid_from, w.valid_until)
        for w in windows.windows
        if w.weekday == weekday and min(w.end, end) > max(w.start, start)
    ]


def windows_from(ticks: Collection[Tick], present: Windows | None) -> Windows:
    """The week as ticked; where nothing was changed, the present one to the minute."""
    before = ticks_of(present)
    if present is not None and frozenset(ticks) == before:
        return present
    kept: list[Window] = []
    for weekday, part in sorted(ticks):
        if present is not None and (weekday, part) in before:
            kept += within(present, weekday, part)
        else:
            kept.append(Window(weekday, *WORDS_FOR_TIMES[part]))
    return Windows(tuple(kept), present.exceptions if present else ())


def read_ticks(names: Collection[str]) -> frozenset[Tick]:
    """Ticks from a form's values such as '0-morning'; anything else is not a tick."""
    known = {f"{weekday}-{part}": (weekday, part) for weekday in range(7) for part in PARTS}
    return frozenset(known[name] for name in names if name in known)
