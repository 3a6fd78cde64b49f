"""Signing in and out."""

from datetime import datetime, timedelta
from typing import Any

from flask import make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app import clock
from app.access import public, safe_next
from app.accounts import attempts, browsers, passwords, sessions, sign_in
from app.accounts.blueprint import accounts
from app.accounts.forms import SignInForm
from app.accounts.models import Staff
from app.db import transact
from app.errors import page_for


@accounts.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@public
def sign_in_page() -> Any:
    ended = "ended" in request.args
    target = safe_next(request.args.get("next")) or "/"
    if request.method == "GET" and current_user.is_authenticated and not ended:
        return redirect(target)
    form = SignInForm()
    status = 200
    if form.validate_on_submit():
        at = clock.now()
        try:
            staff = try_pair(form.email.data, form.password.data, at=at)
        except attempts.TooManyAttempts as error:
            return too_many(error)
        except passwords.Busy:
            return busy()
        if staff is not None:
            return welcome(staff, target)
        form.general(sign_in.WRONG_PAIR)
    if form.is_submitted():
        status = 400
    return make_response(
        render_template("accounts/sign_in.html", form=form, ended=ended and status == 200), status
    )


def try_pair(email: str, password: str, *, at: datetime) -> Staff | None:
    cookie = request.cookies.get(browsers.cookie_name())
    attempt = transact(
        lambda: sign_in.begin(email, address=request.remote_addr or "", cookie=cookie, at=at)
    )
    try:
        right, fresh_hash = sign_in.check(attempt, password)
    except passwords.Busy:
        transact(lambda: attempts.forget_attempt(attempt.id))
        raise
    if not right:
        return None
    agent = request.headers.get("User-Agent", "")
    return transact(lambda: sign_in.succeed(attempt, fresh_hash, agent=agent, at=at))


def welcome(staff: Staff, target: str) -> Response:
    session.clear()  # also the form token of whoever sat here before
    login_user(staff)
    response = redirect(target)
    response.set_cookie(
        browsers.cookie_name(),
        browsers.cookie_after(request.cookies.get(browsers.cookie_name()), staff.id),
        max_age=browsers.LASTS,
        path="/",
        secure=browsers.cookie_name().startswith("__Host-"),
        httponly=True,
        samesite="Lax",
    )
    return response


def too_many(error: attempts.TooManyAttempts) -> Response:
    """Until when, to the minute it is surely over."""
    until = error.until + timedelta(seconds=59)
    return make_response(render_template("accounts/too_many.html", until=until), 429)


def busy() -> Response:
    response = page_for(503)
    response.headers["Retry-After"] = "5"
    return response


@accounts.post("/sign-out", endpoint="sign_out")
@public
def sign_out_page() -> Response:
    if current_user.is_authenticated:
        key = current_user.session_key
        transact(lambda: sessions.end_session(current_user, key, at=clock.now()))
    logout_user()
    session.clear()
    response = redirect(url_for("accounts.sign_in", ended=""))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
