"""What an e-mail in place of a text says of an appointment. Pure: facts in, subject and text out.

It obeys the wording that the carer allows, as texts do: only *full* says who comes and where,
*strict* names nobody and has no link. In English; who reads another language is rung as well.
"""

from app import times
from app.messaging.wordings import FULL, STRICT, Facts, says_too_much


def mail_words(purpose: str, wording: str, facts: Facts) -> tuple[str, str]:
    """The subject and the text for a purpose ('booked', 'conversation_moved', 'reminder_two' …)."""
    assert facts.when is not None
    is_talk = purpose.startswith("conversation_") and wording == FULL
    thing, base = "talk" if is_talk else "appointment", purpose.removeprefix("conversation_")
    lines = [said(base, thing, wording, facts), how_to_change(base, facts)]
    text = "\n\n".join(["Hello,", *(line for line in lines if line), closing(wording, facts)])
    if wording not in (FULL, STRICT) and says_too_much(text):
        return mail_words(purpose, STRICT, facts)
    return subject(base, thing, facts), text


def subject(base: str, thing: str, facts: Facts) -> str:
    assert facts.when is not None
    day = times.for_family_date(facts.when)
    return {
        "booked": f"Your {thing} on {day}",
        "moved": f"Your {thing}: a change",
        "cancelled": f"Your {thing} on {day} is cancelled",
        "reminder_two": f"Reminder: your appointments on {day}",
    }.get(base, f"Reminder: your {thing} on {day}")


def said(base: str, thing: str, wording: str, facts: Facts) -> str:
    assert facts.when is not None
    when, with_whom, where = times.for_family(facts.when), "", ""
    if wording == FULL:
        person = facts.other if thing == "talk" else facts.worker
        with_whom = f" with {person}" if person else ""
        where = f", {facts.where}" if facts.where else ""
    if base == "cancelled":
        return f"Your {thing}{with_whom} on {when} is cancelled. You do not need to do anything."
    if base == "moved" and facts.was == facts.when:
        return f"Your {thing} on {when} stays. It is{with_whom or ' as we told you'}{where}."
    if base == "moved":
        was = f" It was on {times.for_family(facts.was)}." if facts.was else ""
        return f"Your {thing}{with_whom} has a new time. It is on {when}{where}.{was}"
    if base == "reminder_two":
        assert facts.also is not None
        first, second = times.for_family_time(facts.when), times.for_family_time(facts.also)
        day = times.for_family_date(facts.when)
        return f"You have 2 appointments{with_whom} on {day}, at {first} and {second}{where}."
    return f"Your {thing}{with_whom} is on {when}{where}."


def how_to_change(base: str, facts: Facts) -> str:
    if base == "cancelled":
        return ""
    if facts.link:
        return f"To keep this time, or to ask for another, open this page:\n{facts.link}"
    return "Ring us if you need another time."


def closing(wording: str, facts: Facts) -> str:
    """Whom to ring; strict wording names nobody."""
    nobody = "Nobody reads answers to this e-mail."
    if wording == STRICT:
        return nobody
    return f"{facts.neutral_name}\n{facts.service_phone}, {facts.service_hours}\n\n{nobody}"
