"""What is to be booked, where and by whom, as it stands in a page's address.

The form is sent by GET and checked again on every page of a booking, so each reloads to the same
state. Nothing that somebody types about a family is in it: that is asked on the last page.
"""

from datetime import datetime, timedelta
from typing import Any

from wtforms import HiddenField

from app import clock
from app.accounts import queries as accounts
from app.errors import DomainError
from app.families.models import Family
from app.forms import Form, WholeField, put, radios, select
from app.places.models import TRAVELLED_TO, Place
from app.places.queries import open_places
from app.risk.levels import level_of
from app.risk.models import LEVEL_MEANS, LEVELS
from app.scheduling.check import check_choice, check_length
from app.scheduling.hooks import CycleShown, cycle_by_id, next_cycle
from app.scheduling.interpreters import interpreters, speaks
from app.scheduling.models import FELL_THROUGH, HOWS, KINDS, Appointment
from app.scheduling.queries import by_id
from app.scheduling.reasons import SOFT
from app.scheduling.search import ANYBODY, PAIR, Wish
from app.settings import store
from app.settings.rules import default_minutes
from app.typed import read_number
from app.windows import instant
from app.working_days import working_days_after

KINDS_TO_BOOK = {
    PAIR: "Video session and its shared review",
    **{kind: words for kind, words in KINDS.items() if kind != "conversation"},
}
ELSEWHERE = ("not_home", "venue", "school")  # wishes of a family that is not visited at home
OF_A_CYCLE = (PAIR, "video_session", "shared_review")
HOME = "home"


class BookingForm(Form):
    """Drawn on the first page, carried by the others."""

    kind = radios(
        "What is it?", list(KINDS_TO_BOOK.items()), required="Choose what is to be booked"
    )
    minutes = WholeField("Minutes", least=5, most=240, required="Enter how many minutes")
    review_minutes = WholeField("Minutes of the review", least=5, most=240)
    who = select("Who goes?", required="Choose who goes")
    where = radios("Where?", required="Choose where it takes place")
    second = select("Does a second worker come too?")
    interpreter = select("Interpreter", hint="Doubles the time")
    carer = select("Which carer is it about?")
    cycle = HiddenField()
    weeks = HiddenField()
    relax = HiddenField()
    start = HiddenField()
    again = HiddenField()

    class Meta:
        csrf = False


class BookingWanted:
    """A family's booking as the form has it: the choices offered, and the wish that follows."""

    def __init__(self, family: Family, args: Any, *, cycle: CycleShown | None = None) -> None:
        self.family = family
        self.today = clock.today()
        self.cycle = cycle or self.cycle_from(read_number(args.get("cycle")))
        self.again = self.instead_of(read_number(args.get("again")))
        self.team = accounts.team()
        self.places = [p for p in open_places() if p.kind in TRAVELLED_TO]
        self.level = level_of(family.home_id, on=self.today) if family.home_id else None
        sent = "kind" in args and "minutes" in args  # a kind alone is only where to begin
        first = self.first_choice(args)
        form = BookingForm(formdata=args if sent else None, data=None if sent else first)
        form.carer.data = form.carer.data or first["carer"]  # as `book()` has it
        form.review_minutes.data = form.review_minutes.data or first["review_minutes"]
        self.form = self.with_choices(form)

    def cycle_from(self, cycle_id: int | None) -> CycleShown | None:
        """The cycle of the address, if it is this family's, else the next one to book."""
        found = cycle_by_id(cycle_id) if cycle_id else None
        if found is not None and found.family_id == self.family.id:
            return found
        return next_cycle(self.family.id)

    @property
    def of_a_cycle(self) -> bool:
        """Whether what is chosen belongs to the cycle."""
        return self.cycle is not None and self.form.kind.data in OF_A_CYCLE

    def instead_of(self, appointment_id: int | None) -> Appointment | None:
        """The cancelled or not seen appointment of this family that this one is to replace."""
        row = by_id(appointment_id) if appointment_id else None
        over = row is not None and row.status in FELL_THROUGH and not row.settled_at
        return row if row is not None and over and row.family_id == self.family.id else None

    def first_choice(self, args: Any) -> dict[str, Any]:
        """What is chosen before anybody chose: the cycle's next step, the usual length, person and
        place."""
        rules, family, cycle = store.current(), self.family, self.cycle
        lacks = cycle.lacks if cycle else ()
        kind = PAIR if len(lacks) == 2 else lacks[0] if lacks else "goals_visit"
        kind = args.get("kind") if args.get("kind") in KINDS_TO_BOOK else kind
        own = family.practitioner_id or (cycle.practitioner_id if cycle else None)
        team = {str(person.id) for person in self.team}
        who = next((w for w in (str(args.get("who", "")), str(own)) if w in team), ANYBODY)
        if self.again is not None:
            return self.same_again(self.again)
        return {
            "kind": kind,
            "minutes": default_minutes("video_session" if kind == PAIR else kind, rules),
            "review_minutes": rules.shared_review_minutes,
            "who": who,
            "where": self.usual_place(),
            "carer": self.usual_carer(),
            "cycle": str(cycle.id) if cycle else "",
            "start": args.get("start", ""),
        }

    def same_again(self, row: Appointment) -> dict[str, Any]:
        """The choices of the appointment that is to be booked again."""
        home = row.place_id is not None and row.place_id == self.family.home_id
        place = HOME if home else str(row.place_id or "")
        return {
            "kind": row.kind,
            "minutes": row.minutes // (2 if row.interpreter_id else 1),
            "review_minutes": store.current().shared_review_minutes,
            "who": str(row.staff_id),
            "where": place if row.how == "in_person" else row.how,
            "interpreter": str(row.interpreter_id or ""),
            "carer": str(row.carer_id or self.usual_carer()),
            "again": str(row.id),
        }

    def usual_carer(self) -> str:
        """The family's first carer; never a guess where two of them must not meet."""
        present = self.family.present_carers
        guess = len(present) > 1 and self.family.carers_keep_apart
        return str(present[0].id) if present and not guess else ""

    def usual_place(self) -> str:
        """The home, unless the family prefers elsewhere or nobody may visit it."""
        family = self.family
        elsewhere = family.where in ELSEWHERE
        preferred = family.preferred_place_id
        if preferred and any(place.id == preferred for place in self.places):
            return str(preferred)
        if family.home_id and not elsewhere and self.level != "no_home_visits":
            return HOME
        return ""

    def with_choices(self, form: BookingForm) -> BookingForm:
        people = [(str(person.id), person.name) for person in self.team]
        form.who.choices = [(ANYBODY, "Anybody of the team"), *people]
        form.second.choices = [
            ("", "Only if the home asks for it"),
            (ANYBODY, "Yes, anybody"),
            *people,
        ]
        language = self.family.interpreter or ""
        in_order = sorted(interpreters(), key=lambda one: not speaks(one, language))
        form.interpreter.choices = [
            ("", "None"),
            *((str(one.id), f"{one.name} ({', '.join(one.languages)})") for one in in_order),
        ]
        if language:
            form.interpreter.description = f"The family needs {language}. Doubles the time"
        people = [(str(c.id), c.name) for c in self.family.present_carers]
        ask = [("", "Choose whom it is with")] if people and not self.usual_carer() else []
        form.carer.choices = [*ask, *people]
        form.where.choices = [
            *([(HOME, "At home")] if self.family.home_id else []),
            *((str(place.id), place.name) for place in self.places),
            *((how, words) for how, words in HOWS.items() if how == "video"),
            ("phone", "By phone"),
        ]
        return form

    @property
    def place(self) -> Place | None:
        """The place chosen; None for the home, by phone or by video."""
        chosen = read_number(self.form.where.data)
        return next((place for place in self.places if place.id == chosen), None)

    def validate(self) -> bool:
        """Whether it can be searched for: the shape, the family's choice, and the home's level."""
        form = self.form
        if not form.validate():
            return False
        try:
            self.check()
        except DomainError as refused:
            put(form, refused)
            return False
        return True

    def check(self) -> None:
        kind = self.form.kind.data
        alone = "video_session" if kind == PAIR else str(kind)
        check_length(alone, self.form.minutes.data, interpreter=False)
        if kind == PAIR and self.form.review_minutes.data:
            self.check_review_length()
        check_choice(alone, self.family.id)
        if kind in OF_A_CYCLE and self.cycle is None:
            raise DomainError("There is no programme yet. Start it on the family’s page.", "kind")
        if self.form.where.data == HOME and self.level == "no_home_visits":
            raise DomainError("Nobody visits this home. Choose another place.", "where")

    def check_review_length(self) -> None:
        try:
            check_length("shared_review", self.form.review_minutes.data, interpreter=False)
        except DomainError as error:
            raise DomainError(error.message, "review_minutes") from None

    def wish(self) -> Wish:
        """What to search for, once the form is valid."""
        form = self.form
        where = str(form.where.data)
        how = where if where in HOWS else "in_person"
        second = form.second.data or None
        return Wish(
            family_id=self.family.id,
            kind=form.kind.data,
            minutes=form.minutes.data,
            review_minutes=form.review_minutes.data,
            staff_ids=() if form.who.data == ANYBODY else (int(form.who.data),),
            second=second if second in (None, ANYBODY) else int(second),
            how=how,
            place_id=self.family.home_id if where == HOME else read_number(where),
            interpreter_id=read_number(form.interpreter.data),
            carer_id=read_number(form.carer.data),
            weeks=self.weeks,
            relax=self.relax,
            not_before=self.review_from(),
        )

    @property
    def weeks(self) -> int:
        typed = read_number(self.form.weeks.data) or 4
        return min(max(typed, 1), store.current().horizon_weeks)

    @property
    def relax(self) -> frozenset[str]:
        return frozenset(str(self.form.relax.data or "").split(".")) & SOFT

    def review_from(self) -> datetime | None:
        """The first day on which the review of a cycle whose video is booked may be."""
        cycle = self.cycle
        if self.form.kind.data != "shared_review" or cycle is None or not cycle.video_ends_at:
            return None
        video = clock.london(cycle.video_ends_at).date()
        least = store.current().review_least_working_days
        first = working_days_after(video, least) if least else video + timedelta(days=1)
        return instant(first, 0)

    def query(self, **changes: Any) -> dict[str, str]:
        """The form as an address carries it; a change of None leaves a thing out."""
        fields = ("kind", "minutes", "review_minutes", "who", "where", "second", "interpreter",
                  "carer", "cycle", "weeks", "relax", "start", "again")  # fmt: skip
        carried = {name: getattr(self.form, name).data for name in fields}
        carried["again"] = str(self.again.id) if self.again else ""
        carried["cycle"] = str(self.cycle.id) if self.cycle else ""
        return {name: str(v) for name, v in {**carried, **changes}.items() if v not in (None, "")}

    def with_change(self, code: str) -> dict[str, str]:
        """The address after one of the changes that would open more times ('place:7', 'who:any',
        'second:any', 'weeks:7', or a soft rule's code)."""
        name, _, value = code.partition(":")
        if not value:
            return self.query(relax=".".join(sorted(self.relax | {code})))
        return self.query(**{"where" if name == "place" else name: value})

    def level_words(self) -> str:
        """What the home's level means, for the page."""
        level = self.level or "not_assessed"
        return f"{LEVELS[level]}: {LEVEL_MEANS[level]}"
