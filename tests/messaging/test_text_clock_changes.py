"""Each reminder's exact local time around the clock changes and bank holidays of 2026 and 2027.

Every line was worked out by hand from a calendar: the clocks go back on 25 October 2026 and 31
October 2027, forward on 28 March 2027, which is Easter Sunday; Good Friday 2027 is 26 March, the
early May bank holiday 3 May, the spring one 31 May, the summer one 30 August, and 27 and 28
December stand in for Christmas Day and Boxing Day.
"""

from datetime import datetime

import holidays
import pytest

from app import clock
from app.messaging.schedule import texts_for
from app.settings.rules import Rules
from app.windows import read_windows

ENGLAND = holidays.country_holidays("GB", subdiv="ENG", years=range(2026, 2029))

# starts, booked, safe times -> when each text goes, in London and with the name of its time
CASES = [
    # 25 October 2026, a Sunday: the clocks go back at 02:00
    ("the Monday after the clocks go back", "2026-10-26 09:00", "2026-10-01 12:00", None,
     "booked Thu 1 Oct 12:00 BST, early Wed 21 Oct 10:00 BST, last Fri 23 Oct 10:00 BST"),
    ("five days before lies on the other side", "2026-10-29 10:00", "2026-10-01 12:00", None,
     "booked Thu 1 Oct 12:00 BST, early Sat 24 Oct 10:00 BST, last Wed 28 Oct 10:00 GMT"),
    ("five days before is the changed Sunday: Saturday", "2026-10-30 10:00", "2026-10-01 12:00",
     None, "booked Thu 1 Oct 12:00 BST, early Sat 24 Oct 10:00 BST, last Thu 29 Oct 10:00 GMT"),
    ("on the changed Sunday itself", "2026-10-25 10:00", "2026-10-01 12:00", None,
     "booked Thu 1 Oct 12:00 BST, early Tue 20 Oct 10:00 BST, last Fri 23 Oct 10:00 BST"),
    ("booked on Saturday night, told on Monday", "2026-10-30 09:00", "2026-10-24 22:00", None,
     "booked Mon 26 Oct 09:00 GMT, last Thu 29 Oct 10:00 GMT"),
    ("booked in the hour that comes twice", "2026-10-28 12:00", "2026-10-25 01:30", None,
     "booked Mon 26 Oct 09:00 GMT, last Tue 27 Oct 10:00 GMT"),
    ("booked too near for any text before it", "2026-10-26 09:00", "2026-10-24 22:00", None,
     "booked RING"),
    ("safe on Saturday mornings only", "2026-10-29 10:00", "2026-10-17 11:00", "Sat 10-12",
     "booked Sat 17 Oct 11:00 BST, last Sat 24 Oct 10:00 BST"),
    ("safe on Sundays only: no text ever", "2026-10-29 10:00", "2026-10-17 11:00", "Sun 8-20",
     "booked RING"),
    # 28 March 2027: the clocks go forward at 01:00, on Easter Sunday
    ("Tuesday after Easter: one reminder, on Thursday", "2027-03-30 10:00", "2027-03-08 12:00",
     None, "booked Mon 8 Mar 12:00 GMT, last Thu 25 Mar 10:00 GMT"),
    ("Wednesday after Easter: both sides of it", "2027-03-31 10:00", "2027-03-08 12:00", None,
     "booked Mon 8 Mar 12:00 GMT, early Thu 25 Mar 10:00 GMT, last Tue 30 Mar 10:00 BST"),
    ("Thursday after Easter: early on Easter Saturday", "2027-04-01 10:00", "2027-03-08 12:00",
     None, "booked Mon 8 Mar 12:00 GMT, early Sat 27 Mar 10:00 GMT, last Wed 31 Mar 10:00 BST"),
    ("Friday after Easter: Sunday becomes Saturday", "2027-04-02 10:00", "2027-03-08 12:00", None,
     "booked Mon 8 Mar 12:00 GMT, early Sat 27 Mar 10:00 GMT, last Thu 1 Apr 10:00 BST"),
    ("five days before is Easter Monday: Saturday", "2027-04-03 10:00", "2027-03-08 12:00", None,
     "booked Mon 8 Mar 12:00 GMT, early Sat 27 Mar 10:00 GMT, last Fri 2 Apr 10:00 BST"),
    ("on Easter Monday itself", "2027-03-29 10:00", "2027-03-08 12:00", None,
     "booked Mon 8 Mar 12:00 GMT, early Wed 24 Mar 10:00 GMT, last Thu 25 Mar 10:00 GMT"),
    ("booked on Easter Saturday in the evening", "2027-03-31 16:00", "2027-03-27 20:00", None,
     "booked Tue 30 Mar 09:00 BST"),
    ("booked on the evening before Good Friday", "2027-03-31 10:00", "2027-03-25 18:30", None,
     "booked Thu 25 Mar 18:30 GMT, last Tue 30 Mar 10:00 BST"),
    ("safe in the afternoon: the day before Good Friday", "2027-03-30 10:00", "2027-03-08 12:00",
     "Mon-Fri 13:00-15:00", "booked Mon 8 Mar 13:00 GMT, last Wed 24 Mar 14:45 GMT"),
    # 31 October 2027, a Sunday: the clocks go back
    ("the Monday after the clocks go back", "2027-11-01 10:00", "2027-10-04 12:00", None,
     "booked Mon 4 Oct 12:00 BST, early Wed 27 Oct 10:00 BST, last Fri 29 Oct 10:00 BST"),
    ("on the changed Sunday itself", "2027-10-31 10:00", "2027-10-04 12:00", None,
     "booked Mon 4 Oct 12:00 BST, early Tue 26 Oct 10:00 BST, last Fri 29 Oct 10:00 BST"),
    ("five days before is the changed Sunday: Saturday", "2027-11-05 10:00", "2027-10-04 12:00",
     None, "booked Mon 4 Oct 12:00 BST, early Sat 30 Oct 10:00 BST, last Thu 4 Nov 10:00 GMT"),
    ("booked on Saturday night before the change", "2027-11-03 12:00", "2027-10-30 20:00", None,
     "booked Mon 1 Nov 09:00 GMT, last Tue 2 Nov 10:00 GMT"),
    ("the same, for Monday at noon: one text", "2027-11-01 12:00", "2027-10-30 20:00", None,
     "booked Mon 1 Nov 09:00 GMT"),
    # bank holidays on Mondays, and the Mondays after them
    ("the day after the early May bank holiday", "2027-05-04 10:00", "2027-04-12 12:00", None,
     "booked Mon 12 Apr 12:00 BST, early Thu 29 Apr 10:00 BST, last Fri 30 Apr 10:00 BST"),
    ("five days before is that bank holiday: Saturday", "2027-05-08 10:00", "2027-04-12 12:00",
     None, "booked Mon 12 Apr 12:00 BST, early Sat 1 May 10:00 BST, last Fri 7 May 10:00 BST"),
    ("the Monday after it", "2027-05-10 10:00", "2027-04-12 12:00", None,
     "booked Mon 12 Apr 12:00 BST, early Wed 5 May 10:00 BST, last Fri 7 May 10:00 BST"),
    ("the Monday after Easter Monday", "2027-04-05 10:00", "2027-03-08 12:00", None,
     "booked Mon 8 Mar 12:00 GMT, early Wed 31 Mar 10:00 BST, last Fri 2 Apr 10:00 BST"),
    ("the Monday after the spring bank holiday", "2027-06-07 10:00", "2027-05-12 12:00", None,
     "booked Wed 12 May 12:00 BST, early Wed 2 Jun 10:00 BST, last Fri 4 Jun 10:00 BST"),
    ("the Tuesday after the summer one", "2027-08-31 10:00", "2027-08-02 12:00", None,
     "booked Mon 2 Aug 12:00 BST, early Thu 26 Aug 10:00 BST, last Fri 27 Aug 10:00 BST"),
    # Christmas 2027: Saturday and Sunday, with Monday and Tuesday off in their stead
    ("Wednesday after Christmas: one, on Christmas Eve", "2027-12-29 10:00", "2027-12-01 12:00",
     None, "booked Wed 1 Dec 12:00 GMT, last Fri 24 Dec 10:00 GMT"),
    ("five days before is Christmas Day: the day before", "2027-12-30 10:00", "2027-12-01 12:00",
     None, "booked Wed 1 Dec 12:00 GMT, early Fri 24 Dec 10:00 GMT, last Wed 29 Dec 10:00 GMT"),
    ("Tuesday after New Year", "2028-01-04 10:00", "2027-12-10 12:00", None,
     "booked Fri 10 Dec 12:00 GMT, early Thu 30 Dec 10:00 GMT, last Fri 31 Dec 10:00 GMT"),
]  # fmt: skip
NAMES = {"reminder_early": "early", "reminder": "last"}


def is_working_day(day):
    return day.weekday() < 5 and day not in ENGLAND


def at(text):
    there = datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007
    return clock.at_london(there.date(), there.time())


def shown(text):
    there = clock.london(text.due_at)
    when = "RING" if text.cannot else f"{there:%a} {there.day} {there:%b %H:%M %Z}"
    return f"{NAMES.get(text.purpose, text.purpose)} {when}"


@pytest.mark.parametrize(
    ("starts", "booked", "safe", "due"),
    [case[1:] for case in CASES],
    ids=[f"{starts[:10]} {name}" for name, starts, *_ in CASES],
)
def test_each_text_goes_at_its_exact_local_time(starts, booked, safe, due):
    texts = texts_for(
        at(starts),
        at(booked),
        kind="goals_visit",
        rules=Rules(),
        safe_times=safe and read_windows(safe),
        is_working_day=is_working_day,
    )

    assert ", ".join(shown(text) for text in texts) == due
