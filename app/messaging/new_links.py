"""What a dead link's page can still do: ask for a new link. A person then rings or sends one."""

from datetime import datetime

from flask import Response, request

from app.db import transact
from app.links.pages import asked_page, ended_page, from_elsewhere
from app.links.tokens import any_link
from app.messaging import registry
from app.messaging.follow_up import ring_by
from app.tasks.open import open_task


def dead_link(purpose: str, token: str, *, at: datetime) -> Response:
    """The answer to any link of this purpose that does not open, and to its one button.

    Whoever presses it reads the same, whatever the token was; only one that was ours and was not
    taken back asks somebody to ring.
    """
    if request.method != "POST" or request.form.get("do") != "again" or from_elsewhere():
        return ended_page()
    transact(lambda: ask_again(purpose, token, at))
    return asked_page()


def ask_again(purpose: str, token: str, at: datetime) -> None:
    link = any_link(purpose, token)
    if link is None or link.revoked_at:
        return
    person = registry.recipient(link.person_kind, link.person_id)
    if person is None:
        return
    open_task(
        "ring",
        f"The link of {person.name} has ended and they asked for a new one. Ring them.",
        about=(person.kind, person.id), due_at=ring_by(at), at=at,
        family_id=person.family_id, peer_id=person.peer_id,
    )  # fmt: skip
