"""The files between the dry run and the import: they travel with the page, and the server keeps
none of them.

The page carries them as one signed value, made for one member of staff and good for an hour, so
that what is imported is what was checked. The signature is looked at before anything is unpacked.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from datetime import timedelta

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner

from app.errors import DomainError

GOOD_FOR = timedelta(hours=1)
SALT = "spreadsheets.carried"
ENDED = "This check has ended: an hour has passed. Choose the files again."
CHANGED = "These are not the files that were checked. Choose them again."
Files = Sequence[tuple[str, bytes]]


def pack(files: Files, *, key: str, staff_id: int) -> str:
    """The files as one signed value for a hidden field."""
    plain = json.dumps([[name, content.decode("latin-1")] for name, content in files])
    packed = base64.urlsafe_b64encode(zlib.compress(plain.encode("utf-8")))
    return signer(key, staff_id).sign(packed).decode("ascii")


def unpack(carried: str, *, key: str, staff_id: int) -> list[tuple[str, bytes]]:
    """The files that were packed for this member of staff; raises DomainError for any others."""
    try:
        packed = signer(key, staff_id).unsign(
            carried.encode("ascii", "replace"), max_age=int(GOOD_FOR.total_seconds())
        )
    except SignatureExpired:
        raise DomainError(ENDED) from None
    except BadSignature:
        raise DomainError(CHANGED) from None
    try:
        plain = json.loads(zlib.decompress(base64.urlsafe_b64decode(packed)))
    except (binascii.Error, zlib.error, ValueError):
        raise DomainError(CHANGED) from None
    return [(name, content.encode("latin-1")) for name, content in plain]


def signer(key: str, staff_id: int) -> TimestampSigner:
    return TimestampSigner(key, salt=f"{SALT}:{staff_id}", key_derivation="hmac")
