"""The rows of the five files as typed values: what the import's acts are given.

`row` is the number that a spreadsheet shows (the headings are row 1). `digest` is the same for the
same cells, whatever their spaces and wherever the row stands: what was imported once is known by
it. `notes` holds the row's own notes and, as sentences, every value that no field holds. None
means not known.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.phones import Phone
from app.spreadsheets.ages import Child
from app.spreadsheets.safety import Risk
from app.spreadsheets.words import CarerType, Stage, Where
from app.windows import Windows


@dataclass(frozen=True, kw_only=True)
class Row:
    """What every row has."""

    row: int
    digest: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FamilyRow(Row):
    """A family. `safe_to_text` is yes only where nothing at all speaks against it.

    `reference` is None where none was given, or another family of the file has it already: then
    `written_reference` still says what stood there, and `reference_shared` is true on both.
    `number_shared` families have a mobile that another family of the file has too.
    """

    reference: str | None
    written_reference: str
    reference_shared: bool = False
    received_on: date | None
    referrer_name: str | None
    referrer_role: str | None
    referrer_email: str | None
    first_name: str | None
    surname: str | None
    carer_type: CarerType | None
    phone: Phone | None
    number_shared: bool = False
    phone_owner: str
    safe_to_text: str
    safe_times: Windows | None
    postcode: str | None
    children: tuple[Child, ...]
    ages_as_at: date
    languages: tuple[str, ...]
    needs_interpreter: bool | None
    interpreter_language: str | None
    circumstances: tuple[str, ...]
    goals_discussed: bool | None
    choice_explained: bool | None
    where: Where | None
    risk: Risk
    ways_to_talk: tuple[str, ...]
    stage: Stage | None
    practitioner: str | None
    gender_wish: str | None


@dataclass(frozen=True, kw_only=True)
class PeerRow(Row):
    """A peer parent. `limits` are matching's codes, and words where a limit is not understood.

    `status` is paused where the file's word is not understood: nobody is offered on a guess.
    """

    first_name: str
    surname: str | None
    phone: Phone | None
    number_shared: bool = False
    email: str | None
    postcode: str | None
    carer_type: CarerType | None
    children_now: tuple[Child, ...]
    children_now_words: str
    children_then: tuple[Child, ...]
    circumstances: tuple[str, ...]
    languages: tuple[str, ...]
    ways_to_talk: tuple[str, ...]
    limits: tuple[str, ...]
    free_times: Windows | None
    monthly_limit: int | None
    vig_cycles: int | None
    vig_completed_on: date | None
    trained_on: date | None
    checks_until: date | None
    status: str


@dataclass(frozen=True, kw_only=True)
class PlaceRow(Row):
    """A place that people travel to, and its rooms by name."""

    name: str
    postcode: str | None
    rooms: tuple[str, ...]
    hours: Windows | None
    step_free: bool | None
    signal: str | None
    phone: Phone | None


@dataclass(frozen=True, kw_only=True)
class PractitionerRow(Row):
    """A member of the team. Without a role or an e-mail address nobody can be let in."""

    name: str
    email: str | None
    phone: Phone | None
    role: str | None
    vig_level: str | None
    base_postcode: str | None
    hours: Windows
    languages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BookingRow(Row):
    """A booking whose time exists. `kind` is an appointment kind, `starts_at` aware UTC.

    `minutes` is the usual length where the file gives none (`minutes_given` false). `status` None
    means that the file says none, or a word that is not understood. `doubts` are sentences about
    what could not be understood: reasons to look before it counts as booked.
    """

    reference: str
    starts_at: datetime
    minutes: int
    minutes_given: bool
    kind: str
    practitioner: str | None
    where: Where | None
    status: str | None
    doubts: tuple[str, ...] = ()

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)
