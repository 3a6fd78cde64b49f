"""What the diary is narrowed to, carried by its address; what it says of drives, hours and absence;
what a reader may not learn from any of it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db, transact
from app.places.drives import set_drive
from app.places.models import Place, Postcode, Room
from app.scheduling.absences.absence import add_absence
from app.scheduling.answer import ask_change
from app.scheduling.book import book
from app.scheduling.models import Appointment
from tests.cast import NOW, WEEK, Cast
from tests.programmes.course import VIDEO_DAY, at, one, says, wanted
from tests.scheduling.reading import read, words

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], FlaskClient]
DAY = "/diary/2026-12-01"
FEED = "/diary/feed.json?start=2026-12-01&end=2026-12-02&view=team"


@pytest.fixture
def at_the_hub(cast: Cast, goals: Appointment) -> Appointment:
    """Besides Tamsin's goals visit in Redruth at 10:00, Kerensa sees Hannah in Truro at 14:00."""
    room = db.session.query(Room).first()
    assert room
    there = wanted(cast, "follow_up", at(VIDEO_DAY, 14))
    there = replace(there, staff_id=cast.kerensa.id, place_id=cast.hub.id)
    return transact(lambda: book(there, by=cast.jago, at=NOW))


VIEWS = ["team", "week", "month", "list"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ("who={tamsin}", "Goals visit", "Follow-up"),
        ("who={kerensa}", "Follow-up", "Goals visit"),
        ("kind=goals_visit", "Goals visit", "Follow-up"),
        ("place=home", "Goals visit", "Follow-up"),
        ("place={hub}", "Follow-up", "Goals visit"),
        ("state=change_asked", "Goals visit", "Follow-up"),
        ("state=booked", "Follow-up", "Goals visit"),
    ],
)
def test_every_view_can_be_narrowed(
    cast: Cast, at_the_hub: Appointment, goals: Appointment, sign_in: SignIn,
    view: str, asked: str, shown: str, hidden: str,
) -> None:  # fmt: skip
    transact(lambda: ask_change(one(goals.id), "no", by="carer:1", at=NOW, how="text"))
    asked = asked.format(tamsin=cast.tamsin.id, kerensa=cast.kerensa.id, hub=cast.hub.id)
    page = sign_in(cast.jago).get(f"{DAY}?view={view}&{asked}")

    said = words(page).split("Show everything")[1]
    assert f"{shown}, " in said
    assert f"{hidden}, " not in said
    for other in VIEWS:  # kept from view to view
        kept = f"view={other}&amp;{asked}"
        assert f'href="{DAY}?{kept}"' in page.text or other == view


def test_the_picture_is_narrowed_as_its_page_is(
    cast: Cast, at_the_hub: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    page = jago.get(f"{DAY}?who={cast.tamsin.id}&kind=goals_visit").text
    assert f"view=team&amp;who={cast.tamsin.id}&amp;kind=goals_visit" in page

    drawn = jago.get(f"{FEED}&who={cast.tamsin.id}&kind=goals_visit").json

    assert [row["words"] for row in drawn["rows"]] == ["Tamsin Nance"]
    assert [event["kind"] for event in drawn["events"]] == ["goals_visit"]


def test_only_mine_is_where_one_goes_and_ones_own_families(
    cast: Cast, at_the_hub: Appointment, goals: Appointment, sign_in: SignIn
) -> None:
    tamsin, kerensa = sign_in(cast.tamsin), sign_in(cast.kerensa)
    assert "Follow-up" in read(tamsin, f"{DAY}?mine=1")  # Hannah's family is hers
    assert "Goals visit" in read(tamsin, f"{DAY}?mine=1")

    own = read(kerensa, f"{DAY}?mine=1")

    assert "Follow-up" in own
    assert "10:00–11:00" not in own  # Tamsin's, busy for her
    assert "10:00–11:00 Tamsin Nance Busy" in read(kerensa, DAY)


@pytest.mark.parametrize("asked", ["kind=goals_visit", "place=home", "state=booked"])
def test_a_filter_does_not_tell_what_a_busy_time_is(
    cast: Cast, goals: Appointment, sign_in: SignIn, asked: str
) -> None:
    kerensa = sign_in(cast.kerensa)
    assert "10:00–11:00 Tamsin Nance Busy" in read(kerensa, DAY)

    for view in VIEWS:
        assert "10:00 Busy" not in read(kerensa, f"{DAY}?view={view}&{asked}")
        assert "10:00–11:00" not in read(kerensa, f"{DAY}?view={view}&{asked}")
    assert kerensa.get(f"{FEED}&{asked}").json["events"] == []


def test_places_to_choose_are_those_one_may_see(
    cast: Cast, at_the_hub: Appointment, sign_in: SignIn
) -> None:
    hub = f'<option value="{cast.hub.id}">Truro Family Hub</option>'

    assert hub in sign_in(cast.jago).get(DAY).text
    assert hub not in sign_in(cast.kerensa).get("/diary/2026-12-02").text


def test_what_is_typed_by_hand_asks_for_nothing(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)

    page = read(jago, f"{DAY}?who=x&kind=party&state=lost&mine=perhaps&view=year")

    assert "Goals visit" in page
    assert "Show everything" not in page
    assert "Nobody has an appointment then." in read(jago, f"{DAY}?who=999999999&place=nowhere")


def test_drives_are_told_in_the_list_and_drawn_behind(
    cast: Cast, at_the_hub: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)

    assert "Goals visit, home in Redruth 29 min from base" in read(jago, DAY)
    assert "Tamsin Nance , the week 09:00–17:00 1 58 min" in read(jago, DAY)
    drawn = jago.get(f"{FEED}&who={cast.tamsin.id}").json["shades"]
    drives = [(one["start"][11:], one["end"][11:]) for one in drawn if one["kind"] == "drive"]
    assert drives == [("09:31", "10:00"), ("11:00", "11:29")]


def test_a_drive_that_two_make_is_told_of_each(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    transact(lambda: setattr(one(goals.id), "second_id", cast.kerensa.id))

    page = read(sign_in(cast.jago), DAY)

    assert "29 min Tamsin, from base" in page
    assert "min Kerensa, from base" in page


def test_how_far_a_busy_time_is_is_not_told(
    cast: Cast, at_the_hub: Appointment, goals: Appointment, sign_in: SignIn
) -> None:
    kerensa = sign_in(cast.kerensa)

    drawn = kerensa.get(FEED).json["shades"]
    page = read(kerensa, DAY)

    assert {one["rows"][0] for one in drawn if one["kind"] == "drive"} == {str(cast.kerensa.id)}
    assert "29 min" not in page
    assert page.endswith("Tamsin Nance , the week 09:00–17:00 1")


def test_the_time_outside_hours_is_shaded_and_told(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)

    drawn = jago.get(f"{FEED}&who={cast.tamsin.id}").json["shades"]

    closed = [(one["start"], one["end"]) for one in drawn if one["kind"] == "off"]
    assert closed == [
        ("2026-12-01T00:00", "2026-12-01T09:00"),
        ("2026-12-01T17:00", "2026-12-02T00:00"),
    ]
    assert "Not working" in read(jago, "/diary/2026-12-05")


def test_a_bank_holiday_says_so_in_every_view(cast: Cast, sign_in: SignIn) -> None:
    jago = sign_in(cast.jago)

    for view in VIEWS:
        assert "Bank holiday" in read(jago, f"/diary/2026-12-25?view={view}")
    feed = jago.get("/diary/feed.json?start=2026-12-25&end=2026-12-26&view=team").json
    closed = {(one["start"], one["end"]) for one in feed["shades"]}
    assert closed == {("2026-12-25T00:00", "2026-12-26T00:00")}


def test_half_a_day_away_says_when(cast: Cast, sign_in: SignIn) -> None:
    half = (at(VIDEO_DAY, 13), at(VIDEO_DAY, 17))
    transact(lambda: add_absence(cast.tamsin, "training", *half, by=cast.jago, at=NOW))
    jago, kerensa = sign_in(cast.jago), sign_in(cast.kerensa)

    assert "Tamsin Nance: training, 13:00–17:00" in read(jago, DAY)
    assert "Tamsin Nance: training, 13:00–17:00" in read(jago, f"{DAY}?view=list")
    assert "Training, 13:00–17:00" in read(jago, f"{DAY}?view=week")
    assert "Tamsin Nance: training 13:00–17:00" in read(jago, f"{DAY}?view=month")
    assert "Tamsin Nance: away, 13:00–17:00" in read(kerensa, DAY)  # what it is, is hers to tell


def test_a_room_has_a_row_without_a_name(
    cast: Cast, at_the_hub: Appointment, sign_in: SignIn
) -> None:
    drawn = sign_in(cast.jago).get(FEED).json
    room = drawn["rows"][-1]
    (box,) = [one for one in drawn["events"] if one["rows"] == [room["id"]]]

    assert room["words"].startswith("Truro Family Hub, Room ")
    assert (box["letter"], box["words"]) == ("F", "F1042 with Kerensa")
    assert "href" not in box  # its people's rows have the link


def test_the_room_of_a_busy_time_is_not_told(
    cast: Cast, at_the_hub: Appointment, sign_in: SignIn
) -> None:
    transact(lambda: setattr(one(at_the_hub.id).family, "practitioner_id", cast.morwenna.id))

    drawn = sign_in(cast.tamsin).get(FEED).text

    assert "Truro" not in drawn
    assert "room" not in drawn


def test_a_month_holds_its_weeks_and_leads_to_days(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    page = sign_in(cast.jago).get("/diary/2026-11-10?view=month")

    assert "Diary, November 2026" in words(page)
    assert "G 10:00 Hannah Rowe F1042, Tamsin , Goals visit, home in Redruth" in words(page)
    assert 'href="/diary/2026-12-01?view=team"' in page.text
    assert 'href="/diary/2026-10-01?view=month"' in page.text
    assert 'href="/diary/2026-12-01?view=month"' in page.text


def test_a_full_day_of_a_month_leads_to_the_rest(cast: Cast, sign_in: SignIn) -> None:
    says(cast)
    rows = []
    for n in range(10):
        staff = Staff(
            name=f"Worker {n}", email=f"w{n}@example.org", role="practitioner", hours=WEEK,
            languages=["English"], takes_visits=True, created_at=NOW,
        )  # fmt: skip
        db.session.add(staff)
        db.session.flush()
        rows.append(
            Appointment(
                kind="follow_up", family_id=cast.hannah.id, staff_id=staff.id, how="phone",
                starts_at=at(VIDEO_DAY, 9 + n % 8), ends_at=at(VIDEO_DAY, 9 + n % 8, 30),
                status="booked", uid=str(n), booked_by="x", created_at=NOW,
            )
        )  # fmt: skip
    db.session.add_all(rows)
    db.session.commit()

    page = read(sign_in(cast.jago), f"{DAY}?view=month")

    assert "4 more on Tuesday 1 December" in page


def test_a_week_has_a_row_for_each_person_and_leads_to_their_own(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    page = jago.get(f"{DAY}?view=week")
    own = jago.get(f"{DAY}?view=week&who={cast.tamsin.id}")

    assert "Tamsin Nance G 10:00 Hannah Rowe F1042" in words(page)
    assert f'href="{DAY}?view=week&amp;who={cast.tamsin.id}"' in page.text
    assert "data-diary" not in page.text
    assert "data-diary" in own.text
    assert "Tamsin Nance Diary, week of Monday 30 November" in words(own)


def test_every_date_of_a_view_is_within_it(cast: Cast, sign_in: SignIn) -> None:
    jago = sign_in(cast.jago)

    for on in (date(2026, 2, 28), date(2027, 3, 28), date(2027, 10, 31), date(2024, 2, 29)):
        for view in VIEWS:
            assert jago.get(f"/diary/{on.isoformat()}?view={view}").status_code == 200
    for edge in ("1900-01-01", "2100-12-31"):
        assert jago.get(f"/diary/{edge}?view=month").status_code == 200


def test_who_arranges_says_from_today_s_page_that_somebody_is_off(
    cast: Cast, sign_in: SignIn
) -> None:
    off = "Somebody is off today"

    assert off in read(sign_in(cast.jago), "/diary")
    assert off not in read(sign_in(cast.jago), DAY)
    assert off not in read(sign_in(cast.tamsin), "/diary")


def test_a_measured_drive_wins_and_a_full_postcode_lies_where_it_lies(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    """As the slot finder counts them: from Hannah's home to the hub 55 minutes, as measured."""
    there = wanted(cast, "follow_up", at(VIDEO_DAY, 14))
    transact(lambda: book(replace(there, place_id=cast.hub.id), by=cast.jago, at=NOW))
    jago = sign_in(cast.jago)
    assert "55 min from Redruth" not in read(jago, DAY)

    home = db.session.get_one(Place, cast.hannah.home_id)
    transact(lambda: set_drive(home, cast.hub, 55, both_ways=False, by=cast.jago, at=NOW))
    db.session.add(Postcode(postcode="TR15 2PG", latitude=50.2, longitude=-5.2, load_id=1))
    db.session.commit()

    page = read(jago, DAY)
    assert "55 min from Redruth" in page
    assert "29 min from base" not in page  # not the middle of the district any more
