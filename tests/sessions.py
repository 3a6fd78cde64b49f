"""A client that is signed in, by a session row of its own: no password is hashed for it."""

from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.models import Staff
from app.accounts.sessions import open_session
from app.db import db


def signed_in(app: Flask, staff: Staff) -> FlaskClient:
    """A test client whose cookie holds a live session of this member of staff."""
    client = app.test_client()
    key = open_session(staff, agent="tests", at=clock.now())
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = key
        cookie["_fresh"] = True
    return client
