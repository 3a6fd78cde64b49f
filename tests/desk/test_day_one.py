"""Day one without the sample service: every page opens and says what to do first."""

import pytest
from flask import Flask

from app.accounts.models import Staff
from app.db import db
from tests.cast import NOW
from tests.sessions import signed_in

pytestmark = pytest.mark.one_database


@pytest.fixture
def alone(app: Flask) -> dict[str, Staff]:
    """Nobody but one member of staff of each role, who has no hours and takes no visits."""
    people = {
        role: Staff(
            name=f"Mary {role.title()}", email=f"{role}@example.org", role=role, created_at=NOW
        )
        for role in ("manager", "coordinator", "practitioner")
    }
    db.session.add_all(people.values())
    db.session.commit()
    return people


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("/", ["/settings", "/me", "/import", "/staff", "/places", "/rota", "/peers", "/refer"]),
        ("/families", ["/families/new"]),
        ("/peers", ["/peers/add", "/import"]),
        ("/diary", ["/staff"]),
        ("/referrals", ["/refer", "/families/new"]),
        ("/places", ["/places/new"]),
        ("/interpreters", ["/interpreters/new"]),
        ("/absences", ["/absences/new"]),
        ("/staff", ["/staff/add"]),
        ("/me", ["/staff", "/settings", "/import", "/places", "/interpreters", "/absences"]),
    ],
)
def test_a_manager_is_led_to_what_comes_first(
    app: Flask, alone: dict[str, Staff], path: str, links: list[str]
) -> None:
    page = signed_in(app, alone["manager"]).get(path).text

    assert [link for link in links if f'href="{link}"' not in page] == []


@pytest.mark.parametrize("role", ["coordinator", "practitioner"])
@pytest.mark.parametrize(
    "path", ["/", "/families", "/diary", "/diary?view=week", "/texts", "/lone-working", "/absences"]
)
def test_nobody_is_led_where_they_may_not_go(
    app: Flask, alone: dict[str, Staff], role: str, path: str
) -> None:
    browser = signed_in(app, alone[role])
    page = browser.get(path)

    assert page.status_code == 200
    for link in ("/staff", "/settings", "/import"):
        assert f'href="{link}"' not in page.text
