"""The house rules that a program can check: who commits, who asks the time, who may open what."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app import access
from app.audit.tags import TAGS

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "app").rglob("*.py"))
MAY_COMMIT = {"db.py", "engines.py", "env.py"}


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_only_transact_commits() -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.name not in MAY_COMMIT and re.search(r"\.commit\(", source(path))
    ]

    assert offenders == []


def test_every_audit_tag_is_used() -> None:
    text = "".join(source(path) for path in SOURCES if path.name != "tags.py")

    assert [tag for tag in TAGS if f'"{tag}"' not in text] == []


def test_every_module_says_what_it_is_about() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if source(path).strip()
        and "versions" not in path.parts
        and "node_modules" not in path.parts
        and not source(path).lstrip().startswith('"""')
    ]

    assert silent == []


@pytest.mark.one_database
def test_every_route_says_who_may_open_it(app: Flask) -> None:
    silent = {
        rule.endpoint for rule in app.url_map.iter_rules() if access.readers(rule.endpoint) is None
    }

    assert silent == set()


@pytest.mark.one_database
def test_only_these_routes_are_public(app: Flask) -> None:
    public = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if access.readers(rule.endpoint) == access.PUBLIC
    }
    packages = {endpoint.split(".")[0] for endpoint in public}

    assert packages <= {
        "static", "accounts", "appointment_links", "webhooks", "desk", "enquiries", "health",
        "simulator", "feeds", "peer_links", "offer_links", "family_links", "lone_working",
    }  # fmt: skip


@pytest.mark.one_database
def test_no_two_routes_share_an_address_and_a_method(app: Flask) -> None:
    taken: dict[tuple[str, str], list[str]] = {}
    for rule in app.url_map.iter_rules():
        shape = re.sub(r"<[^>]*>", "<>", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            taken.setdefault((shape, method), []).append(rule.endpoint)

    assert {where: shared for where, shared in taken.items() if len(shared) > 1} == {}
