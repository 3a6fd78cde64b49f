"""Planning a programme's dates as a browser does: what the tests of its pages share."""

import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db
from app.scheduling.models import Appointment
from tests.programmes.pages import words_of

DATES = "/families/F1042/programme/dates"


def value(starts_at: datetime, staff: Staff) -> str:
    return f"{starts_at.astimezone(UTC):%Y%m%dT%H%M}-{staff.id}-0"


def hidden(page: str) -> dict[str, str]:
    """The hidden values of the page's forms."""
    found = re.findall(r'<input[^>]* type="hidden"[^>]*>', page) + re.findall(
        r'<input type="hidden"[^>]*>', page
    )
    pairs = (
        (re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in found
    )
    return {n[1]: unescape(v[1]) for n, v in pairs if n and v}


def ticked(page: str) -> list[str]:
    return re.findall(r'name="use" type="checkbox" value="(\d+)" checked', page)


def check_address(page: str) -> str:
    return f"{DATES}/check?" + urlencode({**hidden(page), "use": ticked(page)}, doseq=True)


def all_dates() -> list[Appointment]:
    return list(db.session.scalars(select(Appointment).order_by(Appointment.starts_at)))


def planned(client: FlaskClient, address: str = DATES) -> str:
    """Everything proposed is booked; the page of the last look."""
    page = words_of(client.get(address))
    check = check_address(page)
    answer = client.get(check)
    assert answer.status_code == 200, words_of(answer)
    done = client.post(check, data=hidden(words_of(answer)))
    assert done.status_code == 302, words_of(done)
    return words_of(answer)
