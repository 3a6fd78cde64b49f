"""What pages say of a visit that is watched: its state, its ladder, and what to do now.

Reads nothing: a watch with its people and its alarms comes in, words go out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.lone_working import ladder
from app.lone_working.ladder import Sight
from app.places.travel import town_of
from app.risk.models import LEVELS
from app.scheduling.models import KINDS
from app.settings.rules import Rules
from app.times import how_long, staff_time

HOWS = {"button": "by button", "text": "by text", "for_them": "by somebody else"}
TAGS = {
    ladder.NOT_STARTED: "Not started",
    ladder.EXPECTED: "Not started",
    ladder.INSIDE: "Checked in",
    ladder.DUE_OUT: "Due out",
    ladder.LATE_IN: "Not checked in",
    ladder.LATE_OUT: "Not checked out",
    ladder.CALLS: "Asks for help",
}
EDGES = {
    ladder.INSIDE: "green", ladder.DUE_OUT: "orange", ladder.EXPECTED: "orange",
    ladder.LATE_IN: "red", ladder.LATE_OUT: "red", ladder.CALLS: "red",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """A line of the ladder: done, now or to come."""

    state: str
    words: str


@dataclass(frozen=True)
class Line:
    """One worker's visit as every board shows it: no family's name, no address."""

    watch_id: int
    staff_id: int
    who: str
    short: str
    mobile: str | None
    visit: str
    town: str
    level: str
    starts_at: datetime
    due_out: datetime
    missed_at: datetime
    state: str
    tag: str
    edge: str | None
    large: str
    state_words: str
    came: str
    taken_by_id: int | None
    taken_by: str | None
    taken_at: datetime | None
    steps: Sequence[Item] = field(default_factory=tuple)

    @property
    def red(self) -> bool:
        return self.state in ladder.RED

    @property
    def taken_words(self) -> str:
        """Who has it: said of alarms only."""
        if self.taken_by and self.taken_at:
            return f"{self.taken_by.split()[0]} has it since {staff_time(self.taken_at)}."
        return "Nobody has taken it yet."


def line_of(watch: Any, alarms: Sequence[Any], seen: Sight, rules: Rules, now: datetime) -> Line:
    """A watch (with staff, appointment, its place and family) and its alarms, in words."""
    state = ladder.standing(seen, rules, now)
    over = ladder.minutes_over(seen, rules, now)
    taken = taken_alarm(alarms, seen)
    return Line(
        watch_id=watch.id,
        staff_id=watch.staff_id,
        who=watch.staff.name,
        short=short_name(watch.staff.name),
        mobile=watch.staff.mobile,
        visit=f"{KINDS[watch.appointment.kind]}, {watch.appointment.family.reference}, "
        f"{where(watch.appointment)}",
        town=town(watch.appointment),
        level=LEVELS[watch.level],
        starts_at=watch.due_in,
        due_out=watch.due_out,
        missed_at=watch.due_in if state == ladder.LATE_IN else watch.due_out,
        state=state,
        tag=TAGS.get(state, "Closed"),
        edge=EDGES.get(state),
        large=large(state, seen, over, now),
        state_words=state_words(state, over),
        came=came(watch),
        taken_by_id=taken.acknowledged_by_id if taken else None,
        taken_by=taken.acknowledged_by.name if taken else None,
        taken_at=taken.acknowledged_at if taken else None,
        steps=steps_of(watch, alarms, seen, rules, now),
    )


def taken_alarm(alarms: Sequence[Any], seen: Sight) -> Any:
    """The live alarm that somebody took last, or None."""
    live = [
        alarm
        for alarm in alarms
        if alarm.acknowledged_at and ladder.is_live(alarm.step, alarm.expected, seen)
    ]
    return max(live, key=lambda alarm: alarm.acknowledged_at, default=None)


def short_name(name: str) -> str:
    """'Kerensa T': as a screen on a wall may say it."""
    first, _, rest = name.partition(" ")
    last = rest.split(" ")[-1] if rest else ""
    return f"{first} {last[0]}" if last else first


def where(appointment: Any) -> str:
    """'home in Camborne', or a place's name."""
    place = appointment.place
    if place is None:
        return "place not known"
    if place.kind != "home":
        return str(place.name)
    found = town_of(place.postcode)
    return f"home in {found}" if found else "home"


def town(appointment: Any) -> str:
    place = appointment.place
    if place is None:
        return "not known"
    return town_of(place.postcode) or ("home" if place.kind == "home" else str(place.name))


def large(state: str, seen: Sight, over: int, now: datetime) -> str:
    if state == ladder.CALLS:
        return "Asks for help"
    if state in (ladder.LATE_IN, ladder.LATE_OUT):
        return f"{how_long(over)} over"
    if state in (ladder.NOT_STARTED, ladder.EXPECTED):
        return f"starts {staff_time(seen.due_in)}"
    left = int((seen.due_out - now).total_seconds() // 60)
    return f"{how_long(left)} left" if left >= 0 else f"{how_long(-left)} over"


def state_words(state: str, over: int) -> str:
    if state == ladder.CALLS:
        return "asks for help"
    if state == ladder.LATE_IN:
        return f"has not checked in: {how_long(over)} over"
    if state == ladder.LATE_OUT:
        return f"has not checked out: {how_long(over)} over"
    return ""


def came(watch: Any) -> str:
    """'in at 09:14', or that they have not checked in."""
    if watch.checked_in_at is None:
        return "not checked in"
    return f"in at {staff_time(watch.checked_in_at)}"


def steps_of(
    watch: Any, alarms: Sequence[Any], seen: Sight, rules: Rules, now: datetime
) -> list[Item]:
    """The ladder: what is done, what the reader does now, what comes and when."""
    first = watch.staff.name.split()[0]
    done = []
    if watch.checked_in_at is not None:
        how = HOWS.get(watch.checked_in_how or "", "")
        done.append((watch.checked_in_at, f"Checked in {how}".strip()))
    for alarm in alarms:
        done.append((alarm.raised_at, raised_words(alarm, first)))
    lines = [
        Item("done", f"{staff_time(at)} {words}")
        for at, words in sorted(done, key=lambda pair: pair[0])
    ]
    if ladder.standing(seen, rules, now) in ladder.RED:
        lines.append(Item("now", what_to_do(alarms, seen, first)))
    for step in ladder.ladder(seen, rules):
        if (step.name, step.expected) not in seen.raised:
            lines.append(Item("to come", f"{staff_time(step.at)} {COMING[step.name]}"))
    return lines


COMING = {
    ladder.NOT_IN: "Ask whether they are there; buddy",
    ladder.REMIND_OUT: "Reminder to check out",
    ladder.BUDDY: "Buddy",
    ladder.MANAGER: "Duty manager",
    ladder.ALL_MANAGERS: "All managers, and the written procedure",
}


def raised_words(alarm: Any, first: str) -> str:
    words = {
        ladder.NOT_IN: f"{first} asked, buddy told",
        ladder.REMIND_OUT: f"{first} reminded to check out",
        ladder.BUDDY: "Buddy told",
        ladder.MANAGER: "Duty manager told",
        ladder.ALL_MANAGERS: "All managers told",
        ladder.HELP: f"{first} asked for help",
    }[alarm.step]
    if alarm.texted_at is None:
        words += ": no text could go yet, so ring"
    if alarm.acknowledged_at is not None:
        taker = alarm.acknowledged_by.name.split()[0]
        words += f". {taker} took it at {staff_time(alarm.acknowledged_at)}"
    return words


def what_to_do(alarms: Sequence[Any], seen: Sight, first: str) -> str:
    """What the reader does now, by the highest step that was raised."""
    raised = {a.step for a in alarms if ladder.is_live(a.step, a.expected, seen)}
    if ladder.HELP in raised:
        return f"You: ring {first} now. If they do not answer, ring 999 with the address."
    if ladder.ALL_MANAGERS in raised:
        return "You: follow the written procedure. Somebody goes there; ring 999 if in doubt."
    if ladder.MANAGER in raised:
        return f"You: ring {first}, then who they live with; a colleague drives by."
    if ladder.NOT_IN in raised and ladder.BUDDY not in raised:
        return f"You: ring {first}. Are they there and well, or on the way?"
    return f"You: ring {first} twice, then the place."
