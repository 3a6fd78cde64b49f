"""Files of the team in a few lines: rows of every kind with what a clerk would usually write."""

import csv
import io

from app.spreadsheets.columns import COLUMNS

USUAL = {
    "places": {"Place": "Truro Family Hub", "Postcode": "TR1 3AY", "Rooms": "2",
               "Opening hours": "Mon-Fri 9:00-17:00"},
    "practitioners": {"Name": "Tamsin Nance", "Email": "tamsin.nance@example.org",
                      "Mobile": "07700 900517", "Role": "practitioner",
                      "VIG level": "accredited", "Base postcode": "TR1 3AY",
                      **dict.fromkeys(("Mon", "Tue", "Wed", "Thu", "Fri"), "9-5")},
    "families": {"Ref": "F1000", "Received": "2/11/2026", "Referrer": "Demelza Angove",
                 "Referrer role": "Health visitor", "Referrer email": "ref@example.org",
                 "Carer first name": "Leanne", "Carer surname": "Tonkin",
                 "Relationship": "Mum", "Mobile": "07700 900140", "Whose phone": "own",
                 "Safe to text": "Y", "Postcode": "TR1 2AB", "Children": "Kai 4",
                 "Language": "English", "Goals discussed": "Y",
                 "Family's own choice explained": "Y", "Where": "home",
                 "Lone working": "standard", "Ways to talk": "phone", "Stage": "chosen",
                 "Practitioner": "Tamsin Nance"},
    "peer_parents": {"First name": "Chloe", "Surname": "Uren", "Mobile": "07700 900447",
                     "Postcode": "PL25 5XT", "Carer type": "adoptive parent",
                     "Ways to talk": "phone", "Status": "active"},
    "bookings": {"Ref": "F1000", "Date": "8/12/2026", "Time": "11:00", "Minutes": "60",
                 "What": "initial visit", "Who": "Tamsin Nance", "Where": "Truro Family Hub",
                 "Status": "booked"},
}  # fmt: skip


def sheet(kind: str, *rows: dict[str, str]) -> tuple[str, bytes]:
    """A file of a kind: each row is the usual one with what the test says otherwise."""
    out = io.StringIO(newline="")
    columns = [name for name, _ in COLUMNS[kind]]
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows({**USUAL[kind], **row} for row in rows)
    return f"{kind}.csv", out.getvalue().encode()


def service(*bookings: dict[str, str], family: dict[str, str] | None = None):
    """A place, a practitioner, a family (said yes, a standard home) and these bookings."""
    return [
        sheet("places", {}),
        sheet("practitioners", {}),
        sheet("families", family or {}),
        sheet("bookings", *bookings),
    ]
