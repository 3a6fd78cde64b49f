"""Two coordinators at once: one offer, and the other reads who sent whom one."""

import threading
from collections.abc import Callable

from flask import Flask

from app.accounts.models import Staff
from app.conversations.models import Offer
from app.conversations.send_offer import send_offer
from app.db import db, transact
from app.errors import DomainError
from tests.cast import NOW, Cast
from tests.conversations.arranging import FIRST, said


def race(app: Flask, pairs: list[tuple[int, int]], staff_id: int) -> list[str]:
    """Each pair in a thread of its own, started together; what each was told ('' for sent)."""
    barrier, told = threading.Barrier(len(pairs)), [""] * len(pairs)

    def run(place: int, act: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                transact(act)
            except DomainError as refused:
                told[place] = refused.message
            finally:
                db.session.remove()

    def sender(family_id: int, peer_id: int) -> Callable[[], object]:
        return lambda: send_offer(
            family_id, peer_id, times=[FIRST], host_id=staff_id,
            by=db.session.get(Staff, staff_id), at=NOW,
        )  # fmt: skip

    threads = [
        threading.Thread(target=run, args=(place, sender(*pair)))
        for place, pair in enumerate(pairs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_two_coordinators_choosing_two_peers_for_one_family_make_one_offer(
    app: Flask, asking: Cast
) -> None:
    family, staff_id = asking.hannah.id, asking.jago.id
    pairs = [(family, asking.chloe.id), (family, asking.yusuf.id)] * 4
    db.session.remove()

    told = race(app, pairs, staff_id)

    assert told.count("") == 1
    assert all("an offer at 10:00" in words for words in told if words)
    assert db.session.query(Offer).filter_by(state="sent").count() == 1


def test_two_coordinators_choosing_one_peer_for_two_families_make_one_offer(
    app: Flask, asking: Cast
) -> None:
    said(asking, "wants_to_talk", asking.jodie)
    peer, staff_id = asking.chloe.id, asking.jago.id
    pairs = [(asking.hannah.id, peer), (asking.jodie.id, peer)] * 4
    db.session.remove()

    told = race(app, pairs, staff_id)

    assert told.count("") == 1
    assert db.session.query(Offer).filter_by(state="sent").count() == 1
