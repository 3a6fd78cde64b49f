"""The settings: every number with its default, where it comes from, and who changed it."""

from dataclasses import fields
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import MANAGER, allow, found
from app.accounts import queries as accounts
from app.audit.record import actor_words
from app.db import transact
from app.desk.forms import SettingForm
from app.desk.views import desk
from app.errors import DomainError
from app.forms import put
from app.messaging.wordings import says_too_much
from app.settings import store
from app.settings.agree import in_words
from app.settings.rules import Rules
from app.windows import read_clock, wall


@desk.get("/settings")
@allow(MANAGER)
def settings() -> str:
    rules, changed = store.current(), store.latest_changes()
    rows = [
        {
            "name": f.name,
            "label": f.metadata["label"],
            "value": in_words(f.name, getattr(rules, f.name)),
            "default": in_words(f.name, f.default),
            "source": f.metadata["source"],
            "changed": changed.get(f.name),
            "group": f.metadata["group"],
        }
        for f in fields(Rules)
    ]
    groups = [(words, list(of)) for words, of in groupby(rows, key=lambda row: row["group"])]
    return render_template(
        "desk/settings.html", groups=groups, names=accounts.names(), who=actor_words
    )


@desk.route("/settings/<name>", methods=["GET", "POST"])
@allow(MANAGER)
def setting(name: str) -> str | Response | tuple[str, int]:
    declared = found(store.BY_NAME.get(name))
    value = getattr(store.current(), name)
    clock_time = declared.metadata["unit"] == "time of day"
    form = SettingForm(value=wall(int(value)) if clock_time else value)
    form.value.label.text = declared.metadata["label"]
    form.value.description = hint(declared.metadata)
    if form.validate_on_submit():
        try:
            keep_neutral(name, form.value.data)
            keep_nobodys(name, form.value.data)
            typed = typed_value(form.value.data, clock_time=clock_time)
            transact(lambda: store.change_setting(name, typed, by=current_user, at=clock.now()))
        except DomainError as error:
            error.field = "value"
            put(form, error)
        else:
            flash(f"{declared.metadata['label']} is changed.", "success")
            return redirect(url_for("desk.settings"))
    history = [
        (change, in_words(name, change.value), actor_words(change.changed_by, accounts.names()))
        for change in store.changes(name)
    ]
    page = render_template(
        "desk/setting.html", form=form, declared=declared, history=history,
        default=in_words(name, declared.default),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def keep_neutral(name: str, typed: str) -> None:
    """Who a neutral text or an invitation is from must not tell a stranger what it is about."""
    if name in ("neutral_name", "neutral_email") and (words := says_too_much(typed)):
        raise DomainError(f"What families get must not say “{words[0]}”. Choose another.")


def keep_nobodys(name: str, typed: str) -> None:
    """Invitations come from a mailbox that is nobody's own: whoever owns the organiser's address is
    shown no buttons, and gets none at all."""
    if name not in ("service_email", "neutral_email"):
        return
    for person in accounts.working_here():
        if person.email.lower() == typed.strip().lower():
            raise DomainError(
                f"This is {person.name}’s own address. Use a mailbox that is nobody’s own, or they "
                "would get no invitations."
            )


def typed_value(typed: str, *, clock_time: bool) -> Any:
    if not clock_time:
        return typed
    try:
        return 1440 if typed.strip() == "24:00" else read_clock(typed)
    except ValueError as error:
        raise DomainError("Enter a time such as 08:30.") from error


def hint(meta: Any) -> str:
    """What may be typed: the unit, the limits, and where the number comes from."""
    if meta["unit"] == "text":
        return f"At most {meta['most']} characters"
    if meta["unit"] in ("phone", "e-mail"):
        return "Stands on pages, letters and texts"
    if meta["unit"] == "time of day":
        return "For example, 08:30"
    if meta["unit"] == "hosts":
        return "Names of servers with commas between. Nothing is read from any other"
    limits = f"{meta['least']:g} to {meta['most']:g}"
    source = "" if meta["source"] == "policy" else f". Comes from {meta['source']}"
    return f"In {meta['unit']}, from {limits}{source}"
