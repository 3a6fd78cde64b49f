"""The cast: the same invented people in the tests, the sample service and the README.

Morwenna manages, Jago coordinates, Tamsin and Kerensa visit. Hannah Rowe's family is Tamsin's;
Jodie Hosking's is Kerensa's, and Tamsin must never see it. Chloe and Yusuf are peer parents.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.accounts.models import Staff
from app.db import db
from app.families.models import Carer, Child, Family
from app.peers.models import Peer
from app.places.models import Place, Room
from app.risk.models import Assessment, Duty
from app.windows import Windows, read_windows

# A Monday in winter, 10:00 in London; tests that need "now" use this instant.
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
WEEK = read_windows("Mon-Fri 9:00-17:00")


@dataclass
class Cast:
    morwenna: Staff
    jago: Staff
    tamsin: Staff
    kerensa: Staff
    hannah: Family
    jodie: Family
    chloe: Peer
    yusuf: Peer
    hub: Place

    @classmethod
    def made(cls) -> "Cast":
        morwenna = staff("Morwenna Trevithick", "manager", "07700900998", "TR7 1HP")
        jago = staff("Jago Penrose", "coordinator", "07700900583", "TR26 1AU")
        tamsin = staff("Tamsin Nance", "practitioner", "07700900517", "TR11 3FA", visits=True)
        kerensa = staff("Kerensa Tregenza", "practitioner", "07700900243", "PL14 3ZJ", visits=True)
        hub = Place(
            kind="venue", name="Truro Family Hub", postcode="TR1 3AY", created_at=NOW,
            hours=read_windows("Mon-Thu 09:00-17:00; Fri 09:00-13:00"), phone="+441632960173",
        )  # fmt: skip
        db.session.add_all([morwenna, jago, tamsin, kerensa, hub])
        db.session.flush()
        db.session.add_all([Room(place_id=hub.id, name=f"Room {n}") for n in (1, 2)])
        db.session.add(
            Duty(
                manager_id=morwenna.id,
                buddy_id=jago.id,
                starts_at=datetime(2026, 9, 1, 7, 30, tzinfo=UTC),
                ends_at=datetime(2027, 12, 31, 18, 0, tzinfo=UTC),
            )
        )
        hannah, jodie = families(
            ("F1042", "Hannah", "Rowe", "+447700900142", "TR15 2PG", tamsin),
            ("F1031", "Jodie", "Hosking", "+447700900287", "EX23 8ZD", kerensa),
        )
        chloe = peer("Chloe", "Uren", "+447700900447", "PL25 5XT", carer_type="adoptive")
        yusuf = peer("Yusuf", "Bolitho", "+447700900017", "TR7 2FW", carer_type="adoptive")
        db.session.add_all([chloe, yusuf])
        db.session.commit()
        return cls(morwenna, jago, tamsin, kerensa, hannah, jodie, chloe, yusuf, hub)


def staff(name: str, role: str, mobile: str, postcode: str, *, visits: bool = False) -> Staff:
    return Staff(
        name=name,
        email=f"{name.lower().replace(' ', '.')}@example.org",
        mobile="+44" + mobile[1:],
        role=role,
        base_postcode=postcode,
        languages=["English"],
        hours=WEEK,
        takes_visits=visits,
        created_at=NOW,
    )


def family(
    reference: str, first_name: str, surname: str, mobile: str, postcode: str, practitioner: Staff
) -> Family:
    """A family with one carer who may be texted in full wording, one child, and a standard home."""
    (made,) = families((reference, first_name, surname, mobile, postcode, practitioner))
    db.session.flush()
    return made


def families(*given: tuple[str, str, str, str, str, Staff]) -> list[Family]:
    """Such families, whose rows are written together: most tests begin with them."""
    made = [
        Family(
            reference=reference,
            came_on=date(2026, 9, 1),
            practitioner_id=practitioner.id,
            where="home",
            ways_to_talk=["phone", "video"],
            created_at=NOW,
        )
        for reference, *_, practitioner in given
    ]
    db.session.add_all(made)
    db.session.flush()
    homes = [
        Place(
            kind="home", name="Home", address="1 Example Street", postcode=postcode,
            family_id=one.id, created_at=NOW,
        )
        for one, (*_, postcode, _) in zip(made, given, strict=True)
    ]  # fmt: skip
    db.session.add_all(homes)
    db.session.flush()
    for one, home, (_, first_name, surname, mobile, *_) in zip(made, homes, given, strict=True):
        one.home_id = home.id
        db.session.add_all(
            [
                Carer(
                    family_id=one.id, first_name=first_name, surname=surname, mobile=mobile,
                    carer_type="birth", phone_owner="own", safe_to_text="yes", wording="full",
                    link_ok=True, checked_on=date(2026, 11, 2), checked_by="Jago Penrose",
                ),
                Child(family_id=one.id, first_name="Leo", born_on=date(2025, 5, 12)),
                Assessment(
                    place_id=home.id, level="standard", looked_on=date(2026, 10, 1),
                    look_again_on=date(2027, 4, 1), created_at=NOW,
                ),
            ]
        )  # fmt: skip
    return made


def peer(first_name: str, surname: str, mobile: str, postcode: str, *, carer_type: str) -> Peer:
    return Peer(
        first_name=first_name,
        surname=surname,
        mobile=mobile,
        postcode=postcode,
        carer_type=carer_type,
        safe_to_text="yes",
        circumstances=["adoption"],
        may_be_told=["adoption"],
        ways_to_talk=["phone", "video"],
        child_age_then=24,
        free_times=Windows(read_windows("Mon-Fri 9:00-20:00").windows),
        monthly_limit=2,
        vig_cycles=4,
        vig_completed_on=date(2026, 2, 1),
        trained_on=date(2026, 5, 1),
        checks_until=date(2028, 5, 1),
        created_at=NOW,
    )
