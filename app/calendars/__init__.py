"""iCalendar objects, built and read, and the mails that carry them; knows no table.

Everything comes in as values, the UID, SEQUENCE and DTSTAMP too, so that the same rows make the
same bytes: a feed's ETag then matches, and a mail sent twice is one event. Times are written in
London wall time with one fixed VTIMEZONE, which Outlook and ical.js both read right
(reference/messaging.md section 3.5); `add_missing_timezones()` is never used.

What must be true of a calendar before it leaves is asked of its bytes (`checks.py`), whoever wrote
them. Answers come back by mail: `mailbox.py` reads without touching, `answers.py` tells an answer
from whatever else comes.

Somebody else's calendar is read for its busy times alone, and trusted with nothing: which address
may be fetched is pure (`addresses.py`), `fetch.py` connects to that very address, and both fetching
and working out what repeats (`busy.py`) happen in a child process with limits (`child.py`, started
by `reading.py`), which has neither our keys nor our database.
"""
