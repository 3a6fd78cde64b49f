"""The blueprint on which the pages about texts hang."""

from flask import Blueprint

messaging = Blueprint("messaging", __name__, url_prefix="/texts")
