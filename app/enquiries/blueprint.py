"""The blueprint that this package's pages hang from; their addresses stand under several nouns."""

from flask import Blueprint

enquiries = Blueprint("enquiries", __name__)
