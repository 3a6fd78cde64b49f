"""The states of an outbox row, and from which to which it may go: the one table of it.

Pure. Every write of a state goes by this table: a row in hand through `check` (the model calls it),
an update of rows that are not in hand through `before`, as its condition (compare and set).

    ready ⇄ held                     a person holds it back
    ready → sending                  a worker's lease
    sending → ready                  it certainly did not leave us
    sending → unknown                it may have: the lease ran out, or the answer was unclear
    unknown → ready                  the provider's list has no such text, after a quarantine
    unknown → gave_up                nobody can say, for a day
    undelivered, failed → ready      once, where it certainly did not arrive (second_try.py)
    … → accepted → sent → delivered | undelivered | failed      what the provider says
    ready, held → cancelled | suppressed | expired               not sent, each with its reason
"""

READY, HELD, SENDING, UNKNOWN = "ready", "held", "sending", "unknown"
ACCEPTED, SENT, DELIVERED = "accepted", "sent", "delivered"
UNDELIVERED, FAILED, GAVE_UP = "undelivered", "failed", "gave_up"
# Not wanted any more (moved, cancelled, ended, stopped by a person); may not be sent (not safe,
# stop, no number, quarantine, no wording); too late to be of use.
CANCELLED, SUPPRESSED, EXPIRED = "cancelled", "suppressed", "expired"

WAITING = (READY, HELD)
NOT_SENT = (CANCELLED, SUPPRESSED, EXPIRED)
# States of a row that left us for certain, and those that may have; `unknown` waits to be settled.
GONE = (ACCEPTED, SENT, DELIVERED)
HANDED_OVER = (SENDING, UNKNOWN, *GONE)
# States of a row whose person did not get it, as far as anybody knows.
NOT_REACHED = (*NOT_SENT, FAILED, UNDELIVERED, GAVE_UP)
# Nothing better is known than that we do not have it in hand: the provider's word on an earlier
# attempt overrules these.
UNSURE = (*WAITING, UNKNOWN, GAVE_UP, *NOT_SENT)

SAID = frozenset({ACCEPTED, SENT, DELIVERED, UNDELIVERED, FAILED})  # what a provider may say
NEXT: dict[str, frozenset[str]] = {
    READY: SAID | {SENDING, HELD, CANCELLED, SUPPRESSED, EXPIRED},
    HELD: SAID | {READY, CANCELLED, SUPPRESSED, EXPIRED},
    SENDING: SAID | {READY, UNKNOWN},
    UNKNOWN: SAID | {READY, GAVE_UP},
    ACCEPTED: SAID - {ACCEPTED},
    SENT: frozenset({DELIVERED, UNDELIVERED, FAILED}),
    # A receipt may come late: delivered overrules.
    UNDELIVERED: frozenset({DELIVERED, READY}),
    FAILED: frozenset({DELIVERED, READY}),
    DELIVERED: frozenset(),
    GAVE_UP: SAID,
    # A reminder that another was to speak for goes after all where that one does not.
    CANCELLED: SAID | {READY},
    SUPPRESSED: SAID,
    EXPIRED: SAID,
}
STATES = tuple(NEXT)

STATE_WORDS = {
    READY: "Waiting",
    HELD: "Held back",
    SENDING: "Sending",
    UNKNOWN: "Not known yet",
    ACCEPTED: "Sent",
    SENT: "Sent",
    DELIVERED: "Delivered",
    UNDELIVERED: "Failed",
    FAILED: "Failed",
    CANCELLED: "Not sent",
    SUPPRESSED: "Not sent",
    EXPIRED: "Not sent",
    GAVE_UP: "Not known",
}
NOT_SENT_WORDS = {
    CANCELLED: "Not sent: not wanted any more",
    SUPPRESSED: "Not sent: not allowed",
    EXPIRED: "Not sent: too late",
}


class NoSuchMove(ValueError):
    """A row was about to leave the table: a fault of ours."""


def may_go(state: str, to: str) -> bool:
    return to in NEXT[state]


def check(state: str, to: str) -> None:
    """Raise NoSuchMove where a row in `state` may not become `to`; staying is no move."""
    if state != to and not may_go(state, to):
        raise NoSuchMove(f"{state} does not become {to}")


def before(to: str) -> tuple[str, ...]:
    """The states from which a row may become `to`: the condition of an update."""
    return tuple(state for state in STATES if may_go(state, to))
