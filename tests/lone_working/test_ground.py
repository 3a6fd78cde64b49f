"""What a worker's day knows of homes and ways there: the same as the slot finder, in one read."""

from datetime import date

from app.db import db, transact
from app.lone_working.ground import read_ground
from app.places.drives import set_drive
from app.places.models import Place, Postcode
from tests.cast import NOW, Cast
from tests.statements import statements

ON = date(2026, 12, 1)


def test_the_ground_of_a_day(cast: Cast) -> None:
    home = db.session.get_one(Place, cast.hannah.home_id)
    transact(lambda: set_drive(home, cast.hub, 55, both_ways=False, by=cast.jago, at=NOW))
    db.session.add(Postcode(postcode="TR11 3FA", latitude=50.15, longitude=-5.07, load_id=1))
    db.session.commit()
    people, home_id, hub_id = [cast.tamsin, cast.kerensa], home.id, cast.hub.id
    bases = [one.base_postcode for one in people]
    assert bases[0] == "TR11 3FA"

    with statements() as seen:
        ground = read_ground([home_id], people)

    assert len(seen) == 1
    assert [look.level for look in ground.held_on(ON).values()] == ["standard"]
    assert list(ground.held_on(ON)) == [home_id]
    assert ground.drives == {(home_id, hub_id): 55}
    assert ground.base(cast.tamsin)[1:3] == (50.15, -5.07)
    assert ground.base(cast.kerensa).outcode == "PL14"


def test_no_homes_and_nobody_is_no_ground(cast: Cast) -> None:
    assert read_ground([], []) == ({}, {}, {})
