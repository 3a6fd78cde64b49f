"""What Twilio's error codes mean for a text and for the people around it.

Pure. Codes and meanings are those of reference/messaging.md section 1.3. Twilio says that codes
may change, so an unknown one falls to a general meaning and never stops the worker.

`again`: the text certainly did not reach the phone, so it may go once more. The reference tries
30008 again as well; that is "unknown", so the first may have arrived, and a person rings instead.
"""

from dataclasses import dataclass
from typing import Literal

# number: the number is wrong for texts; opted_out: Twilio holds a STOP of this phone; us: our own
# credentials or sender; filtered: a network refused the words; phone: off or out of reach.
Kind = Literal["number", "opted_out", "us", "filtered", "phone", "other"]


@dataclass(frozen=True)
class Failure:
    kind: Kind
    words: str
    again: bool = False


UNKNOWN = Failure("other", "the network did not take it and gave no reason that we know")

FAILURES: dict[str, Failure] = {
    "20003": Failure("us", "Twilio does not accept our account name or token"),
    "20005": Failure("us", "Twilio says that our account is not active"),
    "20404": Failure("us", "Twilio does not know our account or sender"),
    "21212": Failure("us", "Twilio does not accept our sender"),
    "21603": Failure("us", "no sender is set"),
    "21606": Failure("us", "Twilio does not accept our sender"),
    "21608": Failure("us", "our Twilio account is still a trial account"),
    "21703": Failure("us", "our Messaging Service has no sender"),
    "21705": Failure("us", "our Messaging Service is not valid"),
    "30002": Failure("us", "Twilio has suspended our account"),
    "21211": Failure("number", "this is not a phone number"),
    "21408": Failure("number", "texts to this part of the world are switched off"),
    "21612": Failure("number", "no network can be found for this number"),
    "21614": Failure("number", "this number is not a mobile"),
    "21635": Failure("number", "this number is a landline"),
    "30004": Failure("number", "the phone or its network blocks texts from us"),
    "30005": Failure("number", "nobody has this number"),
    "30006": Failure("number", "this number is a landline, or its network takes no texts"),
    "21610": Failure("opted_out", "Twilio stopped texts to this phone: somebody sent it STOP"),
    "21617": Failure("other", "the text is longer than 1,600 characters"),
    "30003": Failure("phone", "the phone was off or out of reach", again=True),
    "30007": Failure("filtered", "a network took it for spam"),
    "30036": Failure("phone", "the phone was off for so long that the text was no longer useful"),
    "30001": Failure("other", "too many texts waited at Twilio", again=True),
    "30008": UNKNOWN,
    "30500": Failure("other", "Twilio had a fault of its own", again=True),
}


def failure(code: str | int | None) -> Failure:
    """The meaning of an error code; an unknown one means a general failure."""
    return FAILURES.get(str(code), UNKNOWN)
