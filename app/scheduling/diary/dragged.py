"""An appointment dragged in the diary's picture: a proposal, which the check page then shows."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from app.access import safe_next
from app.scheduling.chosen import Chosen
from app.scheduling.times_page import read_start
from app.typed import read_number


def read_drag(row: Any, args: Mapping[str, str]) -> Chosen | None:
    """When and by whom it would be: `to` is a London wall time; `who` is in whose row the box was
    dropped and `was` from whose it came, where that changed. Two who go together change places when
    one is dropped on the other. None where there is no such time.
    """
    starts_at = read_start(args.get("to", ""))
    if starts_at is None:
        return None
    who, was = read_number(args.get("who")), read_number(args.get("was"))
    if who and was:
        instead = {was: who, who: was}
        return Chosen(
            starts_at,
            instead.get(row.staff_id, row.staff_id),
            instead.get(row.second_id, row.second_id),
        )
    return Chosen(starts_at, row.staff_id, row.second_id)


def dropped_at(row: Any, chosen: Chosen) -> str:
    """The check page of where it was dropped."""
    given: dict[str, Any] = {"time": chosen.value, "who": chosen.staff_id}
    given["from"] = request.args.get("from")
    return url_for("scheduling.move_appointment", appointment_id=row.id, **given)


def came_from(row: Any) -> str:
    """The page from which it is moved: the diary where it was dragged, else its own."""
    own = url_for("scheduling.appointment", appointment_id=row.id)
    return safe_next(request.args.get("from")) or own
