"""The blueprint that the pages of this package hang from."""

from flask import Blueprint

lone_working = Blueprint("lone_working", __name__)
