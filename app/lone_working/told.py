"""Whom each step of the ladder tells, and by which text.

Pure. Nobody is told of their own alarm as if they could help; where somebody is missing from the
rota or has no mobile, the next above is told at once, so that a step never tells nobody while
anybody can be told.
"""

from dataclasses import dataclass

from app.lone_working import ladder

PURPOSES = {
    ladder.NOT_IN: "check_in_missed",
    ladder.BUDDY: "overdue_buddy",
    ladder.MANAGER: "overdue_manager",
    ladder.ALL_MANAGERS: "overdue_all",
    ladder.HELP: "help_asked",
}


@dataclass(frozen=True)
class OnCall:
    """Who can be texted now, by number: the duty manager and the buddy, if any, and all
    managers."""

    manager_id: int | None
    buddy_id: int | None
    manager_ids: tuple[int, ...]

    def without(self, staff_id: int) -> "OnCall":
        """The same without the person whom the alarm is about."""
        return OnCall(
            self.manager_id if self.manager_id != staff_id else None,
            self.buddy_id if self.buddy_id != staff_id else None,
            tuple(number for number in self.manager_ids if number != staff_id),
        )


def told(step: str, worker_id: int, on_call: OnCall) -> list[tuple[str, int]]:
    """The texts of a step: (purpose, member of staff), each person once."""
    others = on_call.without(worker_id)
    managers = [others.manager_id] if others.manager_id else list(others.manager_ids)
    buddy = [others.buddy_id] if others.buddy_id else managers
    everybody = list(dict.fromkeys([*others.manager_ids, *managers]))
    if step == ladder.REMIND_OUT:
        return [("check_out_reminder", worker_id)]
    texts = {
        ladder.NOT_IN: [("check_in_asked", worker_id), *named(step, buddy)],
        ladder.BUDDY: named(step, buddy),
        ladder.MANAGER: named(step, managers),
        ladder.ALL_MANAGERS: named(step, everybody),
        ladder.HELP: named(step, dict.fromkeys([*managers, *buddy])),
    }
    return texts[step]


def named(step: str, people: "list[int] | dict[int, None]") -> list[tuple[str, int]]:
    return [(PURPOSES[step], person) for person in people]
