"""A time that was let go: which families wait for that practitioner, and who could have it.

A person rings and books; nothing here sends or books anything. For coordinators and managers, and
for the practitioner whose time it is.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import PRACTITIONER, found, signed_in
from app.db import transact
from app.desk.views import desk
from app.desk.work_list import TO_BOOK, Names, everything, names_of
from app.errors import DomainError
from app.scheduling.let_go.time_let_go import by_number, set_aside
from app.scheduling.let_go.who_could import Ranked, Waits, who_could_have
from app.scheduling.models import KINDS, LetGo
from app.scheduling.search import PAIR
from app.settings import store
from app.tasks.waiting import Item


def this_time(let_go_id: int) -> tuple[LetGo, int, bool]:
    """A time let go, the family that let it go, and whether it is taken; else a 404."""
    row, family_id, taken = found(by_number(let_go_id))
    if current_user.role == PRACTITIONER and row.staff_id != current_user.id:
        found(None)
    return row, family_id, taken


@desk.get("/let-go/<id:let_go_id>")
@signed_in
def let_go(let_go_id: int) -> str:
    """Who waits for this practitioner, those who could come first."""
    at = clock.now()
    row, family_id, taken = this_time(let_go_id)
    over = row.starts_at <= at
    ranked: Sequence[Ranked] = ()
    names = Names((), {}, {})
    if not (over or taken or row.set_aside_at):
        ranked, names = who_waits(row, family_id, at)
    return render_template(
        "desk/let_go.html",
        row=row, over=over, taken=taken, names=names.families, kinds=KINDS,
        could=[one for one in ranked if one.candidate.slot],
        could_not=[one for one in ranked if not one.candidate.slot],
    )  # fmt: skip


def who_waits(row: LetGo, family_id: int, at: datetime) -> tuple[list[Ranked], Names]:
    """The families that the reader may see and that wait, those who could come first, and their
    names."""
    names = names_of(current_user, others_waiting(row, family_id, at))
    waiting = sorted(map(waits_for, names.seen), key=lambda one: one.since)
    return who_could_have(row, waiting, store.current(), at=at), names


def number_waiting(row: LetGo, family_id: int, at: datetime) -> int:
    """How many families that the reader may see wait for this practitioner."""
    items = names_of(current_user, others_waiting(row, family_id, at)).seen
    return len({item.family_id for item in items})


def others_waiting(row: LetGo, family_id: int, at: datetime) -> list[Item]:
    return [
        item
        for item in everything(at)
        if item.kind in TO_BOOK and item.owner_id == row.staff_id and item.family_id != family_id
    ]


def waits_for(item: Item) -> Waits:
    """What the button of an item would book."""
    cycle = item.values.get("cycle")
    return Waits(
        family_id=item.family_id or 0,
        since=item.since,
        due_at=item.due_at,
        kind=str(item.values.get("kind", PAIR if cycle else "goals_visit")),
        cycle_id=cycle,
        again_id=item.values.get("appointment_id"),
    )


@desk.post("/let-go/<id:let_go_id>/set-aside")
@signed_in
def set_time_aside(let_go_id: int) -> Response:
    """Nobody is to be offered this time."""
    row, _, _ = this_time(let_go_id)
    try:
        transact(lambda: set_aside(row, by=current_user, at=clock.now()))
        flash("Set aside. It is off the list.", "success")
    except DomainError as refused:
        flash(refused.message, "error")
    return redirect(url_for("desk.index"))
