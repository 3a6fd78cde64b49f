"""A time that was let go: who waits for that practitioner and could have it; nothing is sent."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.clock import at_london
from app.db import db, transact
from app.desk.work_list import work_list
from app.enquiries.record_choice import record_choice
from app.errors import DomainError
from app.families.models import Carer, Family
from app.messaging.models import Outbox
from app.scheduling.absences.absence import add_absence
from app.scheduling.book import Booking, book
from app.scheduling.cancel import cancel
from app.scheduling.interpreters import add_interpreter, close_interpreter
from app.scheduling.let_go.time_let_go import set_aside
from app.scheduling.let_go.who_could import Waits, who_could_have
from app.scheduling.models import Appointment, LetGo
from app.scheduling.move import Change, move
from app.settings import store
from app.windows import read_windows
from tests.cast import NOW, Cast, family
from tests.programmes.course import cycle, says, started
from tests.scheduling.reading import words
from tests.scheduling.test_book import TUESDAY
from tests.statements import statements

SignIn = Callable[[Staff], FlaskClient]


def at(hour: int, minute: int = 0) -> datetime:
    return at_london(TUESDAY, time(hour, minute))


@pytest.fixture(autouse=True)
def monday(cast: Cast) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        says(cast)
        yield


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    """Tamsin's goals visit to Hannah, Tuesday 10:00 to 11:00."""
    return booked(cast, cast.hannah, 10)


@pytest.fixture
def waiting(cast: Cast) -> Family:
    """Another family of Tamsin's that said yes; nothing is booked for it."""
    return waits(cast, "F1050", "Rosie", "TR15 1AA")


def waits(cast: Cast, reference: str, name: str, postcode: str, **known) -> Family:
    number = f"+4477009005{reference[-2:]}"
    made = family(reference, name, "Pascoe", number, postcode, cast.tamsin)
    for field, value in known.items():
        setattr(made, field, value)
    db.session.commit()
    transact(lambda: record_choice(made, "yes", on=NOW.date(), how="phone", by=cast.jago, at=NOW))
    return made


def booked(cast: Cast, whose: Family, hour: int) -> Appointment:
    wanted = Booking(
        kind="goals_visit", family_id=whose.id, staff_id=cast.tamsin.id, starts_at=at(hour),
        minutes=60, place_id=whose.home_id,
    )  # fmt: skip
    return transact(lambda: book(wanted, by=cast.jago, at=NOW))


def cancelled(cast: Cast, row: Appointment) -> LetGo:
    transact(lambda: cancel(row, "family_asked", by=cast.jago, at=NOW))
    return db.session.scalars(select(LetGo).order_by(LetGo.id.desc())).first()


def listed(user: Staff, at: datetime = NOW) -> list[str]:
    rows = work_list(user, at, kind="let_go").rows
    return [f"{row.item.why} {row.name}" for row in rows]


ITEM = "Tue 1 Dec 10:00 is free again, and others wait. Tamsin Nance"


def test_a_cancelled_time_is_on_the_list_while_somebody_else_waits(
    cast: Cast, visit: Appointment
) -> None:
    cancelled(cast, visit)
    assert listed(cast.jago) == []  # Hannah herself let it go

    waits(cast, "F1050", "Rosie", "TR15 1AA")

    assert listed(cast.jago) == listed(cast.tamsin) == listed(cast.morwenna) == [ITEM]
    assert listed(cast.kerensa) == []


def test_a_moved_time_too_unless_the_new_one_meets_it(
    cast: Cast, visit: Appointment, waiting: Family
) -> None:
    transact(lambda: move(visit, Change(starts_at=at(10, 30)), by=cast.jago, at=NOW))
    assert listed(cast.jago) == []

    transact(lambda: move(visit, Change(starts_at=at(14)), by=cast.jago, at=NOW))

    assert listed(cast.jago) == [ITEM.replace("10:00", "10:30")]


def test_a_visit_that_another_takes_lets_go_of_the_first_ones_time(
    cast: Cast, visit: Appointment, waiting: Family
) -> None:
    change = Change(starts_at=at(12), staff_id=cast.kerensa.id)
    transact(lambda: move(visit, change, by=cast.jago, at=NOW))

    assert listed(cast.jago) == [ITEM]


def test_it_goes_when_it_is_taken_over_or_set_aside(
    cast: Cast, visit: Appointment, waiting: Family
) -> None:
    row = cancelled(cast, visit)
    assert listed(cast.jago, at(9, 59)) == [ITEM]
    assert listed(cast.jago, at(10)) == []
    span = (at(10, 30), at(12))
    away = transact(lambda: add_absence(cast.tamsin, "training", *span, by=cast.jago, at=NOW))
    assert listed(cast.jago) == []
    transact(lambda: db.session.delete(away))
    assert listed(cast.jago) == [ITEM]

    transact(lambda: set_aside(row, by=cast.jago, at=NOW))

    assert listed(cast.jago) == []
    with pytest.raises(DomainError):
        transact(lambda: set_aside(row, by=cast.jago, at=NOW))


def test_a_booking_in_it_takes_it(cast: Cast, visit: Appointment, waiting: Family) -> None:
    waits(cast, "F1051", "Wenna", "TR15 1AB")
    cancelled(cast, visit)

    booked(cast, waiting, 10)

    assert listed(cast.jago) == []


def test_a_time_that_has_come_is_not_offered(cast: Cast, visit: Appointment) -> None:
    transact(lambda: cancel(visit, "child_ill", by=cast.jago, at=at(10, 5)))

    assert db.session.scalar(select(func.count()).select_from(LetGo)) == 0


def test_a_snowed_in_day_is_offered_to_nobody(
    cast: Cast, visit: Appointment, waiting: Family
) -> None:
    transact(lambda: cancel(visit, "weather", by=cast.jago, at=NOW))

    assert listed(cast.jago) == []


def test_nobody_is_told_of_it(cast: Cast, visit: Appointment, waiting: Family) -> None:
    carers = set(db.session.scalars(select(Carer.id).where(Carer.family_id == waiting.id)))
    cancelled(cast, visit)

    told = db.session.scalars(select(Outbox).where(Outbox.recipient_kind == "carer"))
    assert {row.recipient_id for row in told}.isdisjoint(carers)


def offered(cast: Cast, row: LetGo, *families: Family) -> list[tuple[str, str]]:
    """The families in order, each with its start or why not."""
    asked = [Waits(one.id, NOW, NOW + timedelta(days=2), "goals_visit") for one in families]
    names = {one.id: one.reference for one in families}
    return [
        (
            names[one.candidate.family_id],
            f"{one.candidate.slot.starts_at:%H:%M}" if one.candidate.slot
            else one.candidate.why_not,
        )
        for one in who_could_have(row, asked, store.current(), at=NOW)
    ]  # fmt: skip


def test_only_those_whom_every_rule_allows_could_have_it(
    cast: Cast, visit: Appointment, waiting: Family
) -> None:
    late = waits(cast, "F1051", "Wenna", "TR15 1AB", free_times=read_windows("Mon-Fri 13-17"))
    part = waits(cast, "F1052", "Lowena", "TR15 1AC", free_times=read_windows("Tue 10:30-12"))
    school = waits(cast, "F1053", "Demelza", "TR15 1AD", where="school")
    far = waits(cast, "F1054", "Loveday", "SW1A 1AA")
    row = cancelled(cast, visit)

    found = offered(cast, row, late, part, school, far, waiting)

    assert found[:3] == [("F1050", "10:00"), ("F1052", "10:30"), ("F1054", "10:00")]
    assert dict(found[3:]) == {
        "F1051": "outside the family’s times",
        "F1053": "choose where to meet first",
    }


def test_a_home_that_nobody_visits_alone_needs_a_second_worker(
    cast: Cast, visit: Appointment, waiting: Family
) -> None:
    db.session.execute(db.text("UPDATE assessment SET look_again_on = '2026-11-30'"))
    db.session.commit()

    assert offered(cast, cancelled(cast, visit), waiting) == [
        ("F1050", "this home has not been assessed, so nobody visits it alone")
    ]


def test_short_notice_needs_a_reason_and_comes_last(cast: Cast, waiting: Family) -> None:
    row = LetGo(
        appointment_id=0, staff_id=cast.tamsin.id, starts_at=NOW + timedelta(hours=4),
        ends_at=NOW + timedelta(hours=5), created_at=NOW,
    )  # fmt: skip
    (one,) = who_could_have(
        row, [Waits(waiting.id, NOW, None, "goals_visit")], store.current(), at=NOW
    )

    assert one.candidate.needs_reason
    assert one.query["relax"] == "notice"


@pytest.mark.one_database
def test_what_fell_through_is_asked_for_as_it_was_booked(
    cast: Cast, visit: Appointment, waiting: Family
) -> None:
    other = booked(cast, waiting, 14)
    transact(lambda: cancel(other, "child_ill", by=cast.jago, at=NOW))
    row = cancelled(cast, visit)

    (one,) = who_could_have(
        row, [Waits(waiting.id, NOW, None, again_id=other.id)], store.current(), at=NOW
    )

    assert (one.kind, one.query["again"], one.query["where"]) == (
        "goals_visit", str(other.id), "home",
    )  # fmt: skip


@pytest.mark.one_database
def test_what_lost_its_interpreter_is_asked_for_at_its_own_length(
    cast: Cast, visit: Appointment, waiting: Family
) -> None:
    ana = transact(lambda: add_interpreter("Ana Silva", ["Portuguese"], by=cast.jago, at=NOW))
    wanted = Booking(
        kind="goals_visit", family_id=waiting.id, staff_id=cast.tamsin.id, starts_at=at(13),
        minutes=60, place_id=waiting.home_id, interpreter_id=ana.id,
    )  # fmt: skip
    other = transact(lambda: book(wanted, by=cast.jago, at=NOW))
    transact(lambda: cancel(other, "other", by=cast.jago, at=NOW))
    transact(lambda: close_interpreter(ana, by=cast.jago, at=NOW))
    row = cancelled(cast, visit)

    (one,) = who_could_have(
        row, [Waits(waiting.id, NOW, None, again_id=other.id)], store.current(), at=NOW
    )

    assert (one.query["minutes"], "interpreter" in one.query) == ("60", False)


@pytest.mark.one_database
def test_the_statements_are_the_same_for_one_family_and_for_five(
    cast: Cast, visit: Appointment, waiting: Family, sign_in: SignIn
) -> None:
    row, jago = cancelled(cast, visit), sign_in(cast.jago)

    def made() -> int:
        jago.get(f"/let-go/{row.id}")  # what belongs to the first page of a process
        db.session.remove()
        with statements() as seen:
            assert jago.get(f"/let-go/{row.id}").status_code == 200
        return len(seen)

    one = made()
    for number in range(1, 5):
        waits(cast, f"F106{number}", "Rosie", f"TR15 1A{'ABCDE'[number]}")
    assert made() == one <= 26


@pytest.mark.one_database
def test_the_page_leads_to_the_booking_with_the_time_chosen(
    cast: Cast, visit: Appointment, waiting: Family, sign_in: SignIn
) -> None:
    row, jago = cancelled(cast, visit), sign_in(cast.jago)

    page = jago.get(f"/let-go/{row.id}")
    assert "Who could have it: 1" in words(page)
    assert "Rosie Pascoe" in words(page)
    href = page.text.split("/families/F1050/book/times?")[1].split('"')[0].replace("&amp;", "&")
    times = jago.get(f"/families/F1050/book/times?{href}")
    assert times.status_code == 200
    first = times.text.split('name="time"')[1]
    assert "checked" in first.split(">")[0]
    assert f'value="20261201T1000-{cast.tamsin.id}-0"' in times.text
    assert "Tue 1 Dec, 10:00–11:00" in words(times).split("Best first")[1][:60]


@pytest.mark.one_database
def test_a_cycle_goes_on_to_the_pairs_that_begin_then(
    cast: Cast, sign_in: SignIn, waiting: Family
) -> None:
    programme = started(cast)
    other = booked(cast, waiting, 10)
    row, jago = cancelled(cast, other), sign_in(cast.jago)

    page = jago.get(f"/let-go/{row.id}")

    assert "Video session" in words(page)
    address = page.text.split("/families/F1042/book/times?")[1].split('"')[0]
    address = address.replace("&amp;", "&")
    assert f"cycle={cycle(programme).id}" in address
    times = jago.get(f"/families/F1042/book/times?{address}")
    assert "Tue 1 Dec, 10:00–10:45" in words(times).split("Best first")[1][:60]


@pytest.mark.one_database
def test_the_message_after_cancelling_and_moving_says_who_waits(
    cast: Cast, visit: Appointment, waiting: Family, sign_in: SignIn
) -> None:
    jago, address = sign_in(cast.jago), f"/appointments/{visit.id}"
    time_moved = f"20261201T1400-{cast.tamsin.id}-0"
    form = {"reason": "family_asked", "version": str(visit.version)}
    jago.post(f"{address}/move?time={time_moved}", data=form)
    assert "1 family waits for Tamsin. See who could have it" in words(jago.get(address))

    db.session.refresh(visit)
    form = {"reason": "family_asked", "after": "list", "version": str(visit.version)}
    done = jago.post(f"{address}/cancel", data=form)

    page = jago.get(done.location)
    assert "Its time is free again. 1 family waits for Tamsin" in words(page)
    assert f'href="/let-go/{db.session.scalar(select(func.max(LetGo.id)))}"' in page.text


@pytest.mark.one_database
def test_it_is_set_aside_by_those_who_may_see_it(
    cast: Cast, visit: Appointment, waiting: Family, sign_in: SignIn
) -> None:
    row = cancelled(cast, visit)
    address = f"/let-go/{row.id}"

    assert sign_in(cast.kerensa).get(address).status_code == 404
    assert sign_in(cast.kerensa).post(f"{address}/set-aside").status_code == 404
    assert sign_in(cast.tamsin).get(address).status_code == 200
    assert sign_in(cast.tamsin).post(f"{address}/set-aside").location == "/"
    assert "Somebody has set this time aside" in sign_in(cast.jago).get(address).text
    assert listed(cast.jago) == []
    assert sign_in(cast.jago).get("/let-go/999").status_code == 404
