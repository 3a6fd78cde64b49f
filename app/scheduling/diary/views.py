"""The diary: a day with a row for each person, a week, a month, and a list; narrowed as its address
says. Every view is a page that works without a script; `diary.js` draws the picture of a day or of
one person's week from `feed`.
"""

from flask import jsonify, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app import clock
from app.access import found, signed_in
from app.scheduling.blueprint import scheduling
from app.scheduling.diary.feed import picture_of
from app.scheduling.diary.lines import STATES, Asked
from app.scheduling.diary.page import DiaryPage
from app.scheduling.diary.span import VIEWS, WEEK, Span, span_of
from app.scheduling.models import KINDS, LETTERS
from app.typed import read_day


@scheduling.get("/diary")
@scheduling.get("/diary/<day>")
@signed_in
def diary(day: str = "") -> str:
    """A day, a week or a month; `go` is a date typed by hand."""
    on = found(read_day(day)) if day else clock.today()
    if typed := request.args.get("go", "").strip():
        on = read_day(typed) or clock.today()
    view = request.args.get("view", "team")
    span = span_of(on, view if view in VIEWS else "team")
    return render_template(
        "scheduling/diary.html",
        page=DiaryPage(span, Asked.of(request.args)), span=span, kinds=KINDS, letters=LETTERS,
        states=STATES, at=clock.now(),
    )  # fmt: skip


@scheduling.get("/diary/feed.json")
@signed_in
def feed() -> Response:
    """What the picture is drawn from: rows of people, and events in London wall time."""
    first = found(read_day(request.args.get("start", "")))
    last = found(read_day(request.args.get("end", "")))
    if not first < last <= first + WEEK:
        raise NotFound
    view = "team" if request.args.get("view") == "team" else "week"
    span = Span(view, first, first, last, "", first, first)
    return jsonify(picture_of(DiaryPage(span, Asked.of(request.args))))
