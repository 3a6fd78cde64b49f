"""Free times count journeys from full postcodes where they are known, else from districts."""

from flask import Flask

from app.db import db, transact
from app.places.models import Postcode
from app.places.travel import minutes_between, spot_for
from app.scheduling.facts import Ask, read_facts
from app.scheduling.search import Wish, find_times
from app.settings import store
from tests.cast import NOW, Cast
from tests.scheduling.test_book import TUESDAY


def known(postcode: str, latitude: float, longitude: float) -> None:
    row = Postcode(postcode=postcode, latitude=latitude, longitude=longitude, load_id=1)
    transact(lambda: db.session.add(row))


def drive_to_hannah(cast: Cast) -> int:
    """Minutes from Tamsin's base to Hannah's home."""
    wish = Wish(
        family_id=cast.hannah.id, kind="goals_visit", minutes=60, weeks=2,
        place_id=cast.hannah.home_id, staff_ids=(cast.tamsin.id,),
    )  # fmt: skip
    slot = find_times(wish, store.current(), at=NOW).found.slots[0]
    return slot.travel_before


def test_where_nothing_is_known_the_district_counts(app: Flask, cast: Cast) -> None:
    rules = store.current()
    districts = minutes_between(spot_for("TR11 3FA"), spot_for("TR15 2PG"), rules).minutes
    assert drive_to_hannah(cast) == districts

    base, home = (50.1530, -5.0720), (50.2100, -5.3200)
    known("TR11 3FA", *base)
    known("TR15 2PG", *home)

    exact = minutes_between(spot_for("TR11 3FA", 1, base), spot_for("TR15 2PG", 2, home), rules)
    assert drive_to_hannah(cast) == exact.minutes != districts


def test_facts_have_where_each_end_lies(app: Flask, cast: Cast) -> None:
    known("TR11 3FA", 50.1530, -5.0720)
    ask = Ask(
        kind="goals_visit", family_id=cast.hannah.id, minutes=60,
        staff_ids=(cast.tamsin.id,), place_id=cast.hannah.home_id,
    )  # fmt: skip

    facts = read_facts(ask, TUESDAY, TUESDAY, store.current(), on=TUESDAY)

    base, home = facts.workers[0].base, facts.wanted.spot
    assert (base.latitude, base.longitude, base.exact) == (50.1530, -5.0720, True)
    assert home is not None
    assert (home.outcode, home.exact) == ("TR15", False)
