"""The pages of a booking: what, when, check and book. What is refused says why and what is free."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.messaging.models import Outbox
from app.scheduling.chosen import Chosen
from app.scheduling.models import Appointment
from app.settings.store import change_setting
from tests.cast import NOW, Cast
from tests.programmes.course import at, cycle, people, says, started
from tests.scheduling.reading import choices, read, value, words

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], FlaskClient]
BOOK = "/families/F1042/book"
WHY = "Why it is booked all the same"
TUESDAY, TOMORROW = date(2026, 12, 1), date(2026, 11, 24)


def query(cast: Cast, **more: object) -> dict[str, object]:
    """What the first page sends on."""
    return {"kind": "goals_visit", "minutes": "60", "who": cast.tamsin.id, "where": "home",
            "carer": people(cast.hannah)[0][1], **more}  # fmt: skip


def time_of(cast: Cast, hour: int = 10, minute: int = 0, day: date = TUESDAY) -> str:
    return Chosen(at(day, hour, minute), cast.tamsin.id, None).value


def checked(browser: FlaskClient, sent: dict[str, object]) -> dict[str, str]:
    """What the last page's form carries."""
    page = browser.get(f"{BOOK}/check", query_string=sent)
    assert page.status_code == 200, words(page)
    return {name: value(page.text, name) for name in ("once", "version")}


def appointments() -> list[Appointment]:
    return list(db.session.scalars(select(Appointment).order_by(Appointment.starts_at)))


def test_books_a_goals_visit_in_three_pages(cast: Cast, sign_in: SignIn) -> None:
    says(cast)
    jago = sign_in(cast.jago)
    assert "Which carer is it about?" in read(jago, BOOK)

    times = jago.get(f"{BOOK}/times", query_string=query(cast))
    best = choices(times.text)[0]
    sent = query(cast, time=best)
    check = jago.get(f"{BOOK}/check", query_string=sent)
    assert "Booked: appointment with Tamsin" in words(check)
    form = {name: value(check.text, name) for name in ("once", "version")}
    done = jago.post(f"{BOOK}/check", query_string=sent, data={**form, "guest": "Bryn, referrer"})

    assert done.location == "/families/F1042"
    made = appointments()[0]
    assert (made.kind, made.status, made.guest) == ("goals_visit", "booked", "Bryn, referrer")
    assert made.carer_id == people(cast.hannah)[0][1]
    assert "Booked: goals visit" in read(jago, "/families/F1042")


def test_books_a_video_and_its_review_as_a_pair(cast: Cast, sign_in: SignIn) -> None:
    course = started(cast)
    jago = sign_in(cast.jago)
    known = jago.get(BOOK, query_string={"cycle": cycle(course).id}, follow_redirects=True)
    assert "Choose times for the video and its review" in words(known)

    sent = query(cast, kind="pair", minutes="45", review_minutes="60", cycle=cycle(course).id,
                 time=choices(known.text)[0])  # fmt: skip
    check = jago.get(f"{BOOK}/check", query_string=sent)
    assert "provisional until the clips are chosen" in words(check)
    assert "Nothing about the shared review while it is provisional." in words(check)
    jago.post(
        f"{BOOK}/check", query_string=sent, data=checked(jago, sent) | {"activity": "bath time"}
    )

    video, review = appointments()
    assert (video.status, review.status, video.activity) == ("booked", "provisional", "bath time")
    assert video.cycle_id == review.cycle_id == cycle(course).id


def test_a_review_of_which_nobody_said_how_long_takes_the_usual_minutes(
    cast: Cast, sign_in: SignIn
) -> None:
    course = started(cast)
    transact(lambda: change_setting("shared_review_minutes", 75, by=cast.morwenna, at=NOW))
    jago = sign_in(cast.jago)
    sent = query(cast, kind="pair", minutes="45", review_minutes="", cycle=cycle(course).id)
    times = jago.get(f"{BOOK}/times", query_string=sent)
    assert "shared review 75 minutes" in words(times)
    sent["time"] = choices(times.text)[0]

    jago.post(f"{BOOK}/check", query_string=sent, data=checked(jago, sent))

    assert [row.minutes for row in appointments()] == [45, 75]


def test_a_kind_in_the_address_is_only_where_to_begin(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.jago).get(BOOK, query_string={"kind": "follow_up"})

    assert 'value="follow_up" checked' in page.text
    assert value(page.text, "minutes") == "30"


def test_who_is_told_is_never_nobody_by_a_short_address(cast: Cast, sign_in: SignIn) -> None:
    says(cast)
    sent = {**query(cast), "carer": "", "time": time_of(cast)}

    page = words(sign_in(cast.jago).get(f"{BOOK}/check", query_string=sent))

    assert "Hannah Rowe, text" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": ""}, "Choose what is to be booked"),
        ({"minutes": "soon"}, "Enter a whole number from"),
        ({"minutes": "20"}, "from 45 to 90"),
        ({"who": ""}, "Choose who goes"),
        ({"where": ""}, "Choose where it takes place"),
        ({"where": "999999"}, "Choose where it takes place"),
        ({"kind": "video_session", "minutes": "45"}, "There is no programme yet"),
    ],
)
def test_what_is_missing_is_said_beside_it_and_the_rest_is_kept(
    cast: Cast, sign_in: SignIn, change: dict[str, str], sentence: str
) -> None:
    says(cast)

    page = sign_in(cast.jago).get(f"{BOOK}/times", query_string=query(cast, **change))

    assert page.status_code == 422
    assert sentence in words(page)
    assert "<title>Error: " in page.text
    if "minutes" not in change:
        assert value(page.text, "minutes") == "60"


def test_refuses_before_the_familys_yes_and_says_so(cast: Cast, sign_in: SignIn) -> None:
    says(cast, "thinking")
    jago = sign_in(cast.jago)

    assert "has not said yes" in words(jago.get(f"{BOOK}/times", query_string=query(cast)))
    made_by_hand = jago.post(
        f"{BOOK}/check", query_string=query(cast, time=time_of(cast)), data={"version": "1"}
    )
    assert made_by_hand.status_code == 422
    assert appointments() == []


def test_a_time_that_is_not_free_is_refused_with_what_is(cast: Cast, sign_in: SignIn) -> None:
    says(cast)
    jago = sign_in(cast.jago)
    first = query(cast, time=time_of(cast))
    jago.post(f"{BOOK}/check", query_string=first, data=checked(jago, first))

    there = query(cast, time=time_of(cast, 10, 30))
    page = jago.get(f"{BOOK}/check", query_string=there)

    assert page.status_code == 409
    assert "is free" in words(page)
    assert len(choices(page.text, "other")) == 5
    assert WHY not in words(page), "no reason could set this aside"

    form = {name: value(page.text, name) for name in ("once", "version")}
    said = {**form, "override_reason": "They asked for it"}
    typed = jago.post(f"{BOOK}/check", query_string=there, data=said)
    assert typed.status_code == 409
    assert "They asked for it" in words(typed)
    aside = query(cast, time=time_of(cast, 10, 30), relax="notice")
    assert WHY in words(jago.get(f"{BOOK}/check", query_string=aside)), "others may need one"


def test_a_soft_rule_gives_way_to_a_reason_that_is_kept(cast: Cast, sign_in: SignIn) -> None:
    says(cast)
    jago = sign_in(cast.jago)
    sent = query(cast, time=time_of(cast, 9, day=TOMORROW), relax="notice")
    form = checked(jago, sent)

    without = jago.post(f"{BOOK}/check", query_string=sent, data=form)
    assert without.status_code == 422
    assert "Give a reason" in words(without)

    why = "The family asked for tomorrow"
    jago.post(f"{BOOK}/check", query_string=sent, data={**form, "override_reason": why})
    assert appointments()[0].override_reason == why
    assert why in read(jago, f"/appointments/{appointments()[0].id}")


def test_a_double_click_books_once(cast: Cast, sign_in: SignIn) -> None:
    says(cast)
    jago = sign_in(cast.jago)
    sent = query(cast, time=time_of(cast))
    form = checked(jago, sent)

    answers = [jago.post(f"{BOOK}/check", query_string=sent, data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(appointments()) == 1


def test_a_family_that_changed_meanwhile_is_looked_at_again(cast: Cast, sign_in: SignIn) -> None:
    says(cast)
    jago = sign_in(cast.jago)
    sent = query(cast, time=time_of(cast))
    form = checked(jago, sent)
    cast.hannah.version += 1
    db.session.commit()

    page = jago.post(f"{BOOK}/check", query_string=sent, data=form)

    assert page.status_code == 409
    assert "changed since you opened this page" in words(page)
    assert appointments() == []


def test_do_not_text_now_leaves_only_the_reminders(cast: Cast, sign_in: SignIn) -> None:
    says(cast)
    jago = sign_in(cast.jago)
    sent = query(cast, time=time_of(cast))
    jago.post(f"{BOOK}/check", query_string=sent, data=checked(jago, sent) | {"quiet": "y"})

    texts = db.session.scalars(select(Outbox.purpose).where(Outbox.channel == "text")).all()
    assert "booked" not in texts
    assert "reminder" in texts


@pytest.mark.parametrize("page", ["", "/times", "/check"])
def test_another_practitioners_family_is_not_there(cast: Cast, sign_in: SignIn, page: str) -> None:
    tamsin, sent = sign_in(cast.tamsin), query(cast, time=time_of(cast))

    for reference in ("F1031", "F9999"):
        address = f"/families/{reference}/book{page}"
        assert tamsin.get(address, query_string=sent).status_code == 404
    assert tamsin.post("/families/F1031/book/check", query_string=sent).status_code == 404


def test_the_time_clicked_in_the_diary_is_carried_to_the_choice(
    cast: Cast, sign_in: SignIn
) -> None:
    says(cast)
    jago = sign_in(cast.jago)
    clicked = {"start": "2026-12-01T11:15", "who": str(cast.tamsin.id)}

    found = jago.get("/book", query_string={"q": "Hannah", **clicked})
    assert f"{BOOK}?start=2026-12-01T11:15&amp;who={cast.tamsin.id}" in found.text
    first = jago.get(BOOK, query_string=clicked)
    assert value(first.text, "start") == clicked["start"]
    assert f'<option value="{cast.tamsin.id}" selected>' in first.text
    times = jago.get(f"{BOOK}/times", query_string=query(cast, start=clicked["start"]))
    assert choices(times.text)[0] == time_of(cast, 11, 15)


def test_why_the_time_clicked_in_the_diary_is_not_free(cast: Cast, sign_in: SignIn) -> None:
    says(cast)

    page = sign_in(cast.jago).get(
        f"{BOOK}/times", query_string=query(cast, start="2026-12-01T07:00")
    )

    assert "The time you chose in the diary is not free." in words(page)
