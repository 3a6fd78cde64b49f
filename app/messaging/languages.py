"""The languages that texts can be in, and how each says a date and a time.

Pure. Names of days and months in the right case come from Babel (the Unicode consortium's tables);
whole words, for in Romanian "mar." is both Tuesday and March. London wall time, on the clock that
people of the language read: 24 hours, and 12 in Arabic. Digits are those that a reply is typed in.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date, format_time

from app import times

ENGLISH = "en"


@dataclass(frozen=True)
class Language:
    """A language as staff name it and as its readers do; `locale` and `date` are Babel's."""

    name: str
    own_name: str
    locale: str = ""
    date: str = "EEEE, d MMMM"
    right_to_left: bool = False

    @property
    def direction(self) -> str:
        return "rtl" if self.right_to_left else "ltr"


LANGUAGES = {
    ENGLISH: Language("English", "English"),
    "pl": Language("Polish", "polski", "pl"),
    "uk": Language("Ukrainian", "українська", "uk"),
    "lt": Language("Lithuanian", "lietuvių", "lt", "MMMM d 'd'., EEEE"),
    "pt": Language("Portuguese", "português", "pt_PT", "EEEE, d 'de' MMMM"),
    "ro": Language("Romanian", "română", "ro"),
    "ar": Language("Arabic", "العربية", "ar", "EEEE، d MMMM", right_to_left=True),
}


def code_of(name: str) -> str | None:
    """The code of a language as a record names it, 'polish' or 'Portuguese (Brazil)'; None for one
    that no text can be in.
    """
    first = re.match(r"\s*(\w+)", name)
    known = {language.name.casefold(): code for code, language in LANGUAGES.items()}
    return known.get(first[1].casefold()) if first else None


def direction(language: str | None) -> str:
    """For an element's `dir`: what is in no language that is known shows its own way."""
    return LANGUAGES[language].direction if language in LANGUAGES else "auto"


def date_in(language: str, at: datetime) -> str:
    """'wtorek, 3 marca'; in English 'Tue 3 Mar'."""
    if language == ENGLISH:
        return times.date_for_text(at)
    known = LANGUAGES[language]
    return format_date(times.wall(at).date(), known.date, locale=known.locale)


def time_in(language: str, at: datetime) -> str:
    """'14:15'; in English '2:15pm', in Arabic '2:15 م'."""
    if language == ENGLISH:
        return times.for_family_time(at)
    return format_time(times.wall(at).time(), "short", locale=LANGUAGES[language].locale)


def when_in(language: str, at: datetime) -> str:
    """Date and time: 'wtorek, 3 marca, 10:00'; in English 'Tue 3 Mar 10am'."""
    if language == ENGLISH:
        return times.for_text(at)
    comma = "،" if LANGUAGES[language].right_to_left else ","
    return f"{date_in(language, at)}{comma} {time_in(language, at)}"
