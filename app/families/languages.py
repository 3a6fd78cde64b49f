"""Which language a family's texts are in, and whether English does: from what their record says."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.messaging.languages import code_of

ENGLISH = "English"
# Nobody writes these: people who sign read English, and a call instead of a text would not help.
SIGNED = ("bsl", "british sign", "sign language", "makaton")


@dataclass(frozen=True)
class Spoken:
    """What is spoken at home, what else, and for which language an interpreter comes."""

    language: str
    others: Sequence[str] = ()
    interpreter: str | None = None

    @property
    def texts_in(self) -> str:
        """The interpreter's language where texts can be in it, or English is all that is said of
        the home; else the one spoken at home.
        """
        interpreted = self._interpreted
        if interpreted and (code_of(interpreted) or self.language.strip() == ENGLISH):
            return interpreted
        return self.language

    @property
    def reads_english(self) -> bool:
        """Whether a text in English does. Not known is no: somebody asks."""
        if self._interpreted is not None:
            return False
        return any(
            is_signed(each) or each.strip() == ENGLISH for each in (self.language, *self.others)
        )

    @property
    def _interpreted(self) -> str | None:
        needed = self.interpreter
        return None if not needed or is_signed(needed) else needed


def is_signed(language: str) -> bool:
    return language.strip().casefold().startswith(SIGNED)
