"""What a reply means, where that is certain; everything else is for a person.

Pure: words in, a meaning out; what follows from it belongs to the readers. Danger outranks
everything. A wrong number outranks a stop, because after a stop the family is rung, and a
stranger must not be. Errors lean one way on purpose: towards a person reading it and towards no
more texts, never towards a changed or cancelled appointment.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """What a reply asks for. UNCLEAR never causes an act, it waits for a person."""

    KEEP = "keep"
    CHANGE = "change"
    STOP = "stop"
    START = "start"
    WRONG_NUMBER = "wrong number"
    DANGER = "danger"
    IN = "in"
    OUT = "out"
    EXTEND = "extend"
    OK = "ok"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class StaffReply:
    """A reply of somebody on a visit; `minutes` is how much longer they stay, if they said."""

    meaning: Meaning
    minutes: int | None = None


def read_reply(body: str) -> Meaning:
    """What a family or a peer parent means; UNCLEAR unless the words leave no doubt.

    "1", "yes" and "ok" keep, with courtesies but with nothing more; "2", "change" and plain ways of
    "I cannot come" ask for a change; stop in any polite form stops. Whole messages that Twilio
    takes as a stop (CANCEL, END, QUIT) are one here too, since it has stopped the phone by then.
    Where the meaning is DANGER, ask `asks_to_stop` as well: it can be both.
    """
    words = _plain(body)
    if not words or _TAPBACK.match(body):
        return Meaning.UNCLEAR
    if _found(_DANGERS, words):
        return Meaning.DANGER
    if _found(_WRONG_NUMBERS, words):
        return Meaning.WRONG_NUMBER
    if asks_to_stop(body):
        return Meaning.STOP
    if twilio_word(body) == "START" and words != "yes":
        return Meaning.START
    return _answer(words, asked="?" in body)


def read_staff_reply(body: str) -> StaffReply:
    """What somebody on a visit means: IN, OUT, EXTEND ('+30', 'extend'), OK, or DANGER.

    Only whole messages count: "not out yet" and a bare "30" are UNCLEAR, for a wrong guess would
    put off an alarm. The duress word is compared before this is asked; the watch alone knows it.
    """
    words = _plain(body)
    if _found(_DANGERS, words) and not _TAPBACK.match(body):
        return StaffReply(Meaning.DANGER)
    if not words or "?" in body:
        return StaffReply(Meaning.UNCLEAR)
    if match := _LONGER.fullmatch(words):
        sure = "+" in body or re.search(r"extend|stay|another|more|longer", words)
        return StaffReply(Meaning.EXTEND, int(match[1])) if sure else StaffReply(Meaning.UNCLEAR)
    said = " ".join(word for word in words.split() if word not in _STAFF_COURTESIES)
    return StaffReply(_STAFF.get(said, Meaning.UNCLEAR))


def asks_to_stop(body: str) -> bool:
    """Whether a reply asks for no more texts, in any polite form; a bus stop is not one."""
    words = _plain(body)
    if not words or _TAPBACK.match(body):
        return False
    if twilio_word(body) == "STOP" or _STOP_FIRST.match(body):
        return True
    if re.search(r"\bwhy (?:dont|cant) (?:you|u)(?: \w+)? stop\b", words):
        return True
    words = _NOT_STOPPING.sub(" ", _OTHER_STOPS.sub(" ", words))
    bare = [word for word in words.split() if word not in _AROUND_STOP]
    if bare and all(re.fullmatch(_STOP, word) for word in bare):
        return True
    return _found(_STOPS, words)


def twilio_word(body: str) -> str | None:
    """'STOP', 'START' or 'HELP' where Twilio takes the whole message as its keyword, else None."""
    word = body.strip().lower()
    return next((name for name, words in _TWILIO.items() if word in words), None)


def _answer(words: str, *, asked: bool) -> Meaning:
    bare = {word for word in words.split() if word not in _COURTESIES}
    if bare and bare <= _KEEP and not asked:
        return Meaning.KEEP
    if bare and bare <= _CHANGE:
        return Meaning.CHANGE
    if not _NO_CHANGE.search(words) and _found(_CHANGES, words):
        return Meaning.CHANGE
    return Meaning.UNCLEAR


def _found(patterns: list[re.Pattern[str]], words: str) -> bool:
    return any(pattern.search(words) for pattern in patterns)


def _plain(body: str) -> str:
    """Lower-case words and digits with single spaces: no accents, apostrophes, signs or emoji."""
    text = unicodedata.normalize("NFKD", _PHONE_NUMBER.sub(" ", body)).lower()
    kept: list[str] = []
    for letter in text:
        if letter.isdecimal():
            kept.append(str(unicodedata.decimal(letter)))
        elif letter.isalpha():
            kept.append(letter)
        elif letter not in "'’‘`´" and not unicodedata.combining(letter):
            kept.append(" ")
    return " ".join(
        re.sub(r"(?<=\d)(?=[a-z])", " ", "".join(kept)).split()
    )  # "1x" is a 1 and a kiss


def _patterns(*patterns: str) -> list[re.Pattern[str]]:
    return [re.compile(pattern) for pattern in patterns]


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Whole messages that Twilio acts on itself, before we see them (reference/messaging.md 1.6).
_TWILIO = {
    "STOP": {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"},
    "START": {"start", "yes", "unstop"},
    "HELP": {"help", "info"},
}
# An iPhone sends a thumbs-up on our text as a new text that quotes ours, "Reply STOP" and all. The
# sign is at most so long: a reply of four thousand spaces takes no longer than another.
_TAPBACK = re.compile(
    r"\s*(?:liked|loved|laughed at|emphasi[sz]ed|questioned|disliked|reacted\b.*? to|\W{1,12} ?to)"
    r"\s*[\"“]",
    re.IGNORECASE,
)
_PHONE_NUMBER = re.compile(r"(?:\+44|\b0)[\d ]{8,}\d")  # it may hold 999

_COURTESIES = _words(
    "please pls plz thanks thank you thx thnx ta cheers x xx xxx hi hello hiya hey there sorry "
    "love and it is thats that now the many lots so much very again kind regards"
)
_KEEP = _words("1 one yes y yep yeah yea yeh yup ok okay okey k kk keep confirm confirmed")
_CHANGE = _words("2 two change reschedule rearrange rebook cancel")

_STOP = r"sto+p+|stopall|sotp|stpo|unsubscribe|optout"
_STOP_FIRST = re.compile(r"\s*(?:please |pls )?stop\s*[.!,;:\n]", re.IGNORECASE)
_AROUND_STOP = (
    _COURTESIES
    | _KEEP
    | _words("2 two no me can could would will you u ya just all this these i said")
)
_TEXT = r"(?:te?xt|txt|messag|messg|msg|contact|sms|whats ?app|notif|remind)\w*"
_TO_OTHERS = r"(?! (?:you|u|her|him|them|back)\b)"
# "stop" that is no plea: a place, a call on the way, somebody else's doing.
_OTHER_STOPS = re.compile(
    r"\b(?:bus|coach|tram|train|tube|pit|the|a|an|my|our|your|next|last|first) stops?\b"
    r"|\bstop(?:s|ping|ped)? (?:by|off|over|in|for|outside|near|round|at(?! once))\b"
)
_NOT_STOPPING = re.compile(
    r"\b(?:dont|do not|didnt|did not|never|wont|will not|cant|can not|cannot|couldnt|not|without)"
    r" (?:ever |have to |need to |want to |want you to )?stop\w*"
)
_STOPS = _patterns(
    rf"\b(?:stop|quit|cease)(?: (?!if|or|but)\w+){{0,3}} {_TEXT}",
    rf"\b{_TEXT}(?: \w+)? (?:to|must|should|need to|have to|please|pls) stop\b",
    r"\b(?:stop|quit) sending\b|^(?:please |pls )?stop (?:hes?|shes?|they|theyre|im|its)\b",
    rf"\bno more (?:of )?(?:these |your |the )?{_TEXT}|^(?:please |pls )?no {_TEXT}",
    rf"\b{_TEXT}.* make (?:it|them|this) stop\b|\b(?:told|asked) (?:you|u) to stop\b",
    rf"\binstead of {_TEXT}",
    r"(?:^|\b(?:please|pls|plz|just|and|but|so|no|do) )(?:do?nt|do not|never) (?:ever |keep )?"
    rf"(?:send(?:ing)? (?:me )?(?:any ?|more |these |your )*)?{_TEXT}{_TO_OTHERS}",
    rf"\b(?:please|pls|plz|can|could|would|will|prefer)(?: (?:you|u|to|if))* not "
    rf"(?:to |be )?(?:send (?:me )?)?{_TEXT}",
    r"\b(?:rather|prefer)(?: it)?(?: if)?(?: you| u)? (?:not|didnt|dont) "
    rf"(?:be |get |have )?{_TEXT}",
    r"\bi (?:dont|do not|no longer) (?:want|need|wish|like)"
    rf"(?: (?!if|but|ring|call|phone)\w+){{0,4}} {_TEXT}{_TO_OTHERS}",
    rf"\bno need (?:to|for)(?: \w+){{0,2}} {_TEXT}(?: \w+){{0,4}} (?:any ?more|again)\b",
    rf"\bnot safe to {_TEXT}",
    r"\bunsubscribe\b|\bopt(?: me)? out\b|\boptout\b",
    r"\b(?:take|get) (?:me|my (?:number|name)) off\b",
    r"\b(?:remove|delete) (?:me|my (?:number|name|details))\b",
    r"\bleave me alone\b|^go away$",
)

_WITH_WHOM = r"(?! (?:with|for|appointment|visit|coming|meeting|seeing|about|lady|man|woman)\b)"
_WRONG_NUMBERS = _patterns(
    r"\bwrong (?:number|num|person|phone|mobile)\b|\bwrong no$",
    rf"\bwho(?: is|s| r| are)? (?:this|dis|that)\b{_WITH_WHOM}",
    r"\bwho (?:are|r) (?:you|u)(?: people| guys| lot)?(?: and\b.*| please| pls| sorry)?$",
    r"\bwh(?:ose|os) number is this\b",
    r"\bdont know (?:who (?:you|u)(?: are| r)?$|who this is$|whose number|this number)",
    r"\b(?:no ?one|nobody) (?:here|at this number|on this number)(?: is)? (?:called|named)\b",
    r"\b(?:no ?one|nobody)(?: \w+){0,2} (?:by|of|with) (?:that|this) name\b",
    r"\b(?:called|named) \w+ (?:here|at this number|on this number)\b",
    r"\b(?:isnt|not|aint) (?:her|his|their|\w+s) (?:number|phone)\b",
)

_CHANGES = _patterns(
    r"\b(?:cant|cannot|can not|wont be able to|not able to|unable to)"
    r" (?:do|make|come|be there|attend|get there|keep)\b",
    r"\b(?:need|want|like|possible|can (?:we|i|you|u)|could (?:we|i|you|u)|please|pls) (?:to )?"
    r"(?:change|move|rearrange|reschedule|rebook|swap|cancel)\b"
    r"(?! (?:him|her|a|baby|nappy|nappies|clothes|my|over|house)\b)",
    r"\b(?:another|different|new|other|later|earlier) (?:time|day|date|slot)(?: please| pls|$)",
    r"^cancel (?:it|the|my|this|our|mon|tue|wed|thu|fri|sat)",
)
_NO_CHANGE = re.compile(
    r"\b(?:dont|do not|no need to|doesnt|wont|not|never) (?:need |want |have )?(?:to )?"
    r"(?:change|move|rearrange|reschedule|cancel)"
)

_DANGERS = _patterns(
    r"\b(?:he|she|they|ex|partner|husband|boyfriend|dad) ?(?:is|s|are|re|has|ve)? (?:outside"
    r"|here(?! (?:at|from|by|on|till|until) (?:\d|mon|tue|wed|thu|fri|sat|sun|noon))"
    r"|at the door|in the house|found (?:me|us)|coming (?:here|for me)|drunk|kicking off"
    r"|back(?! (?:at|from|on|to|in|by|work)\b)|going to (?:hit|hurt|kill))\b",
    r"\b(?:check|read|go|goe|look|see)(?:s|ing)? (?:through |at )?my (?:phone|texts|messages)\b",
    r"\bfound (?:me|us)\b|\bfollow(?:ing|s) (?:me|us)\b(?! up)|\bstalk(?:s|er|ed|ing)\b",
    r"\bscared\b|\bfrightened\b|\bterrif(?:ied|ying)\b|\bso afraid\b",
    r"\bafraid (?:of|for|he|she|they)\b",
    r"\b999\b|\bpolice\b|\bambulance\b|\bparamedics?\b|\bemergency\b",
    r"\bhurt(?:s|ing)?\b|\bbeat(?:s|en|ing)? (?:me|us|him|her|up)\b|\bbruis(?:e|es|ed|ing)\b",
    r"\b(?:hit|hits|hitting|punch\w*|kick(?:s|ed|ing)?|slap\w*|push(?:ed|es)|grab\w*|threw)"
    r" (?:me|us|him|her|them|my|the (?:baby|kids?|child\w*))\b(?! up)",
    r"\bstrangl\w+|\bchok(?:ed|ing)\b|\bstab(?:s|bed|bing)?\b|\bknife\b|\bgun\b|\bweapons?\b",
    r"\bthreat\w*|\battack\w*|\bassault\w*|\braped?\b|\babus(?:e|es|ed|er|ing|ive)\b|\bviolen\w+",
    r"\bkill\w*|\bsuicid\w*|\bself ?harm\w*|\bcut(?:ting)? myself\b|\boverdos\w+",
    r"\b(?:end|ending|take|taking) (?:it all|my life)\b",
    r"\b(?:want|wanna|going|better) (?:to |off )?(?:die|dead)\b",
    r"\bcant (?:go on(?: any ?more| like this|$)|do this any ?more|cope)\b",
    r"\bdont want to (?:be here|live|wake up)\b",
    r"\bhelp (?:me|us)\b(?! (?:with|to|choose|pick|find))|\b(?:need|send) help\b(?! with)",
    r"^(?:please )?help(?: please| pls| now)*$",
    r"\b(?:not|dont feel|never feel|isnt) safe\b|\bunsafe\b|\bdanger(?:ous)?\b",
    r"\blocked (?:me|us) (?:in|out)\b|\btrapped\b|\bhiding from\b",
    r"\bwont let (?:me|us) (?:out|go|leave)\b",
    r"\bbleeding\b|\bunconscious\b|\bnot breathing\b|\bcant breathe\b",
)

_LONGER = re.compile(
    r"(?:(?:extend|stay|need|another|by|i) )*(\d{1,2})"
    r"(?: ?(?:more|m|mins?|minutes?|longer|please|pls|thanks))*"
)
_STAFF_COURTESIES = _words("please pls thanks ta thx x sorry now im i am all just and")
_STAFF = {
    **dict.fromkeys(("in", "arrived", "here", "checked in", "check in", "in ok"), Meaning.IN),
    **dict.fromkeys(("out", "left", "have left", "ive left", "out ok"), Meaning.OUT),
    **dict.fromkeys(("checked out", "check out"), Meaning.OUT),
    **dict.fromkeys(("ok", "okay", "fine", "well", "safe", "good"), Meaning.OK),
    "extend": Meaning.EXTEND,
}
