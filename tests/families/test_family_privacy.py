"""Who may open a family's pages: another's is a 404 for every address, method and way round."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db
from app.families.add_family import add_family
from app.families.merge import merge_families
from app.families.models import Carer, Child
from tests.cast import NOW, Cast

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
TYPED = {"mobile": "07700 900 142", "phone_owner": "own", "safe_to_text": "yes", "wording": "full"}


def of_families(app: Flask) -> list[tuple[str, str]]:
    """(method, address with F1042 and its people) of every page about one family."""
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith(("families.", "enquiries.")):
            continue
        if "reference" in rule.arguments and "refer/" not in rule.rule:
            address = rule.rule.replace("<reference>", "F1042")
            address = address.replace("<id:carer_id>", "1").replace("<id:child_id>", "1")
            found += [(m, address) for m in ("GET", "POST") if m in (rule.methods or ())]
    return found


def test_another_practitioners_family_is_a_404_everywhere(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    kerensa, addresses = sign_in(cast.kerensa), of_families(app)

    answers = {(m, a): kerensa.open(a, method=m, data=TYPED).status_code for m, a in addresses}

    assert len(addresses) > 15
    assert set(answers.values()) == {404}


def test_a_missing_family_looks_the_same(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)
    missing = [(m, a.replace("F1042", "F9999")) for m, a in of_families(app)]

    assert {tamsin.open(a, method=m).status_code for m, a in missing} == {404}


def test_people_of_another_family_are_not_reached_through_an_own_one(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    jodie = db.session.scalars(select(Carer).where(Carer.family_id == cast.jodie.id)).one()
    leo = db.session.scalars(select(Child).where(Child.family_id == cast.jodie.id)).one()
    tamsin = sign_in(cast.tamsin)

    for address in (f"contact/{jodie.id}", f"carers/{jodie.id}", f"children/{leo.id}"):
        assert tamsin.get(f"/families/F1042/{address}").status_code == 404
        assert tamsin.post(f"/families/F1042/{address}", data=TYPED).status_code == 404


def test_a_closed_record_is_a_404_for_coordinators(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    cast.hannah.closed_to_matchers = True
    db.session.commit()

    jago, morwenna = sign_in(cast.jago), sign_in(cast.morwenna)

    assert {jago.open(a, method=m).status_code for m, a in of_families(app)} == {404}
    assert morwenna.get("/families/F1042/edit").status_code == 200


def test_nobody_without_an_account_gets_further_than_signing_in(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    for method, address in of_families(app):
        answer = client.open(address, method=method)
        assert (answer.status_code, "/sign-in" in answer.location) == (302, True)


@pytest.mark.parametrize("path", ["/families/new", "/families/F1042/merge", "/referrals"])
def test_practitioners_take_nothing_in(app: Flask, cast: Cast, sign_in: SignIn, path: str) -> None:
    assert sign_in(cast.tamsin).get(path).status_code == 404


def test_every_page_opens_for_the_own_practitioner(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)

    for method, address in of_families(app):
        if method == "GET" and not address.endswith("/merge"):
            page = tamsin.get(address)
            assert (page.status_code, page.text.count("<h1")) == (200, 1), address


def test_a_merged_record_still_hides_what_it_became(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    twin = add_family(
        carer={"first_name": "Jodie"}, by="test", at=NOW, practitioner_id=cast.tamsin.id
    )
    merge_families(twin, cast.jodie, by=cast.jago, at=NOW)
    db.session.commit()

    assert sign_in(cast.tamsin).get(f"/families/{twin.reference}/edit").status_code == 404
