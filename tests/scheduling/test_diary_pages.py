"""The diary: a day with a row for each person, a week, and the same as a list without a script."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.accounts.models import Staff
from app.db import db, transact
from app.families.models import Carer
from app.families.queries import family_by_id
from app.scheduling.absences.absence import add_absence
from app.scheduling.answer import ask_change
from app.scheduling.cancel import cancel
from app.scheduling.models import Appointment
from app.scheduling.queries import between
from tests.cast import NOW, Cast
from tests.programmes.course import VIDEO_DAY, at, one, paired, started
from tests.scheduling.reading import read, words

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], FlaskClient]
TUESDAY = "/diary/2026-12-01"
FEED = "/diary/feed.json?start=2026-12-01&end=2026-12-02"


def test_a_day_says_the_same_as_a_list_without_any_script(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    page = sign_in(cast.jago).get(TUESDAY)

    assert "Diary, Tuesday 1 December Book an appointment" in words(page)
    assert "10:00–11:00 Tamsin Nance Hannah Rowe F1042 Goals visit, home in Redruth" in words(page)
    assert f'href="/appointments/{goals.id}"' in page.text


@pytest.mark.parametrize("others", [(), ("Morgan",)])
@pytest.mark.parametrize("left", [False, True])
def test_a_day_calls_a_family_as_its_own_page_does(
    cast: Cast, goals: Appointment, left: bool, others: tuple[str, ...]
) -> None:
    db.session.execute(update(Carer).values(left_on=NOW.date() if left else None))
    for first_name in others:
        db.session.add(
            Carer(family_id=cast.hannah.id, first_name=first_name, surname="Rowe", position=2)
        )
    db.session.commit()
    expected = "Morgan Rowe" if left and others else "Hannah Rowe"

    (shown,) = between(goals.starts_at, goals.ends_at, cast.jago)

    assert (shown.id, shown.seen, shown.name) == (goals.id, True, expected)
    family = family_by_id(cast.jago, cast.hannah.id)
    assert family is not None
    assert family.name == expected


@pytest.mark.parametrize("view", ["week", "list"])
def test_a_week_stands_under_its_days(
    cast: Cast, goals: Appointment, sign_in: SignIn, view: str
) -> None:
    page = read(sign_in(cast.jago), f"/diary/2026-12-03?view={view}")

    assert "Diary, week of Monday 30 November" in page
    assert "Tuesday 1 December Appointments on Tuesday 1 December" in page


def test_days_are_named_where_they_lead(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.jago).get("/diary")

    assert "Diary, Monday 23 November" in words(page)
    assert 'href="/diary/2026-11-24?view=team"' in page.text
    assert "Sun 22 Nov" in words(page)
    assert "Nobody has an appointment then." in words(page)


def test_a_date_can_be_typed(cast: Cast, goals: Appointment, sign_in: SignIn) -> None:
    jago = sign_in(cast.jago)

    assert "Hannah Rowe" in read(jago, "/diary?go=2026-12-01&view=team")
    assert "Monday 23 November" in read(jago, "/diary?go=tomorrow")
    assert jago.get("/diary/tomorrow").status_code == 404
    assert "Diary, Tuesday 1 December" in read(jago, f"{TUESDAY}?view=wheel")


def test_the_picture_has_a_row_for_each_who_visits_and_for_who_else_has_something(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)

    def rows() -> list[str]:
        return [row["words"] for row in jago.get(FEED).json["rows"]]

    assert rows() == ["Kerensa Tregenza", "Tamsin Nance"]
    transact(lambda: setattr(one(goals.id), "staff_id", cast.jago.id))
    assert rows() == ["Jago Penrose", "Kerensa Tregenza", "Tamsin Nance"]


def test_a_box_is_in_london_wall_time_and_leads_to_its_appointment(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    transact(lambda: ask_change(one(goals.id), "no", by="carer:1", at=NOW, how="text"))

    box = sign_in(cast.jago).get(FEED).json["events"][0]

    assert (box["start"], box["end"]) == ("2026-12-01T10:00", "2026-12-01T11:00")
    assert (box["letter"], box["words"]) == ("G", "Hannah Rowe F1042")
    assert box["said"] == "Goals visit, home in Redruth, Tamsin Nance, Change asked"
    assert box["href"] == f"/appointments/{goals.id}"
    assert box["rows"] == [str(cast.tamsin.id)]
    assert (box["urgent"], box["provisional"]) == (True, False)


def test_a_provisional_review_is_marked_so(cast: Cast, sign_in: SignIn) -> None:
    paired(cast, started(cast))
    jago = sign_in(cast.jago)

    box = jago.get("/diary/feed.json?start=2026-12-08&end=2026-12-09").json["events"][0]

    assert box["provisional"]
    assert "Provisional" in read(jago, "/diary/2026-12-08")


def test_a_click_on_free_time_carries_the_time_and_the_person_to_booking(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    assert 'data-book-url="/book"' in jago.get(TUESDAY).text

    row = jago.get(FEED).json["rows"][0]["id"]  # what the script sends as `who`
    found = jago.get(f"/book?q=F1042&start=2026-12-01T13:00&who={row}")

    assert f"/families/F1042/book?start=2026-12-01T13:00&amp;who={cast.kerensa.id}" in found.text


def test_what_is_cancelled_is_free_time(cast: Cast, goals: Appointment, sign_in: SignIn) -> None:
    transact(lambda: cancel(one(goals.id), "weather", by=cast.jago, at=NOW))
    jago = sign_in(cast.jago)

    assert "Hannah" not in read(jago, TUESDAY)
    assert jago.get(FEED).json["events"] == []


def test_leave_is_in_the_picture(cast: Cast, sign_in: SignIn) -> None:
    day = (at(VIDEO_DAY, 9), at(VIDEO_DAY, 17))
    transact(lambda: add_absence(cast.tamsin, "leave", *day, by=cast.jago, at=NOW))

    boxes = sign_in(cast.jago).get(FEED).json["events"]

    assert [(box["kind"], box["rows"]) for box in boxes] == [("busy", [str(cast.tamsin.id)])]


def test_the_second_worker_sees_what_they_go_to(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    kerensa = sign_in(cast.kerensa)
    assert "Hannah" not in read(kerensa, TUESDAY)
    assert "10:00–11:00 Tamsin Nance Busy" in read(kerensa, TUESDAY)

    transact(lambda: setattr(one(goals.id), "second_id", cast.kerensa.id))

    assert "Tamsin Nance and Kerensa Tregenza Hannah Rowe F1042" in read(kerensa, TUESDAY)
    assert kerensa.get(FEED).json["events"][0]["rows"] == [
        str(cast.tamsin.id),
        str(cast.kerensa.id),
    ]


@pytest.mark.parametrize(
    "span",
    ["", "start=2026-12-01", "start=2026-12-02&end=2026-12-01", "start=x&end=y",
     f"start=2026-12-01&end={(VIDEO_DAY + timedelta(40)).isoformat()}"],
)  # fmt: skip
def test_a_span_that_makes_no_sense_is_a_404(cast: Cast, sign_in: SignIn, span: str) -> None:
    assert sign_in(cast.jago).get(f"/diary/feed.json?{span}").status_code == 404
