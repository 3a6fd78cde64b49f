"""Ranking 1,500 peers for one family, against the bare reading of their rows."""

from collections.abc import Callable

from flask import Flask

from app.conversations.candidates import ranking_for
from app.db import db
from app.enquiries.models import Choice
from tests.bench.floor import bare, recorded
from tests.bench.many import NOW
from tests.bench.years import fill

PEERS = 1500


def measure(
    database: str,
    service: Callable[[str], Flask],
    best: Callable[..., list[float]],
) -> None:
    app = service(database)
    with app.app_context():
        fill(50, 200, peers=PEERS)
        db.session.add(
            Choice(
                family_id=1, step="wants_to_talk", on=NOW.date(), how="phone",
                recorded_by="staff:1", recorded_at=NOW,
            )
        )  # fmt: skip
        db.session.commit()

        def work() -> int:
            db.session.expunge_all()
            return len(ranking_for(1, at=NOW).can)

        can = work()
        reads = recorded(work)
        peers = [read for read in reads if "peer.status" in str(read[0])]
        took, floor = best(work, bare(peers))
        print(f"\n{database}: ranking {PEERS:,} peers for one family")
        print(
            f"  {took:.1f} ms against {floor:.1f} ms for reading their rows: "
            f"{took / floor:.2f} (aim ≤ 2.5), {len(reads)} statements, {can} can be asked"
        )
        db.session.remove()
        db.engine.dispose()
