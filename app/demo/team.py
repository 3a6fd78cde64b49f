"""The team of the sample service: staff, hubs, interpreters and the duty rota, as managers set
them up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.invite import replace_password
from app.accounts.models import Staff
from app.accounts.staff import add_staff
from app.db import db
from app.demo.days import Days
from app.places.closures import add_closure
from app.places.drives import set_drive
from app.places.keep_places import add_place
from app.places.models import Place
from app.risk.rota import set_duty
from app.scheduling.absences.absence import add_absence
from app.scheduling.interpreters import add_interpreter
from app.scheduling.models import Interpreter
from app.windows import read_windows

PASSWORD = "three loud herons"  # noqa: S105  (of the sample service, printed for whoever tries it)
ADDED_BY = "sample service"
FULL_DAYS = "Mon-Fri 8:30-16:30"

# name, role, mobile, VIG level, base, hours, languages, takes visits
STAFF: tuple[tuple[str, str, str, str, str, str, tuple[str, ...], bool], ...] = (
    ("Morwenna Trevithick", "manager", "+447700900998", "trainee_3", "TR7 1HP",
     "Mon-Fri 9:00-17:00", ("English", "BSL"), False),
    ("Jago Penrose", "coordinator", "+447700900583", "trainee_3", "TR26 1AU",
     "Mon-Fri 9:00-17:30", ("English", "Polish"), False),
    ("Elowen Shevchenko", "coordinator", "+447700900037", "trainee_2", "TR1 2JW",
     "Mon-Fri 9:00-17:00", ("English", "Ukrainian"), False),
    ("Tamsin Nance", "practitioner", "+447700900517", "accredited", "TR11 3FA",
     FULL_DAYS, ("English", "Polish"), True),
    ("Kerensa Tregenza", "practitioner", "+447700900243", "accredited", "PL14 3ZJ",
     "Mon-Fri 8:30-17:00", ("English",), True),
    ("Piran Pascoe", "practitioner", "+447700900641", "supervisor", "PL25 4UZ",
     FULL_DAYS, ("English", "Polish"), True),
    ("Demelza Polglase", "practitioner", "+447700900393", "trainee_1", "PL17 7GB",
     "Mon-Fri 9:30-18:00", ("English",), True),
    ("Lowena Kowalska", "practitioner", "+447700900684", "accredited", "PL31 2PQ",
     "Mon-Fri 8:30-17:30", ("English", "BSL"), True),
    ("Denzel Nowak", "manager", "+447700900631", "supervisor", "TR13 8PL",
     "Mon-Fri 9:00-17:00", ("English",), False),
)  # fmt: skip

# name, postcode, rooms, hours, step-free, signal, phone, note
Hub = tuple[str, str, tuple[str, ...], str, bool | None, str | None, str, str | None]
HUBS: tuple[Hub, ...] = (
    ("Truro Family Hub", "TR1 3AY", ("Room 1", "Room 2"),
     "Mon-Thu 09:00-17:00; Fri 09:00-13:00", None, None, "01209 614173", None),
    ("Camborne Family Hub", "TR14 8NS", ("Room 1", "Room 2", "Room 3"),
     "Mon-Thu 09:00-17:00; Fri 09:00-13:00", True, "good", "01209 614176",
     "Ring bell; reception shuts 16:30"),
    ("St Austell Family Hub", "PL25 4AT", ("Room 1", "Room 2", "Room 3"),
     "Mon-Fri 9:00-17:00", True, None, "01209 614111", "Park at the back"),
    ("Bodmin Family Hub", "PL31 2JB", ("Room 1",),
     "Mon-Fri 9:00-17:00", False, "patchy", "01209 614121", "Ring bell; reception shuts 16:30"),
    ("Penzance Family Hub", "TR18 3QW", ("Rainbow room", "Quiet room"),
     "Mon-Fri 9:00-17:00", None, "patchy", "01209 614134", "Park at the back"),
    ("Newquay Family Hub", "TR7 1QT", ("Rainbow room", "Quiet room"),
     "Mon-Fri 8:30-18:00, Sat 10:00-13:00", None, None, "01209 614156", "No parking"),
    ("Liskeard Family Hub", "PL14 3DB", ("Room 1", "Room 2"),
     "Mon-Fri 9:00-17:00", True, None, "01209 614196", "No parking"),
    ("Bude Family Hub", "EX23 8BX", ("Room 1", "Room 2"),
     "Mon-Thu 09:00-17:00; Fri 09:00-13:00", True, "none", "01209 614151", None),
    ("Falmouth Family Hub", "TR11 2AB", ("Room 1", "Room 2"),
     "Mon-Fri 8:30-18:00, Sat 10:00-13:00", None, "none", "01209 614155", "Park at the back"),
)  # fmt: skip

INTERPRETERS: tuple[tuple[str, list[str], str, str, str | None], ...] = (
    ("Marek Rosevear", ["Polish"], "County Interpreting", "07700 900350", "Mon-Fri 9:00-18:00"),
    ("Oksana Curnow", ["Ukrainian", "Russian"], "County Interpreting", "07700 900351", None),
    ("Ross Vivian", ["BSL"], "Kernow Sign", "07700 900352", "Mon-Thu 9:00-17:00"),
)


@dataclass(frozen=True)
class Team:
    """Who works here and where, by first name, as the stories call them."""

    staff: dict[str, Staff]
    places: dict[str, Place]
    interpreters: dict[str, Interpreter]

    def __getitem__(self, first_name: str) -> Staff:
        return self.staff[first_name]


def make_team(days: Days, password_hash: str, *, at: datetime) -> Team:
    """Everybody with one password, the hubs with rooms, interpreters, duty and some leave."""
    staff = {row[0].split()[0]: join(row, password_hash, at=at) for row in STAFF}
    db.session.flush()
    manager = staff["Morwenna"]
    places = {
        name: add_place(
            kind="venue", name=name, postcode=postcode, rooms=rooms, hours=read_windows(hours),
            step_free=step_free, signal=signal, phone=phone, notes=notes, by=manager, at=at,
        )
        for name, postcode, rooms, hours, step_free, signal, phone, notes in HUBS
    }  # fmt: skip
    places["Video call"] = add_place(kind="online", name="Video call", by=manager, at=at)
    people = {
        name.split()[0]: add_interpreter(
            name, languages, agency=agency, phone=phone,
            free_times=read_windows(free) if free else None, by=manager, at=at,
        )
        for name, languages, agency, phone, free in INTERPRETERS
    }  # fmt: skip
    db.session.flush()
    return Team(staff, places, people)


def join(
    row: tuple[str, str, str, str, str, str, tuple[str, ...], bool],
    password_hash: str,
    *,
    at: datetime,
) -> Staff:
    name, role, mobile, level, base, hours, languages, takes_visits = row
    person = add_staff(
        name=name, email=f"{name.lower().replace(' ', '.')}@example.org", role=role,
        mobile=mobile, vig_level=level, base_postcode=base, hours=read_windows(hours),
        languages=list(languages), takes_visits=takes_visits,
        wants_invitations=takes_visits, demo=True, by=ADDED_BY, at=at,
    )  # fmt: skip
    db.session.flush()
    replace_password(person, password_hash, how="first", at=at)
    return person


def set_rota(team: Team, days: Days, *, at: datetime) -> None:
    """Who is on duty for three weeks ahead and this one, the managers by turns; and leave to
    come.
    """
    turns = [("Morwenna", "Elowen"), ("Denzel", "Jago")] * 2
    for week, (manager, buddy) in enumerate(turns):
        monday = days.today - timedelta(days=days.today.weekday()) + timedelta(weeks=week)
        set_duty(
            team[manager], team[buddy], monday, monday + timedelta(days=4), 8 * 60 + 30, 18 * 60,
            by=team["Morwenna"], at=at,
        )  # fmt: skip
    add_absence(
        team["Demelza"], "leave", days.at(11, "09:00"), days.at(15, "18:00"), by=team["Denzel"],
        at=at,
    )  # fmt: skip
    add_absence(
        team["Piran"], "training", days.at(6, "13:00"), days.at(6, "17:00"), by=team["Denzel"],
        at=at,
    )  # fmt: skip


def know_places(team: Team, days: Days, *, at: datetime) -> None:
    """A hub that is closed for a day to come, and a drive that somebody measured."""
    penzance, truro = team.places["Penzance Family Hub"], team.places["Truro Family Hub"]
    add_closure(
        penzance, None, days.at(9, "08:00"), days.at(9, "18:00"), "New heating", by=team["Jago"],
        at=at,
    )  # fmt: skip
    set_drive(truro, penzance, 55, both_ways=True, by=team["Jago"], at=at)
