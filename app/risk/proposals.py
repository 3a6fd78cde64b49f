"""Which level the ticks of an assessment propose, and the lowest that they allow.

Pure. The ticks and their levels are reference/domain.md 3.2; each is something seen or known,
never an opinion about a person.
"""

from collections.abc import Iterable

ORDER = ("standard", "raised", "high", "no_home_visits")

# tick -> (what is ticked, the level that it demands)
TRIGGERS: dict[str, tuple[str, str]] = {
    "hostile": ("Shouting, or hostile to the service", "raised"),
    "dog": ("A dog that is not kept away", "raised"),
    "isolated": ("Isolated, or no phone signal", "raised"),
    "unknown_adults": ("Adults there whom nobody knows", "raised"),
    "substances": ("Drink or drugs in the home during visits", "raised"),
    "late_or_dark": ("Visits end late, or the way there is dark", "raised"),
    "violence": ("Violence, threats of violence, or weapons", "high"),
    "domestic_abuse": ("Domestic abuse now, the person who abuses in or near the home", "high"),
    "court_order": ("A court order about contact or about staff", "high"),
    "police_marker": ("The police or another service warn of this address", "high"),
    "no_control": ("Nothing that we could do makes a visit safe enough", "no_home_visits"),
}


def proposed_level(triggers: Iterable[str]) -> str:
    """The level that the ticks demand, the highest of theirs; *standard* where nothing is ticked.

    Raises KeyError for a tick that is not in the list.
    """
    return max((TRIGGERS[tick][1] for tick in triggers), key=ORDER.index, default="standard")


def is_lower(level: str, than: str) -> bool:
    """Whether a level allows more than another."""
    return ORDER.index(level) < ORDER.index(than)


def because(triggers: Iterable[str]) -> list[str]:
    """The words of the ticks that demand the proposed level."""
    ticks = list(triggers)
    wanted = proposed_level(ticks)
    return [TRIGGERS[tick][0] for tick in ticks if TRIGGERS[tick][1] == wanted]
