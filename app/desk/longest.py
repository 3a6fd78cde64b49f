"""The longest names, places and links that there are, for the previews of texts."""

from sqlalchemy import Select, func, select

from app.accounts.queries import working_here
from app.db import db
from app.families.models import Carer
from app.messaging.preview import Longest
from app.messaging.segments import costly
from app.pages import public_address
from app.peers.models import Peer
from app.places.models import Place

MANY = 500
TOKEN = "x" * 22  # as long as a link's


def longest() -> Longest:
    """Read now: three statements beside the team."""
    workers = [person.first_name for person in working_here()]
    others = {name for model in (Carer, Peer) for name in first_names(model)}
    names = sorted({*workers, *others}, key=len, reverse=True)
    venues = select(func.trim(Place.name)).where(Place.kind != "home", Place.closed_at.is_(None))
    places = db.session.scalars(venues).all()
    return Longest(
        worker=max(workers, key=len, default="Christopher"),
        other=max(others, key=len, default="Christopher"),
        place=max(places, key=len, default="the office"),
        link=public_address("appointment_links.show", token=TOKEN),
        other_letters=next((name for name in names if costly(name)), None),
    )


def first_names(model: type[Carer] | type[Peer]) -> list[str]:
    """The longest first names of carers or of peer parents, without who has them."""
    name = model.first_name
    rows: Select[str] = select(name).distinct().order_by(func.length(name).desc(), name).limit(MANY)
    return list(db.session.scalars(rows))
