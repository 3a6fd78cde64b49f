"""The pages of one appointment: moving it, cancelling it, how it went, who changed it and when."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.desk.work_list import work_list
from app.messaging.models import Outbox
from app.scheduling.answer import ask_change, keep
from app.scheduling.chosen import Chosen
from app.scheduling.models import Appointment
from tests.cast import NOW, Cast
from tests.messaging.steps import work
from tests.programmes.course import at, heard, one, paired, started
from tests.scheduling.reading import choices, read, value, words

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], FlaskClient]
TUESDAY, THURSDAY = date(2026, 12, 1), date(2026, 12, 3)


def page_of(row: Appointment, more: str = "") -> str:
    return f"/appointments/{row.id}{more}"


def waits(cast: Cast, kind: str = "book_again") -> list[str]:
    rows = work_list(cast.jago, NOW, kind=kind).rows
    return [row.item.why for row in rows]


def cancelled(browser: FlaskClient, row: Appointment, **form: str):
    first = browser.get(page_of(row, "/cancel"))
    return browser.post(
        page_of(row, "/cancel"),
        data={
            "version": value(first.text, "version"), "reason": "child_ill", "after": "list",
            **form,
        },
    )  # fmt: skip


def moved(browser: FlaskClient, row: Appointment, time: str, **form: str):
    address = page_of(row, f"/move?time={time}")
    first = browser.get(address)
    assert first.status_code == 200, words(first)
    data = {"version": value(first.text, "version"), "reason": "other", **form}
    return browser.post(address, data=data)


def test_moving_offers_free_times_and_keeps_the_old_one_until_then(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)

    page = jago.get(page_of(goals, "/move"))

    assert page.status_code == 200
    assert "Tuesday 1 December, 10:00–11:00 , home in Redruth, with Tamsin Nance." in words(page)
    assert len(choices(page.text)) == 5
    assert one(goals.id).starts_at == at(TUESDAY, 10)


def test_moves_it_tells_the_family_and_says_who_did(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    heard(goals.id)
    time = Chosen(at(THURSDAY, 10), cast.tamsin.id, None).value
    assert "New time: " in read(jago, page_of(goals, f"/move?time={time}"))

    answer = moved(jago, goals, time)

    assert answer.location == page_of(goals)
    assert one(goals.id).starts_at == at(THURSDAY, 10)
    page = read(jago, page_of(goals))
    change = "From Tue 1 Dec 10:00 to Thu 3 Dec 10:00: other"
    assert f"Moved by Jago Penrose Mon 23 Nov 10:00 {change}" in page
    assert "The appointment was moved before this went." in page


def test_a_move_to_somebody_else_and_elsewhere(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    there = f"/move?who={cast.kerensa.id}&where={cast.hub.id}"
    page = jago.get(page_of(goals, there))
    assert page.status_code == 200, words(page)

    answer = jago.get(page_of(goals, f"{there}&time={choices(page.text)[0]}"))

    assert "Truro Family Hub, with Kerensa Tregenza" in words(answer)


def test_a_move_to_a_time_that_is_not_free_keeps_the_old_one_and_offers_others(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    early = Chosen(at(TUESDAY, 7), cast.tamsin.id, None).value

    page = jago.get(page_of(goals, f"/move?time={early}"))

    assert page.status_code == 409
    assert "duty cover" in words(page)
    assert len(choices(page.text, "other")) == 5


@pytest.mark.parametrize("reason", ["", "withdrew", "anything"])
def test_a_move_without_one_of_its_reasons_is_asked_why(
    cast: Cast, goals: Appointment, sign_in: SignIn, reason: str
) -> None:
    time = Chosen(at(THURSDAY, 10), cast.tamsin.id, None).value

    answer = moved(sign_in(cast.jago), goals, time, reason=reason, quiet="1")

    assert answer.status_code == 422
    assert "Choose why it is moved" in words(answer)
    assert 'name="quiet" type="checkbox" value="1" checked' in answer.text
    assert one(goals.id).starts_at == at(TUESDAY, 10)


def test_where_a_change_was_asked_the_reason_is_chosen(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    time = Chosen(at(THURSDAY, 10), cast.tamsin.id, None).value
    address, jago = page_of(goals, f"/move?time={time}"), sign_in(cast.jago)
    asked_first = '<option value="family_asked" selected'
    assert asked_first not in jago.get(address).text

    transact(lambda: ask_change(one(goals.id), "mornings", by="carer:1", at=NOW, how="link"))

    assert asked_first in jago.get(address).text


def test_a_move_of_what_the_family_has_not_heard_of_is_shown_as_it_will_be_told(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    """The page says what goes: the booking, with its new time, and nothing of an old one."""
    jago = sign_in(cast.jago)
    time = Chosen(at(THURSDAY, 10), cast.tamsin.id, None).value

    look = read(jago, page_of(goals, f"/move?time={time}"))
    assert "appointment with Tamsin, Thu 3 Dec 10am" in look
    assert "New time" not in look

    moved(jago, goals, time)
    work(NOW)
    gone = db.session.scalars(select(Outbox).where(Outbox.state == "accepted")).one()
    assert gone.purpose == "booked"
    assert (gone.body or "").split(" http")[0] in look


@pytest.mark.parametrize("more", ["/move?who=999999", "/move?where=999999", "/move?time=never"])
def test_a_hand_made_move_is_asked_again(
    cast: Cast, goals: Appointment, sign_in: SignIn, more: str
) -> None:
    answer = sign_in(cast.jago).get(page_of(goals, more))

    assert answer.status_code == 422
    assert "There is a problem" in words(answer)
    assert one(goals.id).starts_at == at(TUESDAY, 10)


def test_a_move_from_a_place_that_has_closed_asks_where_instead(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    row = one(goals.id)
    row.place_id, cast.hub.closed_at = cast.hub.id, NOW
    db.session.commit()

    page = read(sign_in(cast.jago), page_of(goals, "/move"))

    assert "Choose where it takes place" in page
    assert "Truro Family Hub, with Tamsin Nance" in page


@pytest.mark.parametrize("act", ["/cancel", "/outcome", "/move?time={}"])
def test_a_form_opened_before_a_change_is_refused_with_who_changed_it(
    cast: Cast, goals: Appointment, sign_in: SignIn, monday: time_machine.Traveller, act: str
) -> None:
    jago = sign_in(cast.jago)
    old = str(goals.version)
    transact(lambda: ask_change(one(goals.id), "no", by="carer:1", at=NOW, how="text"))
    time = Chosen(at(THURSDAY, 10), cast.tamsin.id, None).value
    form = {"version": old, "reason": "other", "after": "list", "status": "done"}

    answer = jago.post(page_of(goals, act.format(time)), data=form)

    assert answer.status_code == 409
    assert "This has changed since you opened it" in words(answer)
    assert "Another time asked for by the family" in words(answer)
    assert one(goals.id).status == "booked"


def test_cancelling_frees_the_time_tells_the_family_and_waits_to_be_booked_again(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    assert "is cancelled. You do not need to do anything." in read(jago, page_of(goals, "/cancel"))

    cancelled(jago, goals, words="Lowen was sick in the night")

    assert one(goals.id).status == "cancelled"
    assert waits(cast) == ["Goals visit of Tue 1 Dec 10:00: child ill."]
    page = read(jago, page_of(goals))
    assert "Child ill: Lowen was sick in the night" in page
    assert "Cancelled by Jago Penrose" in page


def test_booking_it_again_takes_it_off_the_list(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    then = cancelled(jago, goals, after="book").location
    times = jago.get(then, follow_redirects=True)
    assert "Choose a time" in words(times)
    assert waits(cast) != []

    sent = {"time": choices(times.text)[0], "again": goals.id, "kind": "goals_visit",
            "minutes": 60, "who": cast.tamsin.id, "where": "home"}  # fmt: skip
    check = jago.get("/families/F1042/book/check", query_string=sent)
    form = {name: value(check.text, name) for name in ("once", "version")}
    jago.post("/families/F1042/book/check", query_string=sent, data=form)

    assert waits(cast) == []
    assert (one(goals.id).settled_words or "").startswith("Booked again for ")


def test_explaining_takes_it_off_the_list_and_needs_words(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    cancelled(jago, goals)

    empty = jago.post(page_of(goals, "/explained"), data={"version": "2", "words": " "})
    assert empty.status_code == 422
    assert "Say why it need not be booked again" in words(empty)
    assert waits(cast) != []
    jago.post(page_of(goals, "/explained"), data={"version": "2", "words": "They moved away"})

    assert waits(cast) == []
    assert "They moved away" in read(jago, page_of(goals))


def test_explained_at_once_asks_for_the_words_and_keeps_what_was_chosen(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    answer = cancelled(sign_in(cast.jago), goals, after="explained", words="as agreed")

    assert answer.status_code == 422
    assert "Say why it need not be booked again" in words(answer)
    assert "as agreed" in answer.text
    assert one(goals.id).status == "booked"


@pytest.mark.parametrize("form", [{"reason": ""}, {"after": ""}, {"reason": "withdrew"}])
def test_cancelling_asks_why_and_what_then(
    cast: Cast, goals: Appointment, sign_in: SignIn, form: dict[str, str]
) -> None:
    assert cancelled(sign_in(cast.jago), goals, **form).status_code == 422
    assert one(goals.id).status == "booked"


def test_a_video_may_take_its_review_with_it(cast: Cast, sign_in: SignIn) -> None:
    video, review = paired(cast, started(cast))
    jago = sign_in(cast.jago)
    assert "Its shared review on Tue 8 Dec 10:00" in read(jago, f"/appointments/{video}/cancel")

    cancelled(jago, one(video), with_review="y")

    assert (one(video).status, one(review).status) == ("cancelled", "cancelled")
    assert len(waits(cast)) == 1


def test_they_know_already_so_nothing_is_texted(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    cancelled(sign_in(cast.jago), goals, quiet="y")

    texts = db.session.scalars(select(Outbox.purpose).where(Outbox.channel == "text")).all()
    assert "cancelled" not in texts


@pytest.mark.parametrize(("status", "waiting"), [("done", 0), ("not_seen", 1)])
def test_how_it_went_is_recorded_once_it_has_begun(
    cast: Cast,
    goals: Appointment,
    sign_in: SignIn,
    monday: time_machine.Traveller,
    status: str,
    waiting: int,
) -> None:
    monday.move_to(at(TUESDAY, 11))
    tamsin = sign_in(cast.tamsin)
    page = tamsin.get(page_of(goals, "/outcome"))
    assert "checked" not in page.text

    form = {"version": value(page.text, "version"), "status": status, "minutes": "50"}
    assert tamsin.post(page_of(goals, "/outcome"), data=form).location == page_of(goals)

    assert (one(goals.id).status, one(goals.id).minutes_spent) == (status, 50)
    assert len(waits(cast)) == waiting


def test_why_nobody_was_seen_is_kept_without_blame(
    cast: Cast, goals: Appointment, sign_in: SignIn, monday: time_machine.Traveller
) -> None:
    monday.move_to(at(TUESDAY, 11))
    tamsin = sign_in(cast.tamsin)
    form = {"version": str(goals.version), "status": "not_seen", "why": "nobody_in"}

    tamsin.post(page_of(goals, "/outcome"), data=form)

    (why,) = waits(cast)
    assert why.endswith("not seen, nobody was in.")
    assert "Not seen Nobody was in" in read(tamsin, page_of(goals))
    assert "Not seen: nobody was in" in read(tamsin, page_of(goals))


def test_what_was_done_has_no_reason_for_not_being_seen(
    cast: Cast, goals: Appointment, sign_in: SignIn, monday: time_machine.Traveller
) -> None:
    monday.move_to(at(TUESDAY, 11))
    form = {"version": str(goals.version), "status": "done", "why": "nobody_in"}

    sign_in(cast.tamsin).post(page_of(goals, "/outcome"), data=form)

    assert one(goals.id).cancel_reason is None


def test_why_it_was_moved_stands_in_its_history(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    time = Chosen(at(THURSDAY, 13), cast.tamsin.id, None).value

    moved(jago, goals, time, reason="child_ill")

    assert "From Tue 1 Dec 10:00 to Thu 3 Dec 13:00: child ill" in read(jago, page_of(goals))


def test_before_it_has_begun_there_is_no_outcome(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    assert "It has not begun yet." in read(jago, page_of(goals, "/outcome"))

    form = {"version": str(goals.version), "status": "done"}
    assert jago.post(page_of(goals, "/outcome"), data=form).status_code == 409
    assert one(goals.id).status == "booked"


@pytest.mark.parametrize(
    "form", [{}, {"status": "great"}, {"status": "done", "minutes": "an hour"}]
)
def test_nothing_is_taken_for_granted_of_how_it_went(
    cast: Cast,
    goals: Appointment,
    sign_in: SignIn,
    monday: time_machine.Traveller,
    form: dict[str, str],
) -> None:
    monday.move_to(at(TUESDAY, 11))

    answer = sign_in(cast.tamsin).post(
        page_of(goals, "/outcome"), data={"version": str(goals.version), **form}
    )

    assert answer.status_code == 422
    assert one(goals.id).status == "booked"


def test_kept_on_the_phone(cast: Cast, goals: Appointment, sign_in: SignIn) -> None:
    jago = sign_in(cast.jago)

    jago.post(page_of(goals, "/keep"), data={"version": str(goals.version)})

    assert one(goals.id).status == "confirmed"
    assert "Kept by Jago Penrose Mon 23 Nov 10:00 by phone" in read(jago, page_of(goals))


def test_a_video_without_consent_is_kept_but_not_confirmed(cast: Cast, sign_in: SignIn) -> None:
    video, _review = paired(cast, started(cast))
    jago = sign_in(cast.jago)

    answer = jago.post(f"/appointments/{video}/keep", data={"version": str(one(video).version)})

    assert answer.status_code == 409
    assert "film" in words(answer)
    assert one(video).status == "booked"


def test_reminders_go_after_all_where_a_change_was_asked_and_taken_back(
    cast: Cast, goals: Appointment
) -> None:
    who = f"carer:{goals.carer_id}"
    transact(lambda: ask_change(one(goals.id), "no", by=who, at=NOW, how="text"))
    transact(lambda: keep(one(goals.id), by=who, at=NOW, how="text"))

    states = db.session.execute(
        select(Outbox.purpose, Outbox.state).where(Outbox.purpose.startswith("reminder"))
    ).all()
    assert {state for _purpose, state in states} == {"ready"}


ACTS = ["", "/move", "/cancel", "/outcome"]
POSTS = ["/move", "/cancel", "/outcome", "/keep", "/explained", "/check-done"]


def test_another_practitioners_appointment_is_the_404_of_a_missing_one(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    kerensa = sign_in(cast.kerensa)

    for address in (f"/appointments/{goals.id}", "/appointments/999999"):
        for more in ACTS:
            assert kerensa.get(address + more).status_code == 404, more
        for more in POSTS:
            assert kerensa.post(address + more).status_code == 404, more
    assert one(goals.id).status == "booked"


def test_the_link_of_a_text_is_its_reader_s_and_not_shown_to_staff(
    cast: Cast, goals: Appointment, sign_in: SignIn
) -> None:
    token = "Aa1" * 7 + "Z"
    for row in db.session.scalars(select(Outbox).where(Outbox.channel == "text")):
        row.body, row.state, row.sent_at = f"Booked: http://x.test/a/{token}", "sent", NOW
    db.session.commit()
    browser = sign_in(cast.jago)

    thread = f"/texts/carer/{goals.carer_id}"
    for path in (page_of(goals), "/families/F1042", "/texts?show=all", thread):
        shown = browser.get(path).text
        assert "http://x.test/a/…" in shown, path
        assert token not in shown, path
