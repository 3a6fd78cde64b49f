import pytest

from app.accounts.models import Staff
from app.accounts.staff import add_staff, change_staff, postcode, set_hours
from app.audit.record import history
from app.db import db
from app.errors import DomainError, Stale
from app.windows import read_windows
from tests.cast import NOW, Cast

NEW = {"name": " Elowen  Shevchenko ", "email": "Elowen@Example.org ", "role": "practitioner"}


def test_a_manager_adds_somebody_who_cannot_sign_in_yet(cast: Cast):
    staff = add_staff(by=cast.morwenna, at=NOW, **NEW, base_postcode="tr152pg")

    assert (staff.name, staff.email, staff.base_postcode) == (
        "Elowen Shevchenko", "elowen@example.org", "TR15 2PG",
    )  # fmt: skip
    assert staff.password_hash is None
    db.session.flush()
    assert [e.tag for e in history(staff)] == ["staff:added"]


@pytest.mark.parametrize("who", ["jago", "tamsin"])
def test_only_a_manager_or_a_job_adds_staff(cast: Cast, who: str):
    with pytest.raises(DomainError, match="Only a manager"):
        add_staff(by=getattr(cast, who), at=NOW, **NEW)
    assert add_staff(by="cli", at=NOW, **NEW).id


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "JAGO.PENROSE@example.org"}, "email"),
        ({"role": "boss"}, "role"),
        ({"vig_level": "guru"}, "vig_level"),
        ({"mobile": "+441632960173"}, "mobile"),
        ({"mobile": "+447700900583"}, "mobile"),
        ({"base_postcode": "Truro"}, "base_postcode"),
    ],
)
def test_refuses_particulars_that_do_not_fit_beside_their_field(cast: Cast, given, field: str):
    with pytest.raises(DomainError) as refused:
        add_staff(by=cast.morwenna, at=NOW, **{**NEW, **given})

    assert refused.value.field == field


def test_a_change_says_which_fields_changed_and_raises_the_version(cast: Cast):
    changed = change_staff(
        cast.tamsin, by=cast.morwenna, at=NOW, expect_version=1,
        name="Tamsin Nance", vig_level="accredited", gender="woman",
    )  # fmt: skip

    assert changed == ["vig_level", "gender"]
    assert cast.tamsin.version == 2
    db.session.flush()
    assert history(cast.tamsin)[0].detail == {"fields": ["gender", "vig_level"]}


def test_a_change_from_an_old_page_is_refused(cast: Cast):
    set_hours(cast.tamsin, read_windows("Mon 9-5"), by=cast.morwenna, at=NOW, expect_version=1)

    with pytest.raises(Stale):
        set_hours(cast.tamsin, None, by=cast.morwenna, at=NOW, expect_version=1)
    assert cast.tamsin.hours == read_windows("Mon 9-5")


def test_everybody_changes_their_own_phone_and_nobody_elses(cast: Cast):
    change_staff(cast.tamsin, by=cast.tamsin, at=NOW, expect_version=1, mobile="+447700900888")

    assert cast.tamsin.mobile == "+447700900888"
    with pytest.raises(DomainError, match="Only a manager"):
        change_staff(cast.kerensa, by=cast.tamsin, at=NOW, expect_version=1, mobile="+447700900777")


def test_nobody_makes_themselves_a_manager(cast: Cast):
    with pytest.raises(DomainError, match="Only a manager"):
        change_staff(cast.tamsin, by=cast.tamsin, at=NOW, expect_version=1, role="manager")


def test_the_last_manager_stays_one(cast: Cast):
    with pytest.raises(DomainError, match="last manager"):
        change_staff(cast.morwenna, by=cast.morwenna, at=NOW, expect_version=1, role="coordinator")

    change_staff(cast.jago, by=cast.morwenna, at=NOW, expect_version=1, role="manager")
    change_staff(cast.morwenna, by=cast.jago, at=NOW, expect_version=1, role="coordinator")
    assert db.session.get(Staff, cast.morwenna.id).role == "coordinator"


@pytest.mark.parametrize(
    ("typed", "stored"), [("tr1 3ay", "TR1 3AY"), ("PL14", "PL14"), ("ec1a1bb", "EC1A 1BB")]
)
def test_reads_postcodes(typed: str, stored: str):
    assert postcode(typed) == stored
