"""What a move is to change, as its page's address has it: who goes, where, and who interprets."""

from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from app import clock
from app.accounts import queries as accounts
from app.db import db
from app.families.queries import family_by_id
from app.forms import Form, select
from app.places.models import TRAVELLED_TO, Place
from app.places.queries import open_places
from app.scheduling.booking_form import HOME
from app.scheduling.hooks import first_moment
from app.scheduling.interpreters import interpreters
from app.scheduling.models import HOWS, Appointment
from app.scheduling.reasons import SOFT
from app.scheduling.search import ANYBODY, Wish
from app.settings import store
from app.typed import read_number


class MoveForm(Form):
    """What may be different, as the page's address carries it."""

    who = select("Who goes?", required="Choose who goes")
    where = select("Where?", required="Choose where it takes place")
    interpreter = select("Interpreter", required="Choose another interpreter")
    weeks = HiddenField()
    relax = HiddenField()
    start = HiddenField()

    class Meta:
        csrf = False


@dataclass
class MoveWanted:
    """One move as its address has it. Shares the names that the page of times asks for."""

    row: Appointment
    form: MoveForm
    places: list[Place]
    home_id: int | None

    @classmethod
    def of(cls, row: Appointment, args: Any) -> "MoveWanted":
        places = [place for place in open_places() if place.kind in TRAVELLED_TO]
        offered = interpreters() if row.interpreter_id else ()
        stays = any(one.id == row.interpreter_id for one in offered)
        first = {
            "who": str(row.staff_id), "where": where_now(row),
            "interpreter": str(row.interpreter_id) if stays else "",
        }  # fmt: skip
        typed = {name: args.get(name) or first[name] for name in first}
        hidden = {name: args.get(name, "")[:200] for name in ("weeks", "relax", "start")}
        form = MoveForm(formdata=MultiDict({**typed, **hidden}))
        people = [(str(person.id), person.name) for person in accounts.team()]
        now = [] if typed["who"] in dict(people) else [(str(row.staff_id), row.staff.name)]
        form.who.choices = [*now, *people, (ANYBODY, "Anybody of the team")]
        family = family_by_id(current_user, row.family_id)
        home_id = family.home_id if family and row.kind != "conversation" else None
        home = [(HOME, "At home")] if home_id else []
        there = [(str(place.id), place.name) for place in places]
        ways = [("phone", "By phone"), ("video", HOWS["video"])]
        if row.kind == "conversation":
            ways = [(how, words) for how, words in HOWS.items() if how != "in_person"]
        form.where.choices = [*home, *there, *ways]
        form.interpreter.choices = [
            *([] if stays else [("", "Choose another")]), *((str(i.id), i.name) for i in offered)
        ]  # fmt: skip
        if not row.interpreter_id:
            del form.interpreter
        return cls(row, form, places, home_id)

    def validate(self) -> bool:
        return bool(self.form.validate())

    @property
    def interpreter_id(self) -> int | None:
        """Who would interpret; None where nobody does."""
        return read_number(self.form.interpreter.data) if "interpreter" in self.form else None

    @property
    def place_id(self) -> int | None:
        where = str(self.form.where.data)
        return self.home_id or self.row.place_id if where == HOME else read_number(where)

    @property
    def place(self) -> Place | None:
        """The place that it would be at."""
        wanted = self.place_id
        if wanted is not None and wanted == self.row.place_id:
            return self.row.place
        return db.session.get(Place, wanted) if wanted else None

    @property
    def how(self) -> str:
        where = str(self.form.where.data)
        return where if where in HOWS else "in_person"

    def wish(self) -> Wish:
        """Times that keep the order of a programme, until some weeks after the present date."""
        row, who = self.row, self.form.who.data
        ahead = (clock.london(row.starts_at).date() - clock.today()).days // 7
        weeks = read_number(self.form.weeks.data) or 4 + max(ahead, 0)
        weeks = min(max(weeks, 1), store.current().horizon_weeks)
        return Wish(
            family_id=row.family_id,
            kind=row.kind,
            minutes=row.minutes // (2 if row.interpreter_id else 1),
            staff_ids=() if who == ANYBODY else (int(who),),
            second=row.second_id,
            how=self.how,
            place_id=self.place_id,
            interpreter_id=self.interpreter_id,
            peer_id=row.peer_id,
            carer_id=row.carer_id,
            weeks=weeks,
            relax=frozenset(str(self.form.relax.data or "").split(".")) & SOFT,
            ignoring=(row.id,),
            not_before=first_moment(row),
        )

    def query(self, **changes: Any) -> dict[str, str]:
        fields = ("who", "where", "interpreter", "weeks", "relax", "start")
        carried = {name: self.form[name].data for name in fields if name in self.form}
        return {name: str(v) for name, v in {**carried, **changes}.items() if v not in (None, "")}

    def with_change(self, code: str) -> dict[str, str]:
        name, _, value = code.partition(":")
        if not value:
            relax = self.wish().relax | {code}
            return self.query(relax=".".join(sorted(relax)))
        return self.query(**{"where" if name == "place" else name: value})


def where_now(row: Appointment) -> str:
    if row.how != "in_person":
        return row.how
    if row.place is not None and row.place.kind == "home":
        return HOME
    return str(row.place_id or "")
