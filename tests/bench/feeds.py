"""A feed of 500 events against bare icalendar making the same bytes, and its 304 against a view with
one query."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask, make_response
from icalendar import Calendar, Event, Timezone, vCalAddress, vText
from sqlalchemy import select, update

from app import clock
from app.access import public
from app.accounts.models import Staff
from app.calendars.invitations import EUROPE_LONDON, Entry
from app.db import db, plain_rows, transact
from app.links.models import Link
from app.scheduling.feed import entries
from app.scheduling.feed_views import renew
from app.scheduling.models import Appointment
from app.settings import store
from tests.bench.many import NOW, analyse
from tests.bench.years import fill

EVENTS = 500


def measure(
    database: str, service: Callable[[str], Flask], best: Callable[..., list[float]]
) -> None:
    app = service(database)

    @app.get("/bench-one-query/<digest>")
    @public
    def one_query(digest: str) -> object:
        plain_rows(select(Link.digest, Link.read_at).where(Link.digest == digest))
        return make_response("", 304)

    with app.app_context():
        fill(60, 900)
        token, held, name = own_feed()
        digest = db.session.scalars(select(Link.digest).where(Link.purpose == "feed")).one()
        rules = store.current()
        service_name, service_email = rules.service_name, rules.service_email
        analyse()
        db.session.remove()
    client, address = app.test_client(), f"/feeds/{token}.ics"
    first = client.get(address)
    assert first.data == bare(held, f"{service_name}: {name}", service_name, service_email)
    has = {"If-None-Match": first.headers["ETag"]}
    assert client.get(address, headers=has).status_code == 304
    assert client.get(f"/bench-one-query/{digest}").status_code == 304
    whole, floor = best(
        lambda: client.get(address),
        lambda: bare(held, f"{service_name}: {name}", service_name, service_email),
    )
    # Apart from the others: what comes after a long piece of work finds the processor's caches cold.
    unchanged, one = best(
        lambda: client.get(address, headers=has),
        lambda: client.get(f"/bench-one-query/{digest}"),
    )
    print(f"\n{database}: a calendar feed of {len(held)} events")
    print(
        f"  made anew   {whole:7.1f} ms against {floor:.1f} ms for bare icalendar: "
        f"{whole / floor:.2f} (aim ≤ 1.3)\n"
        f"  unchanged   {unchanged:7.2f} ms against {one:.2f} ms for a view with one query: "
        f"{unchanged / one:.2f} (aim ≤ 1.3)"
    )
    with app.app_context():
        db.engine.dispose()


def own_feed() -> tuple[str, list[Entry], str]:
    """One person with as many appointments in the feed's window, and their feed's token."""
    people = db.session.scalars(select(Staff).where(Staff.takes_visits).order_by(Staff.id)).all()
    theirs, others = people[0], people[1]
    ids = db.session.scalars(select(Appointment.id).order_by(Appointment.id)).all()
    first = NOW - timedelta(days=20)
    times = [first + timedelta(hours=18 * n) for n in range(EVENTS)]
    changes = [
        {
            "id": one,
            "staff_id": theirs.id,
            "status": "booked",
            "starts_at": at,
            "ends_at": at + timedelta(hours=1),
        }
        for one, at in zip(ids, times, strict=False)
    ]
    db.session.execute(update(Appointment).values(staff_id=others.id))
    db.session.execute(update(Appointment), changes)
    token = transact(lambda: renew(theirs, NOW, make=True))
    assert token is not None
    return token, entries(theirs.id, clock.now()), theirs.first_name


def bare(held: list[Entry], name: str, service_name: str, service_email: str) -> bytes:
    """The same bytes by icalendar alone, as its documentation makes a calendar."""
    calendar = Calendar()
    for key, value in {
        "version": "2.0", "prodid": "-//Appointments//Calendar//EN", "calscale": "GREGORIAN",
        "method": "PUBLISH", "name": name, "x-wr-calname": name,
    }.items():  # fmt: skip
        calendar.add(key, value)
    calendar.add("refresh-interval", vText("PT1H"), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(Timezone.from_ical(EUROPE_LONDON))
    organiser = vCalAddress(f"mailto:{service_email}")
    organiser.params["CN"] = service_name
    for one in sorted(held, key=lambda one: (one.starts_at, one.uid)):
        event = Event()
        event.add("uid", one.uid)
        event.add("sequence", one.sequence)
        event.add("dtstamp", one.stamp)
        event.add("dtstart", clock.london(one.starts_at))
        event.add("dtend", clock.london(one.ends_at))
        event.add("summary", one.summary)
        event.add(
            "status",
            "CANCELLED" if one.cancelled else "TENTATIVE" if one.tentative else "CONFIRMED",
        )
        event.add("transp", "TRANSPARENT" if one.cancelled else "OPAQUE")
        event.add("class", "PRIVATE")
        if one.location:
            event.add("location", one.location)
        event.add("organizer", organiser)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
