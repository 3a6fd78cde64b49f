"""The pages of a booking: whose, what, when, check and book. Only the last one changes anything."""

import secrets
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import signed_in
from app.db import transact
from app.errors import DomainError
from app.families.blueprint import home_of, this_family
from app.families.listing import LONGEST_SEARCH, Asked, list_families
from app.forms import put
from app.scheduling.blueprint import scheduling
from app.scheduling.booking import book_all, bookings_of, broken_rules, drafts_of
from app.scheduling.booking_form import OF_A_CYCLE, BookingWanted
from app.scheduling.check_form import CheckForm
from app.scheduling.chosen import Chosen, read_chosen
from app.scheduling.hooks import later_dates
from app.scheduling.models import KINDS, Appointment
from app.scheduling.search import PAIR, find_times
from app.scheduling.settle import settle
from app.scheduling.times_page import TimesPage, others_of, reason_asked
from app.scheduling.where import inside, place_words
from app.scheduling.will_be_sent import lines_for
from app.settings import store
from app.times import for_staff

BOOK_URL = "/families/<reference>/book"


@scheduling.get("/book")
@signed_in
def start() -> str:
    """Whose appointment: a search, keeping the time and person that the diary was clicked at."""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    listed = list_families(current_user, Asked(words=words), at=clock.now()) if words else None
    carried = {name: request.args[name][:40] for name in ("start", "who") if name in request.args}
    return render_template("scheduling/start.html", q=words, listed=listed, carried=carried)


@scheduling.get(BOOK_URL)
@signed_in
def book_what(reference: str) -> Any:
    """What, where and who; a cycle whose every answer is known goes on to its times."""
    wanted = BookingWanted(this_family(reference), request.args)
    known = (request.args.get("cycle") or request.args.get("again")) and not request.args.get(
        "kind"
    )
    if known and (wanted.cycle or wanted.again) and wanted.form.where.data:
        wanted.form.who.data = wanted.form.who.data or "any"
        return redirect(address("scheduling.book_times", wanted))
    return what_page(wanted)


def address(endpoint: str, wanted: BookingWanted, **more: Any) -> str:
    carried: dict[str, Any] = {**wanted.query(), **more}
    return url_for(endpoint, reference=wanted.family.reference, **carried)


def what_page(wanted: BookingWanted, status: int = 200) -> Response:
    return make_response(
        render_template(
            "scheduling/book_what.html", wanted=wanted, form=wanted.form, family=wanted.family,
            of_a_cycle=OF_A_CYCLE,
        ),
        status,
    )  # fmt: skip


@scheduling.get(f"{BOOK_URL}/times")
@signed_in
def book_times(reference: str) -> Response:
    """Free times, best first, with why not other ones and what would open more."""
    wanted = BookingWanted(this_family(reference), request.args)
    if not wanted.validate():
        return what_page(wanted, 422)
    return times_page(wanted)


def times_page(wanted: BookingWanted, *, error: str = "") -> Response:
    try:
        found = find_times(wanted.wish(), store.current(), at=clock.now())
    except DomainError as refused:
        put(wanted.form, refused)
        return what_page(wanted, 422)
    page = TimesPage(wanted, found, on=request.args.get("on", ""), more="all" in request.args)
    words = render_template(
        "scheduling/book_times.html", wanted=wanted, family=wanted.family, page=page, error=error,
        page_errors=[error] if error else [],
        place=inside(place_words(found.facts.place, found.wish.how)),
        kind_words=KINDS[found.wanted.kind], who=who_words(wanted),
    )  # fmt: skip
    return make_response(words, 422 if error else 200)


def who_words(wanted: BookingWanted) -> str:
    chosen = str(wanted.form.who.data)
    names = dict(wanted.form.who.choices)
    words: str = names.get(chosen, "").replace("Anybody", "anybody")
    second = str(wanted.form.second.data or "")
    if not second:
        return words
    return f"{words} and {'a second worker' if second == 'any' else names.get(second, '')}"


@scheduling.route(f"{BOOK_URL}/check", methods=["GET", "POST"])
@signed_in
def book_check(reference: str) -> Any:
    """The last look: what is booked, and what will be sent to whom. A POST books it."""
    wanted = BookingWanted(this_family(reference), request.args)
    if not wanted.validate():
        return what_page(wanted, 422)
    chosen = chosen_time(wanted)
    if chosen is None:
        pair = wanted.form.kind.data == PAIR
        return times_page(wanted, error="Choose a pair of times" if pair else "Choose a time")
    form = CheckForm()
    form.fit(wanted)
    if request.method == "GET":
        form.once.data = secrets.token_hex(12)
        form.version.data = str(wanted.family.version)
        return check_page(wanted, chosen, form)
    if not form.validate():
        return check_page(wanted, chosen, form, status=422)
    try:
        return book_now(wanted, chosen, form)
    except DomainError as refused:
        put(form, refused)
        changed = refused.field in (None, "slot")
        taken = refused.field == "slot"
        return check_page(wanted, chosen, form, status=409 if changed else 422, taken=taken)


def chosen_time(wanted: BookingWanted) -> tuple[Chosen, ...] | None:
    """The time of the address, or another one taken from the page that refused it."""
    number = 2 if wanted.form.kind.data == PAIR else 1
    typed = request.form.get("other") or request.args.get("time", "")
    return read_chosen(typed, number=number)


def book_now(wanted: BookingWanted, chosen: tuple[Chosen, ...], form: CheckForm) -> Response:
    family, cycle = wanted.family, wanted.cycle
    if form.opened_at != family.version:
        form.version.data = str(family.version)
        raise DomainError(
            "The family’s record was changed since you opened this page. What stands below is as "
            "it is now: look again, then book."
        )
    bookings = bookings_of(wanted, chosen, **form.said())
    home = home_of(family)
    again, at = wanted.again, clock.now()

    def act() -> list[Appointment]:
        booked = book_all(bookings, cycle, by=current_user, at=at)
        if again is not None and again.settled_at is None:  # it was of another kind or cycle
            words = f"Booked again for {for_staff(booked[0].starts_at)}"
            settle(again, words, by=current_user, at=at)
        return booked

    made = transact(act)
    words = " and ".join(f"{KINDS[a.kind].lower()} {for_staff(a.starts_at)}" for a in made)
    flash(f"Booked: {words}.", "success")
    if again is not None and later_dates(made[-1], at):  # its page offers to move those after it
        return redirect(url_for("scheduling.appointment", appointment_id=made[-1].id))
    return redirect(home)


def check_page(
    wanted: BookingWanted,
    chosen: tuple[Chosen, ...],
    form: CheckForm,
    *,
    status: int = 200,
    taken: bool = False,
) -> Response:
    """The page; of a time that is `taken`, or breaks a hard rule, with other times to choose."""
    at = clock.now()
    bookings = bookings_of(wanted, chosen)
    try:
        drafts = drafts_of(wanted, bookings)
        broken = () if taken else broken_rules(bookings, at=at)
    except DomainError as refused:
        return times_page(wanted, error=refused.message)
    hard = [refusal for refusal in broken if not refusal.soft]
    if hard and status == 200:
        form.general(hard[0].staff)
    gone = taken or bool(hard)
    soft = [] if gone else [refusal for refusal in broken if refusal.soft]
    others: list[tuple[str, str]] = []
    if gone or status == 409:
        others = others_of(find_times(wanted.wish(), store.current(), at=at, opens=False))
    words = render_template(
        "scheduling/book_check.html",
        wanted=wanted,
        family=wanted.family,
        form=form,
        drafts=drafts,
        sent=[] if gone else [row for one in drafts for row in lines_for(one, "booked", at=at)],
        gone=gone,
        broken=soft,
        reason_asked=reason_asked(form, soft, gone=gone, wish=wanted.wish()),
        others=others,
        refused=bool(hard) or status == 409,
        kinds=KINDS,
        place=place_words(drafts[0].place, drafts[0].how),
    )
    return make_response(words, 409 if hard else status)
