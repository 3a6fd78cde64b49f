"""What a reminder would say in each wording, for whoever asks a carer which one is safe."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from app import clock
from app.families.models import WORDINGS
from app.messaging.own_texts import book
from app.messaging.wordings import Facts, body
from app.settings.rules import Rules


def wording_examples(rules: Rules, at: datetime) -> Mapping[str, str]:
    """Wording -> the words of a reminder for a visit at home next week at 10."""
    day = clock.london(at).date() + timedelta(days=7)
    facts = Facts.of(
        rules, when=clock.at_london(day, time(10)), worker="Tamsin", where="at your home"
    )
    return {wording: body("reminder", wording, facts, book=book()) for wording in WORDINGS}
