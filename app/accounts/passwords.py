"""Passwords: which may be chosen, how they are hashed, and how many are hashed at once.

A hash takes about 0.1 seconds and 46 MiB, so a process makes one at a time, two may wait, and more
are told to come again (reference/security.md 2.9: pages stay quick in a flood of sign-ins).
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import DomainError

LEAST, MOST = 12, 1000  # characters
WAITING = 2
HASHER = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)
# The hash of a random word that nobody kept: what is tried where there is no account, so that the
# answer takes as long as for one.
NOBODY = (
    "$argon2id$v=19$m=47104,t=2,p=1$zVmNYb7lFsc0wtlRW0aHRQ"
    "$SUkMufMpI0n9+pUvBlGL9v85LeJv1swHB5MfR3XfH/M"
)
RUNS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm",
)  # fmt: skip
LOOKS_LIKE = str.maketrans("013457@$!|", "oieastasil")


class Busy(Exception):
    """Too many passwords are being checked in this process: come again in a few seconds."""


_places = threading.BoundedSemaphore(1 + WAITING)
_one = threading.Lock()


@contextmanager
def turn() -> Iterator[None]:
    """A place among those that hash: one at work, two waiting; raises Busy where all are taken."""
    if not _places.acquire(blocking=False):
        raise Busy
    try:
        with _one:
            yield
    finally:
        _places.release()


def hashed(password: str) -> str:
    """The Argon2id hash of a password (0.1 s: never inside a write transaction). Raises Busy."""
    with turn():
        return HASHER.hash(_bytes(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password; None (no account) takes as long and never is. Raises Busy."""
    with turn():
        try:
            return HASHER.verify(stored or NOBODY, _bytes(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def _bytes(password: str) -> bytes:
    # NFC: keyboards differ in how they make an é. Nothing is trimmed or cut.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def check_choice(password: str, *, personal: tuple[str, ...] = ()) -> None:
    """Refuse a password that is short, common, a run of keys, or made of `personal` words.

    Rules after NIST SP 800-63B 3.1.1: length and a list of common words, no rule about kinds of
    characters. Raises DomainError beside the field 'password'.
    """
    if len(password) < LEAST:
        raise DomainError(f"Use {LEAST} characters or more. Three words work well.", "password")
    if len(password) > MOST:
        raise DomainError(f"Use {MOST} characters or fewer.", "password")
    if is_run(password):
        raise DomainError("This is a run of keys that is tried first. Use words.", "password")
    if is_common(password):
        raise DomainError(
            "This is one of the passwords that are tried first. Use three words that do not belong "
            "together.",
            "password",
        )
    plain = letters(password)
    for word in personal:
        if len(letters(word)) >= 4 and letters(word) in plain:
            raise DomainError(
                "Leave out your name, your e-mail address and the name of this service.", "password"
            )


def letters(text: str) -> str:
    """Lower-case letters alone, with the usual swaps undone: 'P@ssw0rd!' is 'passwordi'."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(LOOKS_LIKE)
    return re.sub("[^a-z]", "", plain)


def is_run(password: str) -> bool:
    """Fewer than five different characters, or nearly all of them neighbours on the keyboard."""
    plain = password.casefold()
    if len(set(plain)) < 5:
        return True
    rows = [*RUNS, *(run[::-1] for run in RUNS)]
    pairs = [plain[n : n + 2] for n in range(len(plain) - 1)]
    neighbours = sum(any(pair in row for row in rows) for pair in pairs)
    return neighbours >= 0.8 * len(pairs)


def is_common(password: str) -> bool:
    """Whether it is a listed word or phrase, one repeated, or two together, whatever the digits."""
    inner = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", password)
    forms = {letters(password), letters(inner), letters(re.sub(r"[\d\W_]", "", password))}
    return any(form and _made_of(form, 2) for form in forms)


def _made_of(text: str, most: int) -> bool:
    """Whether `text` is at most `most` listed words, a repetition counting as one."""
    words = common_words()
    for end in range(min(len(text), longest_word()), 2, -1):
        word = text[:end]
        if word not in words:
            continue
        rest = text[end:]
        while rest.startswith(word):
            rest = rest[len(word) :]
        if not rest or (most > 1 and _made_of(rest, most - 1)):
            return True
    return False


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """The list in `common_passwords.txt`, as letters alone."""
    path = Path(__file__).with_name("common_passwords.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(
        letters(word) for line in lines if not line.startswith("#") for word in line.split(",")
    ) - {""}


@lru_cache(maxsize=1)
def longest_word() -> int:
    return max(len(word) for word in common_words())
