"""The pages of this package: importing them hangs them on the blueprint."""

from app.accounts import me_views, password_views, sign_in_views, staff_views
from app.accounts.blueprint import accounts

__all__ = ["accounts", "me_views", "password_views", "sign_in_views", "staff_views"]
