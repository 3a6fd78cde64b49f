"""What texts say: one small template for each purpose and wording, in `templates/sms`.

Pure but for reading those files once. A template is given only what its wording may say
(`MAY_SAY`), so a slip in one is an error in the tests and never a name on somebody's phone. The
wordings of a family or a peer parent: *full* (the worker's first name, where, a link), *neutral*
(a neutral name and the phone), *strict* (a date and what to reply). Texts to staff have one.
Twilio takes YES, START, CANCEL, END, QUIT and HELP for itself, so no text invites them.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import times
from app.messaging.segments import measure, tidy
from app.settings.rules import Rules

FULL, NEUTRAL, STRICT, STAFF = "full", "neutral", "strict", "staff"
FOLDER = Path(__file__).parents[2] / "templates" / "sms"

_DATES = {"when", "soon", "soon_day", "time", "also", "was", "same_time", "answer_by"}
MAY_SAY: dict[str, set[str]] = {
    STRICT: _DATES,
    NEUTRAL: _DATES | {"neutral", "phone", "hours"},
    FULL: _DATES | {"worker", "other", "where", "link", "service", "phone", "hours"},
    STAFF: {"worker", "staff_phone", "reference", "begins", "ends", "extend", "link", "phone"},
}
# What no neutral or strict text says, whatever a manager types into the settings.
_TOO_MUCH = re.compile(
    r"\b(vig|videos?|filmed|filming|council|social|child\w*|safeguarding|risk|parent\w*)\b", re.I
)


class NoWording(LookupError):
    """Nothing may be said for this purpose in this wording: a link in a strict text, say."""


@dataclass(frozen=True)
class Facts:
    """All that a text may know; no child, no surname, no address can be told to it.

    Instants are aware. `worker` and `other` are first names (the other side of a conversation, once
    both agreed); `where` is a phrase, 'at your home', 'at Truro Family Hub', 'by phone'; `also`
    starts a second appointment of the same day; `sent_on` is the London date of sending, so that a
    reminder can say "tomorrow". The last four go to staff only.
    """

    service_name: str
    service_phone: str
    service_hours: str
    neutral_name: str
    when: datetime | None = None
    also: datetime | None = None
    was: datetime | None = None
    answer_by: datetime | None = None
    sent_on: date | None = None
    worker: str | None = None
    other: str | None = None
    where: str | None = None
    link: str | None = None
    ends_at: datetime | None = None
    reference: str | None = None
    staff_phone: str | None = None
    extend_minutes: int | None = None

    @classmethod
    def of(cls, rules: Rules, **facts: Any) -> "Facts":
        """Facts with the service's own name, phone and hours from the settings."""
        return cls(
            service_name=rules.service_name,
            service_phone=rules.service_phone,
            service_hours=rules.service_hours,
            neutral_name=rules.neutral_name,
            **facts,
        )


def body(purpose: str, wording: str, facts: Facts, *, first: bool = False) -> str:
    """The text for a purpose in a wording; raises NoWording where nothing may be said.

    `first` puts before it who texts and how to stop: in the same text, since of two texts the
    second may come first. What the link's page shows anyway (where, then the old time) is left
    out where only that makes it fit one segment. Texts to staff ignore `wording` and `first`.
    """
    if (purpose, STAFF) in worded():
        return _fitted(purpose, STAFF, facts)
    if (purpose, wording) not in worded():
        raise NoWording(f"there is no {wording} text for {purpose}")
    text = _fitted(purpose, wording, facts)
    if first and purpose != "first_text":
        text = f"{_fitted('first_text', wording, facts)} {text}"
    if wording == NEUTRAL and says_too_much(text):
        return body(purpose, STRICT, facts, first=first)
    return text


@cache
def worded() -> frozenset[tuple[str, str]]:
    """Every purpose and wording that has a template."""
    names = (name.split(".") for name in _templates().list_templates() if name[0] != "_")
    return frozenset((purpose, wording) for purpose, wording, _ in names)


def says_too_much(text: str) -> list[str]:
    """The words in a text that would tell a stranger what it is about, for the settings' form."""
    return [match[0] for match in _TOO_MUCH.finditer(text)]


def _fitted(purpose: str, wording: str, facts: Facts) -> str:
    words = _words(facts)
    whole = text = _rendered(purpose, wording, words)
    for spare in ("where", "was") if facts.link else ("was",):
        size = measure(text)
        if size.segments <= 1 or size.encoding != "GSM-7":
            break
        words[spare] = None
        text = _rendered(purpose, wording, words)
    return text if measure(text).segments <= 1 else whole


def _rendered(purpose: str, wording: str, words: dict[str, Any]) -> str:
    allowed = {name: words[name] for name in MAY_SAY[wording]}
    template = _templates().get_template(f"{purpose}.{wording}.txt")
    return " ".join(tidy(template.render(allowed)).split())


def _words(facts: Facts) -> dict[str, Any]:
    when = facts.when
    soon_day = when and times.date_for_text(when, facts.sent_on)
    time = when and times.for_family_time(when)
    return {
        "when": when and times.for_text(when),
        "soon": when and f"{soon_day} {time}",
        "soon_day": soon_day,
        "time": time,
        "also": facts.also and times.for_family_time(facts.also),
        "was": facts.was and times.for_text(facts.was),
        "same_time": facts.was is not None and facts.was == when,
        "answer_by": facts.answer_by and times.for_text(facts.answer_by),
        "neutral": facts.neutral_name,
        "phone": facts.service_phone,
        "hours": facts.service_hours,
        "service": facts.service_name,
        "worker": facts.worker,
        "other": facts.other,
        "where": facts.where,
        "link": facts.link,
        "staff_phone": facts.staff_phone,
        "reference": facts.reference,
        "begins": when and times.staff_time(when),
        "ends": facts.ends_at and times.staff_time(facts.ends_at),
        "extend": facts.extend_minutes,
    }


def _said(value: Any) -> Any:
    if value is None:
        raise ValueError("a text needs something that its facts do not hold")
    return value


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        finalize=_said,
        autoescape=False,  # noqa: S701  plain text to a phone: an escaped apostrophe would be wrong
        auto_reload=False,
    )
