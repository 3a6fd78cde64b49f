"""Families, carers, children and notes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Staff
from app.db import Json, Model, say
from app.families.names import folded, full
from app.places.models import Place
from app.times import age_words
from app.windows import Windows

CARER_TYPES = {
    "birth": "Birth parent",
    "adoptive": "Adoptive parent",
    "foster": "Foster carer",
    "kinship": "Kinship carer or grandparent",
    "step": "Step-parent",
}
PHONE_OWNERS = {
    "own": "their own",
    "shared": "shared",
    "partner": "a partner’s",
    "child": "a child’s",
    "landline": "a landline",
    "not_asked": "not asked",
}
SAFE = {"yes": "Yes", "no": "No", "not_asked": "Not asked"}
PREFERS = {"text": "By text", "email": "By e-mail"}
WORDINGS = {
    "full": "Full: who comes and where",
    "neutral": "Neutral: only the family office",
    "strict": "Strict: only that there is an appointment",
}
WAYS = {"phone": "phone", "video": "video call", "in_person": "in person", "text": "text"}
WHERE = {
    "home": "At home",
    "not_home": "Not at home",
    "venue": "At a family hub",
    "school": "At school",
    "not_asked": "Not asked",
}
GENDERS = {"woman": "a woman", "man": "a man"}
VOICEMAIL = {
    "none": "No message",
    "neutral": "Only “please ring” and a first name",
    "full": "Say who we are",
}
# What forms offer; other words may be stored, and match where both sides have them.
CIRCUMSTANCES = (
    "ADHD",
    "adoption",
    "anxiety",
    "autism",
    "bereavement",
    "domestic abuse (past)",
    "feeding difficulties",
    "foster placement",
    "learning disability",
    "postnatal depression",
    "premature baby",
    "school refusal",
    "SEND",
    "separation",
    "single parent",
    "twins",
    "young parent",
)


class Family(Model):
    """A family. It is called by its reference, and by its first carer's name where staff may see
    it.
    """

    __tablename__ = "family"
    __table_args__ = (
        Index("uq_family_reference", "reference", unique=True),
        Index("ix_family_practitioner_id", "practitioner_id"),
        Index("ix_family_home_id", "home_id"),
        Index("ix_family_ended_on", "ended_on"),
        Index("ix_family_merged_into_id", "merged_into_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12))
    came_on: Mapped[date]
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    where: Mapped[str] = mapped_column(String(12), default="not_asked")
    preferred_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    language: Mapped[str] = mapped_column(String(40), default="English")
    other_languages: Mapped[list[str]] = mapped_column(Json, default=list)
    interpreter: Mapped[str | None] = mapped_column(String(40))  # the language needed, or None
    circumstances: Mapped[list[str]] = mapped_column(Json, default=list)
    may_be_told: Mapped[list[str]] = mapped_column(Json, default=list)
    ways_to_talk: Mapped[list[str]] = mapped_column(Json, default=list)
    free_times: Mapped[Windows | None]
    gender_wish: Mapped[str | None] = mapped_column(String(10))
    not_outcodes: Mapped[list[str]] = mapped_column(Json, default=list)
    near_is_fine: Mapped[bool] = mapped_column(default=False)
    school: Mapped[str | None] = mapped_column(String(120))
    carers_keep_apart: Mapped[bool] = mapped_column(default=False)
    closed_to_matchers: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    ended_on: Mapped[date | None]
    import_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    carers: Mapped[list["Carer"]] = relationship(
        lazy="raise", order_by="Carer.position", foreign_keys="Carer.family_id"
    )
    children: Mapped[list["Child"]] = relationship(lazy="raise", order_by="Child.id")
    home: Mapped[Place | None] = relationship(lazy="raise", foreign_keys=[home_id])
    preferred_place: Mapped[Place | None] = relationship(
        lazy="raise", foreign_keys=[preferred_place_id]
    )
    practitioner: Mapped[Staff | None] = relationship(lazy="raise")

    @property
    def present_carers(self) -> list["Carer"]:
        """Those who have not left the family, first carer first."""
        return [carer for carer in self.carers if carer.left_on is None]

    @property
    def present_children(self) -> list["Child"]:
        return [child for child in self.children if child.left_on is None]

    @property
    def name(self) -> str:
        """The first carer's name, as staff call the family; the reference where there is none."""
        carers = self.present_carers or self.carers
        return carers[0].name if carers else self.reference


class Carer(Model):
    """A parent or carer, and how they may safely be reached. Position 1 is the first carer."""

    __tablename__ = "carer"
    __table_args__ = (
        CheckConstraint("safe_to_text IN ('yes', 'no', 'not_asked')", name="safe_to_text"),
        CheckConstraint("safe_to_email IN ('yes', 'no', 'not_asked')", name="safe_to_email"),
        CheckConstraint("prefers IN ('text', 'email')", name="prefers"),
        CheckConstraint("wording IN ('full', 'neutral', 'strict')", name="wording"),
        Index("ix_carer_family_id", "family_id", "position"),
        Index("ix_carer_mobile", "mobile"),
        Index("ix_carer_landline", "landline"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    position: Mapped[int] = mapped_column(default=1)
    first_name: Mapped[str] = mapped_column(String(80))
    surname: Mapped[str | None] = mapped_column(String(80))
    search_name: Mapped[str] = mapped_column(String(170), default=lambda at: search_name(at))
    carer_type: Mapped[str | None] = mapped_column(String(12))
    gender: Mapped[str | None] = mapped_column(String(10))
    mobile: Mapped[str | None] = mapped_column(String(20))
    landline: Mapped[str | None] = mapped_column(String(20))
    phone_owner: Mapped[str] = mapped_column(String(12), default="not_asked")
    safe_to_text: Mapped[str] = mapped_column(String(10), default="not_asked")
    wording: Mapped[str] = mapped_column(String(10), default="strict")
    link_ok: Mapped[bool] = mapped_column(default=False)
    safe_times: Mapped[Windows | None]
    voicemail: Mapped[str] = mapped_column(String(12), default="none")  # none | neutral | full
    email: Mapped[str | None] = mapped_column(String(255))
    safe_to_email: Mapped[str] = mapped_column(String(10), default="not_asked")
    prefers: Mapped[str] = mapped_column(String(6), default="text")  # where both are safe
    wants_invitations: Mapped[bool] = mapped_column(default=False)
    preferred_name: Mapped[str | None] = mapped_column(String(80))
    reads_texts: Mapped[bool] = mapped_column(default=True)
    contact_note: Mapped[str | None] = mapped_column(Text)
    shared_number_ok: Mapped[bool] = mapped_column(default=False)
    checked_on: Mapped[date | None]
    checked_by: Mapped[str | None] = mapped_column(String(120))
    left_on: Mapped[date | None]
    # The same person under another row, after two families turned out to be one.
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("carer.id"))
    version: Mapped[int] = mapped_column(default=1)

    family: Mapped[Family] = relationship(lazy="raise", foreign_keys=[family_id], viewonly=True)

    @property
    def name(self) -> str:
        return full(self.first_name, self.surname)


def search_name(row: Any) -> str:
    """What a search by name looks at, from the values of a row that is being inserted."""
    values = row.get_current_parameters()
    return folded(f"{values['first_name']} {values.get('surname') or ''}")


@event.listens_for(Carer, "before_update")
def keep_search_name(_mapper: Any, _connection: Any, carer: Carer) -> None:
    carer.search_name = folded(carer.name)


class Child(Model):
    """A child, born or expected. `born_on` may be worked out from an age, and then says so."""

    __tablename__ = "child"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    first_name: Mapped[str | None] = mapped_column(String(80))
    born_on: Mapped[date | None]
    born_about: Mapped[bool] = mapped_column(default=False)
    expected_on: Mapped[date | None]
    school: Mapped[str | None] = mapped_column(String(120))
    left_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    def age(self, today: date) -> str:
        """'18 months', 'about 3 years', 'due Feb 2027'."""
        about = "about " if self.born_on and self.born_about else ""
        return about + age_words(self.born_on or self.expected_on, today)


class FamilyNote(Model):
    """Something about a family that has no field of its own, and who wrote it."""

    __tablename__ = "family_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(120))


say("uq_family_reference", "Another family has this reference.", "reference")
