"""The pages of this package: importing them hangs them on the blueprint."""

from app.enquiries import choice_views, enquiry_views, refer_views, referral_views
from app.enquiries.blueprint import enquiries

__all__ = ["choice_views", "enquiries", "enquiry_views", "refer_views", "referral_views"]
