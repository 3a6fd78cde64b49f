"""The families of the sample service: who they are, where they live, how they may be reached.

Names are those of the tests and the README. Phones are Ofcom's numbers for drama, mail is at
example.org.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from app.families.particulars import CarerParticulars, ChildParticulars, FamilyParticulars
from app.windows import read_windows


@dataclass(frozen=True)
class Household:
    """One family. `children` are (first name, months old now). `wording` says what a text may say;
    only *full* carries links.
    """

    reference: str
    first_name: str
    surname: str
    mobile: str
    address: str
    postcode: str
    children: tuple[tuple[str, int], ...]
    carer_type: str = "birth"
    gender: str = "woman"
    safe_to_text: str = "yes"
    wording: str = "full"
    safe_times: str = ""
    free_times: str = ""
    ways: tuple[str, ...] = ("phone", "video")
    circumstances: tuple[str, ...] = ()
    may_be_told: tuple[str, ...] = ()
    email: str | None = None
    by_email: bool = False  # told of appointments by e-mail
    contact_note: str | None = None
    language: str = "English"
    interpreter: str | None = None
    not_outcodes: tuple[str, ...] = ()

    def carer(self, on: date) -> CarerParticulars:
        """The first carer, asked about texting on the day they came."""
        return {
            "first_name": self.first_name,
            "surname": self.surname,
            "carer_type": self.carer_type,
            "gender": self.gender,
            "mobile": self.mobile,
            "phone_owner": "own",
            "safe_to_text": self.safe_to_text,
            "wording": self.wording,
            "link_ok": self.wording == "full" and self.safe_to_text == "yes",
            "voicemail": "neutral" if self.wording == "full" else "none",
            "safe_times": read_windows(self.safe_times) if self.safe_times else None,
            "email": self.email,
            "safe_to_email": "yes" if self.by_email else "not_asked",
            "prefers": "email" if self.by_email else "text",
            "wants_invitations": self.email is not None,
            "contact_note": self.contact_note,
            "checked_on": on,
            "checked_by": "Jago Penrose",
        }

    def born(self, today: date) -> list[ChildParticulars]:
        return [
            {"first_name": name, "born_on": today - relativedelta(months=months, days=9)}
            for name, months in self.children
        ]

    def wishes(self) -> FamilyParticulars:
        return {
            "where": "home",
            "language": self.language,
            "interpreter": self.interpreter,
            "ways_to_talk": list(self.ways),
            "circumstances": list(self.circumstances),
            "may_be_told": list(self.may_be_told),
            "not_outcodes": list(self.not_outcodes),
            "free_times": read_windows(self.free_times) if self.free_times else None,
        }

    def answers(self, today: date) -> dict[str, Any]:
        """The same as a referrer's answers on the public form."""
        return {
            "first_name": self.first_name,
            "surname": self.surname,
            "carer_type": self.carer_type,
            "mobile": self.mobile,
            "phone_owner": "own",
            "safe_to_text": self.safe_to_text,
            "wording": self.wording,
            "safe_times": read_windows(self.safe_times) if self.safe_times else None,
            "address": self.address,
            "postcode": self.postcode,
            "where": "home",
            "language": self.language,
            "children": [
                {"first_name": child["first_name"], "day": child["born_on"]}
                for child in self.born(today)
            ],
            "choice_explained": "yes",
            "goals_discussed": "yes",
            "willing": "yes",
        }


H = Household
EVENINGS = "Mon-Fri 9:00-20:00"

CHLOE = H("F1002", "Chloe", "Uren", "07700 900447", "3 Quay Row, Par", "PL25 5XT",
          (("Maisie", 74),), carer_type="adoptive")  # fmt: skip
LORNA = H("F1008", "Lorna", "Pengelly", "07700 900301", "Trelawney, Fore Street, Liskeard",
          "PL14 4AB", (("Jago", 50),))  # fmt: skip
WAYNE = H("F1012", "Wayne", "Nance", "07700 900302", "12 Tregenna Road, Camborne", "TR14 7QA",
          (("Lowen", 31),), gender="man")  # fmt: skip
JENNA = H("F1016", "Jenna", "Bray", "07700 900303", "Flat 2, 8 Trevenson Street, Camborne",
          "TR14 8JD", (("Mabel", 27),), wording="neutral")  # fmt: skip
AMIR = H("F1019", "Amir", "Rahmani", "07700 900304", "41 Poltair Road, St Austell", "PL25 4LR",
         (("Dara", 20),), gender="man")  # fmt: skip
WES = H("F1022", "Wes", "Trewin", "07700 900305", "Hillside, East Looe", "PL13 1HA",
        (("Ellie", 40),), gender="man")  # fmt: skip
LEANNE = H("F1024", "Leanne", "Opie", "07700 900306", "5 Harbour Terrace, Newlyn", "TR18 5HL",
           (("Kai", 63),))  # fmt: skip
BECKY = H("F1029", "Becky", "Tonkin", "07700 900307", "27 Trevithick Crescent, Hayle", "TR27 4NA",
          (("Noah", 33),), wording="strict", safe_times="Mon-Fri 9:30-14:30",
          contact_note="Her partner sees the phone in the evenings.")  # fmt: skip
JODIE = H("F1031", "Jodie", "Hosking", "07700 900287", "16 Kings Hill, Bude", "EX23 8ZD",
          (("Tegan", 24),), wording="strict")  # fmt: skip
BETH = H("F1033", "Beth", "Silva", "07700 900309", "9 Trelowen Drive, Falmouth", "TR11 4QE",
         (("Alfie", 56), ("Ivy", 22)))  # fmt: skip
SAM = H("F1036", "Sam", "Lowe", "07700 900310", "2 Priory Road, Bodmin", "PL31 2AE",
        (("Rowan", 16),))  # fmt: skip
MEL = H("F1038", "Mel", "Curnow", "07700 900311", "18 Moresk Close, Truro", "TR1 1DL",
        (("Isla", 19),), carer_type="kinship", free_times=EVENINGS,
        circumstances=("SEND", "autism"), may_be_told=("SEND",))  # fmt: skip
STEPH = H("F1040", "Steph", "Hart", "07700 900312", "Cliff View, West Looe", "PL13 2BU",
          (("Finn", 29),))  # fmt: skip
KIT = H("F1041", "Kit", "Vivian", "07700 900313", "7 Chapel Row, St Agnes", "TR5 0QZ",
        (("Bea", 44),))  # fmt: skip
HANNAH = H("F1042", "Hannah", "Rowe", "07700 900142", "22 Clinton Road, Redruth", "TR15 2PG",
           (("Leo", 18),), wording="strict", safe_times="Mon-Thu 9:30-14:30",
           free_times="Mon-Thu 9:30-14:30")  # fmt: skip
TASH = H("F1044", "Tash", "Rogers", "07700 900315", "31 Malabar Road, Truro", "TR1 3QH",
         (("Poppy", 26), ("Jude", 8)), email="tash.rogers@example.org", by_email=True)  # fmt: skip
DEAN = H("F1046", "Dean", "Angove", "07700 900316", "4 Bonython Close, Helston", "TR13 8PP",
         (("Max", 38),), gender="man", carer_type="step", free_times=EVENINGS,
         circumstances=("ADHD", "separation"), may_be_told=("ADHD",))  # fmt: skip
PRIYA = H("F1047", "Priya", "Dunstan", "07700 900317", "10 Agar Road, Truro", "TR1 1JU",
          (("Asha", 28),), carer_type="adoptive", free_times="Mon Tue Thu 18:00-20:00",
          circumstances=("adoption", "anxiety"), may_be_told=("adoption",),
          not_outcodes=("TR13",))  # fmt: skip
ADE = H("F1050", "Ade", "Okafor", "07700 900318", "63 Alexandra Road, St Austell", "PL25 4QN",
        (("Tobi", 13),), email="ade.okafor@example.org")  # fmt: skip
KYLE = H("F1051", "Kyle", "Jewell", "07700 900319", "1 Rhind Street, Bodmin", "PL31 2EL",
         (("Riley", 35),), gender="man", wording="neutral")  # fmt: skip
NADIA = H("F1053", "Nadia", "Warne", "07700 900320", "8 Fairfield, Saltash", "PL12 6BX",
          (("Eva", 17),))  # fmt: skip
ZOFIA = H("F1055", "Zofia", "Wright", "07700 900321", "15 Berryfields, Newquay", "TR7 2DD",
          (("Antek", 30),), safe_to_text="no", language="Polish", interpreter="Polish",
          contact_note="Ring between 10 and 14:30 only.")  # fmt: skip
RUTH = H("F1058", "Ruth", "Andrews", "07700 900322", "Rosevale, Wadebridge", "PL27 7DA",
         (("Sid", 52),), free_times=EVENINGS, circumstances=("anxiety", "school refusal"),
         may_be_told=("anxiety",))  # fmt: skip
KAREN = H("F1060", "Karen", "Bassett", "07700 900323", "6 Penwerris Terrace, Penryn", "TR10 8LA",
          (("Ben", 47),), free_times=EVENINGS, circumstances=("SEND", "school refusal"),
          may_be_told=("SEND", "school refusal"))  # fmt: skip
CHRIS = H("F1061", "Chris", "Ellis", "07700 900324", "Moor Cottage, Callington", "PL17 7LP",
          (("Zac", 23),), gender="man")  # fmt: skip
