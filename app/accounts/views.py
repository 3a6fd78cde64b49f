"""The pages of this package: importing them hangs them on the blueprint."""

from app.accounts import sign_in_views
from app.accounts.blueprint import accounts

__all__ = ["accounts", "sign_in_views"]
