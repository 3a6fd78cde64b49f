"""Setting a password with a link, asking for one, and changing one's own."""

from datetime import datetime
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from app import clock
from app.access import public, signed_in
from app.accounts import attempts, invite, passwords, sign_in
from app.accounts.blueprint import accounts
from app.accounts.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm
from app.accounts.models import Staff
from app.accounts.sign_in_views import busy, too_many
from app.db import transact
from app.errors import DomainError
from app.forms import put
from app.settings import store


@accounts.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> Any:
    form = ForgottenForm()
    if not form.validate_on_submit():
        status = 400 if form.is_submitted() else 200
        return make_response(render_template("accounts/forgotten.html", form=form), status)
    address = request.remote_addr or ""
    try:
        transact(lambda: invite.ask_new_password(form.email.data, address=address, at=clock.now()))
    except attempts.TooManyAttempts as error:
        return too_many(error)
    return render_template("accounts/forgotten_sent.html")


@accounts.route("/account/<token>", methods=["GET", "POST"])
@public
def set_password(token: str) -> Any:
    staff = invite.person_of(token, at=clock.now())
    if staff is None:
        return make_response(render_template("accounts/link_ended.html"), 404)
    form = NewPasswordForm()
    status = 200
    if form.validate_on_submit():
        try:
            use_link(token, staff, form.password.data, at=clock.now())
            flash("Your password is set. Sign in with it.", "success")
            return redirect(url_for("accounts.sign_in"))
        except passwords.Busy:
            return busy()
        except DomainError as error:
            put(form, error)
    if form.is_submitted():
        status = 400
    return make_response(
        render_template("accounts/set_password.html", form=form, email=staff.email), status
    )


def use_link(token: str, staff: Staff, password: str, *, at: datetime) -> None:
    passwords.check_choice(password, personal=personal(staff))
    transact(lambda: None)  # no transaction is open while the hash is made
    fresh_hash = passwords.hashed(password)
    transact(lambda: invite.set_password(token, fresh_hash, at=at))


def personal(staff: Staff) -> tuple[str, ...]:
    """Words that somebody who knows the person tries first."""
    local = staff.email.partition("@")[0]
    rules = store.current()
    return (*staff.name.split(), local, *local.split("."), rules.service_name, rules.organisation)


@accounts.route("/me/password", methods=["GET", "POST"])
@signed_in
def change_password() -> Any:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            replace_own(form.present.data, form.password.data, at=clock.now())
            flash("Your password is changed. Every other session of yours has ended.", "success")
            return redirect(url_for("accounts.me"))
        except attempts.TooManyAttempts as error:
            return too_many(error)
        except passwords.Busy:
            return busy()
        except DomainError as error:
            put(form, error)
    status = 400 if form.is_submitted() else 200
    return make_response(render_template("accounts/change_password.html", form=form), status)


def replace_own(present: str, password: str, *, at: datetime) -> None:
    """Asks for the present password and counts it like signing in: a screen may be unattended."""
    passwords.check_choice(password, personal=personal(current_user))
    email, key = current_user.email, current_user.session_key
    address = request.remote_addr or ""
    attempt = transact(lambda: sign_in.begin(email, address=address, cookie=None, at=at))
    right = fresh_hash = None
    try:
        right, _ = sign_in.check(attempt, present)
        fresh_hash = passwords.hashed(password) if right else None
    except passwords.Busy:
        transact(lambda: attempts.forget_attempt(attempt.id))
        raise
    if not fresh_hash:
        raise DomainError("This is not your present password.", "present")

    def act() -> None:
        attempts.forget_attempt(attempt.id)
        invite.replace_password(current_user, fresh_hash, how="own", at=at, keep=key)

    transact(act)
