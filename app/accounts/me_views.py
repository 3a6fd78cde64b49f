"""One's own page: hours, number, sessions, and the way to everything else that is one's own."""

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import may_open, signed_in
from app.accounts import hooks, sessions
from app.accounts.blueprint import accounts
from app.accounts.forms import OwnForm
from app.accounts.staff import change_staff
from app.db import transact
from app.errors import DomainError, Stale
from app.forms import put
from app.settings import store


@accounts.route("/me", methods=["GET", "POST"])
@signed_in
def me() -> Any:
    form = OwnForm(obj=current_user)
    status = 200
    if form.validate_on_submit():
        try:
            transact(
                lambda: change_staff(
                    current_user,
                    by=current_user,
                    at=clock.now(),
                    expect_version=form.opened_at,
                    mobile=form.mobile.data,
                    wants_invitations=form.wants_invitations.data,
                )
            )
            flash("Saved.", "success")
            return redirect(url_for("accounts.me"))
        except Stale as error:
            form, status = OwnForm(formdata=None, obj=current_user), 409
            form.general(error.message)
        except DomainError as error:
            put(form, error)
    if form.is_submitted() and status == 200:
        status = 400
    if status != 400:
        form.version.data = str(current_user.version)
    return make_response(
        render_template(
            "accounts/me.html",
            form=form,
            own_sessions=sessions.live_sessions(
                current_user, at=clock.now(), rules=store.current()
            ),
            this_one=sessions.digest(current_user.session_key),
            pages=[p for p in hooks.own_pages.values() if may_open(p.endpoint, current_user)],
        ),
        status,
    )


@accounts.post("/me/sessions/end")
@signed_in
def end_other_sessions() -> Response:
    ended = transact(
        lambda: sessions.end_sessions(
            current_user, by=current_user, at=clock.now(), keep=current_user.session_key
        )
    )
    flash(
        "Every other session of yours has ended." if ended else "There was no other session.",
        "success",
    )
    return redirect(url_for("accounts.me"))
