"""The frame of the pages and the macros that all pages share, drawn without a database."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, flash, render_template_string
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovDateInput,
    GovRadioInput,
    GovTextInput,
)
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectMultipleField,
    StringField,
    SubmitField,
)
from wtforms.validators import InputRequired

from app.settings.rules import Rules

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("govuk_frontend_jinja", "govuk_frontend_wtf")
PAGE = """{% extends "base.html" %}
{% block title %}Texts{% endblock %}
{% block content %}<h1>Texts</h1>{% endblock %}"""
FORM_PAGE = """{% extends "base.html" %}
{% from "macros/forms.html" import form_page %}
{% block content %}{{ form_page(form) }}{% endblock %}"""
LINK = '{% extends "link.html" %}{% block content %}<h1>Is this time still good?</h1>{% endblock %}'


class Clip(Form):
    note = StringField("Note", widget=GovTextInput(), validators=[InputRequired("Enter a note")])


class Everything(FlaskForm):
    name = StringField("Name", widget=GovTextInput(), validators=[InputRequired("Enter a name")])
    may = RadioField(
        "May we text?",
        widget=GovRadioInput(),
        choices=[("yes", "Yes")],
        validators=[InputRequired("Choose one")],
    )
    times = SelectMultipleField(
        "Times",
        widget=GovCheckboxesInput(),
        choices=[("1", "Monday")],
        validators=[InputRequired("Tick one")],
    )
    day = DateField(
        "Day", widget=GovDateInput(), format="%d %m %Y", validators=[InputRequired("Enter a day")]
    )
    clips = FieldList(FormField(Clip), min_entries=2)
    save = SubmitField("Save clips")
    later = SubmitField("Save for later")


@pytest.fixture
def frame() -> Iterator[dict[str, Any]]:
    """What every staff page is given; a test changes it before it draws."""
    app = Flask("frame")
    app.config.update(SECRET_KEY="of a test", WTF_CSRF_ENABLED=False)
    app.jinja_env.undefined = ChainableUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(str(ROOT / "templates")),
            PrefixLoader({name: PackageLoader(name) for name in PACKAGES}),
        ]
    )
    app.jinja_env.globals.update(
        asset=lambda name: f"/static/build/{name}", csrf_token=lambda: "the-token"
    )
    with app.test_request_context("/texts", method="POST"):
        yield {
            "rules": Rules(),
            "current_user": SimpleNamespace(is_authenticated=True, name="Jago Penrose"),
            "nav": [place("Texts", "/texts", badge=3, current=True), place("Diary", "/diary")],
            "watch_words": "The watch on visits last ran at 10:42.",
        }


def place(words: str, href: str, badge: int | None = None, current: bool = False) -> Any:
    return SimpleNamespace(
        words=words, href=href, badge=badge, badge_words="replies wait", current=current
    )


def draw(source: str, given: dict[str, Any]) -> str:
    return re.sub(r"\s+", " ", render_template_string(source, **given))


def macro(call: str, file: str, given: dict[str, Any] | None = None) -> str:
    name = call.partition("(")[0]
    source = f'{{% from "macros/{file}.html" import {name} %}}{{{{ {call} }}}}'
    return draw(source, given or {}).strip()


def test_marks_the_present_place_and_says_what_a_badge_counts(frame: dict[str, Any]) -> None:
    page = draw(PAGE, frame)

    assert page.count('aria-current="true"') == 1
    assert '3<span class="govuk-visually-hidden"> replies wait</span>' in page


def test_title_begins_with_the_heading(frame: dict[str, Any]) -> None:
    assert "<title>Texts: VIG service</title>" in draw(PAGE, frame)


def test_signs_out_by_a_post_with_the_token(frame: dict[str, Any]) -> None:
    forms = re.findall(
        r'<form[^>]*action="/sign-out" method="post"[^>]*>(.*?)</form>', draw(PAGE, frame)
    )

    assert len(forms) == 2
    assert all('name="csrf_token" value="the-token"' in form for form in forms)


def test_signed_in_pages_carry_the_idle_minutes(frame: dict[str, Any]) -> None:
    assert 'data-idle-minutes="30"' in draw(PAGE, frame)


def test_shows_the_strip_only_with_an_alarm(frame: dict[str, Any]) -> None:
    alarm = SimpleNamespace(
        words="Not checked out: A", detail="B has it", href="/lone-working", link_words="Open"
    )

    assert "app-strip" not in draw(PAGE, frame)
    assert "Not checked out: A" in draw(PAGE, {**frame, "strip": alarm})


@pytest.mark.parametrize(
    ("category", "role"), [("success", "alert"), ("info", "region"), ("message", "region")]
)
def test_shows_one_message_after_an_act(frame: dict[str, Any], category: str, role: str) -> None:
    flash("An older message", "info")
    flash("Booked <b>both</b>", category)

    page = draw(PAGE, frame)

    assert page.count('class="govuk-notification-banner__heading"') == 1
    assert "Booked &lt;b&gt;both&lt;/b&gt;" in page
    assert f'role="{role}" aria-labelledby="message-title"' in page


def test_shows_errors_instead_of_a_message(frame: dict[str, Any]) -> None:
    flash("Saved", "success")
    form = Everything()
    form.validate()

    page = draw(PAGE, {**frame, "form": form})

    assert "<title>Error: Texts: VIG service</title>" in page
    assert "notification-banner" not in page


def test_every_error_leads_to_its_field(frame: dict[str, Any]) -> None:
    form = Everything()
    form.validate()

    page = draw(FORM_PAGE, {**frame, "form": form})
    summary = page[page.index('class="govuk-error-summary"') : page.index("novalidate")]
    links = re.findall(r'<a href="#([^"]+)">', summary)

    assert links == ["name", "may", "times", "day-day", "clips-0-note", "clips-1-note"]
    assert [link for link in links if f'id="{link}"' not in page] == []


def test_a_refusal_of_the_whole_form_heads_the_list(frame: dict[str, Any]) -> None:
    form = Everything()
    form.form_errors.append("That time was taken a minute ago")

    assert "<li>That time was taken a minute ago</li>" in draw(PAGE, {**frame, "form": form})


def test_a_form_has_one_green_button(frame: dict[str, Any]) -> None:
    page = macro("form_page(form)", "forms", {**frame, "form": Everything()})
    buttons = re.findall(r'<button type="submit" class="govuk-button ([^"]*)"', page)

    assert buttons == ["", "govuk-button--secondary"]


def test_a_link_page_says_nothing_of_who_we_are(frame: dict[str, Any]) -> None:
    page = draw(LINK, frame)

    assert "<title>Appointment</title>" in page
    assert "VIG" not in page
    assert "Penhallow" not in page
    assert "csrf_token" not in page


def test_a_link_page_speaks_the_carers_language(frame: dict[str, Any]) -> None:
    page = draw(LINK, {**frame, "language": "ar", "direction": "rtl", "word": "موعد"})

    assert '<html lang="ar"' in page
    assert 'dir="rtl"' in page
    assert "<title>موعد</title>" in page


@pytest.mark.parametrize("status", ["400", "404", "409", "413", "429", "500", "503"])
def test_an_error_page_needs_nothing_but_itself(frame: dict[str, Any], status: str) -> None:
    assert "<h1" in draw(f'{{% extends "errors/{status}.html" %}}', {})


@pytest.mark.parametrize(
    ("words", "colour"),
    [
        ("Not checked out", "red"),
        ("To ring", "orange"),
        ("Change asked", "yellow"),
        ("Provisional", "purple"),
        ("Booked", "blue"),
        ("Confirmed", "green"),
        ("On a break", "grey"),
        ("High: two workers", "orange"),
    ],
)
def test_a_state_has_one_colour(frame: dict[str, Any], words: str, colour: str) -> None:
    assert f'class="govuk-tag govuk-tag--{colour}' in macro(f'tag("{words}")', "tag")


@pytest.mark.parametrize("words", ["Cancelled", "No", "Not now", "Stopped", "Not seen", "Standard"])
def test_what_is_finished_or_chosen_against_has_no_colour(
    frame: dict[str, Any], words: str
) -> None:
    assert macro(f'tag("{words}")', "tag") == f"<span>{words}</span>"


@pytest.mark.parametrize(
    ("sort", "state", "next_key"),
    [("name", "ascending", "-name"), ("-name", "descending", "name"), ("due", "none", "name")],
)
def test_a_sorted_column_says_so(
    frame: dict[str, Any], sort: str, state: str, next_key: str
) -> None:
    header = macro(f'sort_header("Family", "name", "{sort}", "/families?sort=")', "page")

    assert f'aria-sort="{state}"' in header
    assert f'href="/families?sort={next_key}"' in header


def test_pages_of_a_list_leave_gaps(frame: dict[str, Any]) -> None:
    pager = macro('pager(5, 14, "/families?page=")', "page")

    assert re.findall(r'aria-label="Page (\d+)"', pager) == ["1", "4", "5", "6", "14"]
    assert pager.count("&ctdot;") == 2


def test_one_page_has_no_pager(frame: dict[str, Any]) -> None:
    assert macro('pager(1, 1, "/families?page=")', "page") == ""


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "app/static/package-lock.json").read_text(encoding="utf-8"))

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
