"""One situation for each rule of a slot, in which that rule is broken and, but for it, nothing is.

Each is about an hour of Tamsin's for Hannah's family. `lawful` is the same hour on a Monday when
nothing has happened yet; `happens` is what then makes the hour at `start` break the rule.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from app import clock
from app.db import db, transact
from app.families.change_family import keep_carers_apart
from app.families.models import Carer
from app.places.closures import add_closure
from app.places.models import Place, Room
from app.risk.models import Assessment
from app.scheduling.absences.absence import add_absence
from app.scheduling.book import Booking, book
from app.scheduling.models import Interpreter
from app.windows import read_windows
from tests.cast import NOW, Cast
from tests.programmes.course import VIDEO_DAY, at
from tests.scheduling.own_calendars import answers, reads, set_for, ten

Numbers = dict[str, int | None]
MONDAY = date(2026, 11, 30)
FRIDAY = date(2026, 12, 4)
CHRISTMAS = date(2026, 12, 25)
TEN, NOON = at(VIDEO_DAY, 10), at(VIDEO_DAY, 12)
# What a person may set aside with a reason; nothing else.
SOFT = {
    "notice", "horizon", "bank_holiday", "hours", "busy", "place_hours", "family_times",
    "other_times", "visits_a_day", "travel", "grid",
}  # fmt: skip
EARLY_AFTERNOON = read_windows("Mon-Fri 12-16")


def nothing_happens(_cast: Cast) -> None:
    return None


def nobody_else(_cast: Cast) -> Numbers:
    return {}


@dataclass(frozen=True)
class Broken:
    """`code` is broken by an hour at `start`, after `happens`. `says` are the facts that staff
    read. `there` names who else and where, as numbers for a `Booking`. `written` is false where no
    form can write the time."""

    code: str
    says: str
    start: datetime = TEN
    happens: Callable[[Cast], object] = nothing_happens
    there: Callable[[Cast], Numbers] = nobody_else
    written: bool = True

    @property
    def soft(self) -> bool:
        return self.code in SOFT

    def lawful(self, cast: Cast) -> Booking:
        here: Numbers = {"place_id": cast.hannah.home_id, **self.there(cast)}
        return Booking("goals_visit", cast.hannah.id, cast.tamsin.id, at(MONDAY, 12), 60, **here)

    def asked(self, lawful: Booking) -> Booking:
        return replace(lawful, starts_at=self.start)


def other_visit(cast: Cast, start: datetime, minutes: int = 30, **more: object) -> None:
    """Another appointment: a follow-up by phone with Kerensa, for Jodie's family, unless `more`
    says otherwise."""
    told = {"how": "phone", "family_id": cast.jodie.id, "staff_id": cast.kerensa.id, **more}
    wanted = Booking("follow_up", starts_at=start, minutes=minutes, **told)
    transact(lambda: book(wanted, by=cast.jago, at=NOW))


def at_the_hub(cast: Cast) -> Numbers:
    return {"place_id": cast.hub.id}


def with_interpreter(cast: Cast) -> Numbers:
    person = Interpreter(name="Oksana", languages=["Ukrainian"], created_at=NOW)
    db.session.add(person)
    db.session.commit()
    return {"interpreter_id": person.id}


def interpreter() -> Interpreter:
    return db.session.scalars(select(Interpreter)).one()


def with_kerensa(cast: Cast) -> Numbers:
    return {"second_id": cast.kerensa.id}


def with_hannah_not_callum(cast: Cast) -> Numbers:
    """Hannah's family has a second carer, and the two must not meet."""
    db.session.add(
        Carer(
            family_id=cast.hannah.id, first_name="Callum", surname="Rowe", carer_type="birth",
            phone_owner="own", safe_to_text="no", wording="full", position=2,
        )
    )  # fmt: skip
    db.session.commit()
    transact(lambda: keep_carers_apart(cast.hannah, True, by=cast.jago, at=NOW))
    return {"carer_id": carer("Hannah")}


def carer(first_name: str) -> int:
    return db.session.scalars(select(Carer.id).where(Carer.first_name == first_name)).one()


def home_forgotten(cast: Cast) -> None:
    db.session.execute(delete(Assessment).where(Assessment.place_id == cast.hannah.home_id))
    db.session.commit()


def other_home(cast: Cast) -> None:
    """The family lives elsewhere now, where nobody has looked yet."""
    old = db.session.get_one(Place, cast.hannah.home_id)
    new = Place(
        kind="home", name="Home", postcode="TR15 1AA", family_id=cast.hannah.id, created_at=NOW
    )
    db.session.add(new)
    db.session.flush()
    old.closed_at, cast.hannah.home_id = NOW, new.id
    db.session.commit()


def home_raised(cast: Cast) -> None:
    rows = select(Assessment).where(Assessment.place_id == cast.hannah.home_id)
    row = db.session.scalars(rows).one()
    row.level, row.approved_at = "raised", NOW
    db.session.commit()


def works_afternoons(cast: Cast) -> None:
    cast.tamsin.hours = read_windows("Mon-Fri 12-17")
    db.session.commit()


def works_till_seven(cast: Cast) -> None:
    cast.tamsin.hours = read_windows("Mon-Fri 9-19")
    db.session.commit()


def family_likes_afternoons(cast: Cast) -> None:
    cast.hannah.free_times = EARLY_AFTERNOON
    db.session.commit()


def interpreter_has_afternoons(_cast: Cast) -> None:
    interpreter().free_times = EARLY_AFTERNOON
    db.session.commit()


def away(who: str) -> Callable[[Cast], object]:
    """This person is ill from eleven to three."""

    def ill(cast: Cast) -> object:
        begins, ends = TEN + timedelta(hours=1), TEN + timedelta(hours=5)
        person = getattr(cast, who)
        return transact(lambda: add_absence(person, "sickness", begins, ends, by=cast.jago, at=NOW))

    return ill


def own_calendar_says_busy(cast: Cast) -> None:
    set_for(cast.tamsin)
    reads(answers(ten()))


def closed(cast: Cast, room: Room | None = None) -> None:
    transact(
        lambda: add_closure(
            cast.hub, room, at(VIDEO_DAY, 9), at(VIDEO_DAY, 17), "Boiler", by=cast.jago, at=NOW
        )
    )


def rooms_go(cast: Cast) -> None:
    """One room is closed and the other one taken."""
    closed(cast, db.session.scalars(select(Room).order_by(Room.id)).first())
    start = NOON + timedelta(minutes=30)
    other_visit(cast, start, how="in_person", place_id=cast.hub.id)


def visits_at_the_hub(*quarters: int) -> Callable[[Cast], None]:
    """Tamsin has these visits for Jodie's family, a quarter of an hour each, from ten."""

    def visits(cast: Cast) -> None:
        for quarter in quarters:
            start = TEN + timedelta(minutes=15 * quarter)
            other_visit(
                cast, start, 15, how="in_person", place_id=cast.hub.id, staff_id=cast.tamsin.id
            )

    return visits


HALF_PAST = TEN + timedelta(minutes=30)
EVERY_RULE = (
    Broken("past", "That time has passed.", at(NOW.date(), 9, 45)),
    Broken("level", "This home has not been assessed", TEN, home_forgotten),
    Broken("notice", "That is less than 24 hours away", at(NOW.date() + timedelta(1), 9, 45)),
    Broken("horizon", "That is more than 12 weeks ahead", at(date(2027, 2, 16), 10)),
    Broken("bank_holiday", "Friday 25 December is a bank holiday.", at(CHRISTMAS, 10),
           there=at_the_hub),
    Broken("hours", "Tamsin works 12:00–17:00 that day.", TEN, works_afternoons),
    Broken("absence", "Tamsin is away until 15:00.", NOON, away("tamsin")),
    Broken("busy", "Tamsin’s own calendar says busy until 11:00.", TEN, own_calendar_says_busy),
    Broken("place_hours", "The place is open 09:00–13:00 that day.", at(FRIDAY, 12, 15),
           there=at_the_hub),
    Broken("place_closed", "The place is closed until 17:00.", TEN, closed, at_the_hub),
    Broken("family_times", "The family’s times are", TEN, family_likes_afternoons),
    Broken("other_times", "Oksana’s times are", TEN, interpreter_has_afternoons,
           with_interpreter),
    Broken("cover", "Home visits end 60 minutes before duty cover does", at(VIDEO_DAY, 16, 15),
           works_till_seven),
    Broken("daylight", "it is visited between sunrise and sunset", at(VIDEO_DAY, 15, 30),
           home_raised),
    Broken("apart", "Somebody they must not meet", TEN,
           lambda cast: other_visit(
               cast, HALF_PAST + timedelta(minutes=45), family_id=cast.hannah.id,
               carer_id=carer("Callum"),
           ), with_hannah_not_callum),
    Broken("family_held", "The family has another appointment from 10:30 to 11:00.", TEN,
           lambda cast: other_visit(cast, HALF_PAST, family_id=cast.hannah.id)),
    Broken("other_held", "Oksana is booked from 10:30 to 11:30.", TEN,
           lambda cast: other_visit(cast, HALF_PAST, interpreter_id=interpreter().id),
           with_interpreter),
    Broken("room", "All 2 rooms are taken for some of that time.", NOON, rooms_go, at_the_hub),
    Broken("held", "Tamsin is with another family from 10:30 to 11:00.", TEN,
           lambda cast: other_visit(cast, HALF_PAST, staff_id=cast.tamsin.id)),
    Broken("visits_a_day", "Tamsin has 4 visits on Tuesday 1 December already", TEN,
           visits_at_the_hub(7, 8, 9, 10)),
    Broken("travel", "Tamsin is with another family until 10:15 and", HALF_PAST,
           visits_at_the_hub(0)),
    Broken("second_worker", "Kerensa cannot come too. Kerensa is away until 15:00.", NOON,
           away("kerensa"), with_kerensa),
    Broken("clock", "The clocks go forward on Sunday 28 March",
           datetime(2027, 3, 28, 1, 30, tzinfo=clock.LONDON), written=False),
    Broken("grid", "Appointments start every 15 minutes on the clock.",
           TEN + timedelta(minutes=5)),
)  # fmt: skip
