"""The five files that are accepted: their columns, and what may stand in each.

`COLUMNS` is what `flask import --help` prints and what `files` recognises a file by.
"""

PHONE = "a UK number however written, even without its leading 0; a landline is only rung"
DATE = "a date, day first: 15/10/26, 15.10.2026, 15 Oct 2026, Thu 15th October 2026, 2026-10-15"
MONTH = f"{DATE}; or a month, such as March 2025"
YES_NO = "Y, yes, N, no, unsure or empty"
LIST = "several with ; , or /"
HOURS = "working hours, such as 9-5, 9.00 - 13.00 or 9-12, 1-5; empty for a day off"
WEEKLY = (
    "times of a week, such as Mon-Fri 9:30-14:30, school hours, evenings after 7, "
    "Tue Thu evenings, not Weds, after 10, any day after school, weekends, any"
)
WAYS = f"phone, video, in person, text, any; {LIST}"
CARER_TYPE = "mum, dad, birth, adoptive, foster, kinship, grandparent, step-parent"
CIRCUMSTANCES = f"such as twins, SEND, postnatal depression; {LIST}"
POSTCODE = "a full UK postcode, with or without its space"
NOTES = "anything; kept as it is"

COLUMNS: dict[str, list[tuple[str, str]]] = {
    "families": [
        ("Ref", "the family's reference, such as F1000; empty: the next free one is given"),
        ("Received", DATE),
        ("Referrer", "a name"),
        ("Referrer role", "such as Health visitor"),
        ("Referrer email", "an e-mail address"),
        ("Carer first name", "a name"),
        ("Carer surname", "a name"),
        ("Relationship", CARER_TYPE),
        ("Mobile", PHONE),
        ("Whose phone", "own, shared, partner's, child's, landline or empty"),
        ("Safe to text", "only a clear Y or yes is yes; N, no, not safe is no; else not asked"),
        ("Safe times", WEEKLY),
        ("Postcode", POSTCODE),
        (
            "Children",
            "names and ages, such as Mia 4; Leo 2, Jack 18m, twins 11 months, due Feb 2027",
        ),
        ("Language", f"a language; {LIST}"),
        ("Interpreter", "Y, N, empty, or the language, such as BSL interpreter"),
        ("Circumstances", CIRCUMSTANCES),
        ("Goals discussed", YES_NO),
        ("Family's own choice explained", YES_NO),
        ("Where", "home, hub, school, not at home, or the name of a place"),
        (
            "Lone working",
            "a clear level: standard, raised, high, no home visits; two workers means high; "
            "all else is kept as a note and the home stands as not assessed",
        ),
        ("Ways to talk", WAYS),
        (
            "Stage",
            "enquiry, waiting to talk, thinking, chosen, not now (until March), no, cycles, "
            "cycle 2 of 3, ended; no yes is recorded where the choice was not explained",
        ),
        ("Practitioner", "the name of a practitioner in practitioners.csv"),
        ("Notes", NOTES),
    ],
    "peer_parents": [
        ("First name", "a name"),
        ("Surname", "a name"),
        ("Mobile", PHONE),
        ("Email", "an e-mail address"),
        ("Postcode", POSTCODE),
        ("Carer type", CARER_TYPE),
        ("Children's ages now", "ages, such as 18m, 2 and 5, 9 months, 6 weeks"),
        ("Child's age at VIG", "an age"),
        ("Experience", CIRCUMSTANCES),
        ("Language", f"a language; {LIST}"),
        ("Ways to talk", WAYS),
        (
            "Limits",
            "such as no texts after 6pm, not fostering, mums only, not Camborne; several with ;",
        ),
        ("Availability", WEEKLY),
        ("Max a month", "a whole number"),
        ("VIG cycles", "a whole number"),
        ("VIG completed", MONTH),
        ("Trained", MONTH),
        ("Checks renew by", MONTH),
        ("Status", "active, paused or left"),
        ("Notes", NOTES),
    ],
    "places": [
        ("Place", "its name"),
        ("Postcode", POSTCODE),
        ("Rooms", "how many, or their names; several with ;"),
        ("Opening hours", "such as Mon-Thu 09:00-17:00; Fri 09:00-13:00"),
        ("Step free", YES_NO),
        ("Mobile signal", "good, patchy, none or empty"),
        ("Phone", "a UK number"),
        ("Notes", NOTES),
    ],
    "practitioners": [
        ("Name", "first name and surname"),
        ("Email", "an e-mail address: it is how they sign in"),
        ("Mobile", PHONE),
        ("Role", "practitioner, coordinator or manager"),
        ("VIG level", "trainee 1, trainee 2, trainee 3, accredited, supervisor or empty"),
        ("Base postcode", POSTCODE),
        ("Mon", HOURS),
        ("Tue", HOURS),
        ("Wed", HOURS),
        ("Thu", HOURS),
        ("Fri", HOURS),
        ("Languages", f"a language; {LIST}"),
    ],
    "bookings": [
        ("Ref", "a family's reference"),
        ("Date", DATE),
        ("Time", "such as 10.00, 2:15pm, 1430, noon or half past 2; a bare 1 to 6 is after noon"),
        ("Minutes", "such as 45, 1h, 1hr 30; empty: the usual length"),
        (
            "What",
            "video session, shared review (SR), initial or goals visit, peer call, follow-up",
        ),
        ("Who", "the name of a practitioner"),
        ("Where", "home, school, teams, phone, or the name of a place"),
        (
            "Status",
            "booked, confirmed, provisional, done, cancelled, DNA, not brought, not seen or empty",
        ),
    ],
}
