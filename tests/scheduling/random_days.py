"""Random days for the tests of slots: two workers, one appointment, and a date worth trying."""

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from app import clock
from app.places.travel import NOWHERE, spot_for
from app.scheduling.wanted import Other, Room, Stop, Wanted, Worker
from app.windows import Span, Window, Windows
from tests.scheduling.obvious_slots import MINUTE, overlap

# A plain Tuesday, the days before, of and after each change of the clocks, and Good Friday.
DAYS = [
    date(2026, 12, 1),
    *(date(2026, 10, d) for d in (24, 25, 26)),
    *(date(2027, 3, d) for d in (26, 27, 28, 29)),
    date(2027, 10, 31),
]
SPOTS = [NOWHERE, spot_for("TR1", 1), spot_for("TR1", 2), spot_for("TR3", 3), spot_for("TR14", 4)]
Search = tuple[Wanted, tuple[Worker, ...], datetime]


@st.composite
def spans(draw: st.DrawFn, day: date, longest: int = 240) -> Span:
    start = clock.midnight(day) + draw(st.integers(5 * 12, 20 * 12)) * 5 * MINUTE
    return start, start + draw(st.integers(1, longest // 5)) * 5 * MINUTE


@st.composite
def weekly(draw: st.DrawFn, day: date) -> Windows:
    """Times for the date, quarter hours mostly, sometimes over the hours that clocks change."""
    pairs = draw(
        st.lists(st.tuples(st.integers(0, 92), st.integers(4, 60)), min_size=1, max_size=2)
    )
    return Windows(tuple(Window(day.weekday(), s * 15, min(1440, (s + n) * 15)) for s, n in pairs))


@st.composite
def workers(draw: st.DrawFn, number: int, day: date) -> Worker:
    stops: list[Stop] = []
    for begins, ends in draw(st.lists(spans(day, 90), max_size=6)):
        if not any(overlap((begins, ends), (s.starts_at, s.ends_at)) for s in stops):
            spot = draw(st.sampled_from(SPOTS))
            stops.append(Stop(begins, ends, spot, travels=draw(st.booleans())))
    hours = draw(st.one_of(st.just(Windows((Window(day.weekday(), 480, 1080),))), weekly(day)))
    absences = tuple(draw(st.lists(spans(day), max_size=1)))
    base, busy = draw(st.sampled_from(SPOTS)), tuple(draw(st.lists(spans(day, 120), max_size=2)))
    return Worker(number, f"W{number}", hours, base, absences, tuple(stops), busy)


@st.composite
def wanteds(draw: st.DrawFn, day: date) -> Wanted:
    maybe = st.one_of(st.none(), weekly(day))
    held = st.lists(spans(day), max_size=1).map(tuple)
    wide = (clock.midnight(day) + timedelta(hours=7), clock.midnight(day) + timedelta(hours=20))
    at_home = draw(st.booleans())
    return Wanted(
        kind="video_session",
        minutes=draw(st.sampled_from([15, 20, 45, 60, 90])),
        first=day,
        last=day,
        spot=draw(st.sampled_from([None, *SPOTS])),
        travels=at_home or draw(st.booleans()),
        place_hours=None if at_home else draw(maybe),
        place_closed=draw(held),
        rooms=draw(st.one_of(st.none(), st.lists(held, max_size=2).map(_rooms))),
        family_times=draw(maybe),
        family_held=draw(held),
        others=tuple(Other("Ana", draw(maybe), draw(held)) for _ in range(draw(st.integers(0, 1)))),
        two_workers=draw(st.booleans()),
        at_home=at_home,
        level=draw(st.sampled_from(["standard", "raised", "high", "not_assessed"])),
        cover=draw(st.sampled_from([(wide,), ()])) if draw(st.booleans()) else (wide,),
        daylight=(draw(spans(day, 600)),),
        keep_apart=draw(held),
    )


def _rooms(helds: list[tuple[Span, ...]]) -> tuple[Room, ...]:
    return tuple(Room(number, held) for number, held in enumerate(helds))


@st.composite
def searches(draw: st.DrawFn) -> Search:
    day = draw(st.sampled_from(DAYS))
    team = tuple(draw(workers(number, day)) for number in (1, 2))
    before = draw(st.sampled_from([timedelta(days=10), timedelta(hours=15)]))
    return draw(wanteds(day)), team, clock.midnight(day) - before
