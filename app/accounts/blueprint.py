"""The blueprint that the pages of this package hang from."""

from flask import Blueprint

accounts = Blueprint("accounts", __name__)
