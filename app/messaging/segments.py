"""How long a text is: its alphabet, its units, the parts it is sent and paid for in.

Pure. The numbers are those of GSM 03.38 and 03.40: 160 septets or 70 UTF-16 units in a single
text, 153 or 67 in each part of a longer one. Also makes typed text plain, so that a curly
quote does not double its price.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")  # an escape and a letter: two units, never in two parts
SINGLE = {"GSM-7": 160, "UCS-2": 70}
PART = {"GSM-7": 153, "UCS-2": 67}  # the parts' header takes 48 bits

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "•": "-",
        **dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000", " "),
        **{chr(code): " " for code in range(0x2000, 0x200B)},
        **dict.fromkeys("\u2028\u2029\u0085\v\f", "\n"),
        # zero-width space, word joiner, byte order mark, soft hyphen, Mongolian vowel separator
        **dict.fromkeys("\u200b\u2060\ufeff\u00ad\u180e"),
    }
)
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Joiners are spelling in Persian and Hindi and hold an emoji family together, so they stay
# between two characters beyond Latin; anywhere else they came with something copied.
_LOOSE_JOINERS = re.compile(
    "(?<![\u0300-\U0010ffff])[\u200c\u200d]|[\u200c\u200d](?![\u0300-\U0010ffff])"
)


@dataclass(frozen=True)
class Size:
    """A text's length: `units` in its `encoding`, `segments` sent, units `left` in the last."""

    encoding: str
    units: int
    segments: int
    left: int


def measure(text: str) -> Size:
    """Count as networks do: parts filled greedily, and no character is split between two.

    A single letter outside GSM-7 puts the whole text into UCS-2. No text is no segment.
    """
    encoding = "GSM-7" if all(c in BASIC or c in EXTENDED for c in text) else "UCS-2"
    costs = list(_costs(text, encoding))
    units = sum(costs)
    if units <= SINGLE[encoding]:
        return Size(encoding, units, min(units, 1), SINGLE[encoding] - units)
    parts, used = 1, 0
    for cost in costs:
        if used + cost > PART[encoding]:
            parts, used = parts + 1, 0
        used += cost
    return Size(encoding, units, parts, PART[encoding] - used)


def _costs(text: str, encoding: str) -> Iterator[int]:
    if encoding == "GSM-7":
        yield from (2 if c in EXTENDED else 1 for c in text)
    else:
        yield from (2 if ord(c) > 0xFFFF else 1 for c in text)


def tidy(text: str) -> str:
    """The same words in plain punctuation: quotes, dashes, dots, odd spaces and invisible signs.

    Letters are kept, whatever they cost; a letter and its loose accent become one letter.
    """
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    plain = _LOOSE_JOINERS.sub("", plain.translate(_PLAIN))
    if not any(unicodedata.bidirectional(c) in ("R", "AL") for c in plain):
        plain = _DIRECTIONS.sub("", plain)
    return plain.strip()


def costly(text: str) -> list[str]:
    """The letters and signs for which a text goes in UCS-2, each once, in their order."""
    return [c for c in dict.fromkeys(text) if c not in BASIC and c not in EXTENDED]


def sign_name(sign: str) -> str:
    """What a letter or sign is called: 'latin small letter l with stroke', 'tabulation'."""
    names = {"\n": "line end", "\r": "line end", "\t": "tab", "\u00a0": "space that does not break"}
    return names.get(sign) or unicodedata.name(sign, f"U+{ord(sign):04X}").lower()
