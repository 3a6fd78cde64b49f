"""Whether a carer may be texted, e-mailed or only rung, in sentences for staff. Pure: no clock,
no table.

Nothing here guesses: all but a clear yes is a reason not to text.
"""

from app.families.models import Carer
from app.families.particulars import CHILDS_PHONE

NOT_ASKED = "Not asked whether texting is safe: ring, and record the answer."
NOT_SAFE = "They said that texting is not safe: ring."
NO_MOBILE = "There is no mobile number."
LANDLINE = "There is only a landline: ring."
CANNOT_READ = "They cannot read texts: ring."
SHARED = (
    "This number is on another family’s record too: "
    "no text goes until somebody confirms that it is right."
)
MAIL_NOT_ASKED = "Not asked whether e-mail is safe."
MAIL_NOT_SAFE = "They said that e-mail is not safe."
CHANNEL_OFF = "They have not asked for invitations by e-mail."
NO_EMAIL = "There is no e-mail address."


def text_refusal(carer: Carer, *, on_another_family: bool) -> str | None:
    """Why no text may go to this carer; None only where they said that texting is safe."""
    if carer.left_on:
        return f"{carer.first_name} has left the family."
    if carer.phone_owner == "child":
        return CHILDS_PHONE
    if not carer.mobile:
        return LANDLINE if carer.landline else NO_MOBILE
    if carer.safe_to_text == "no":
        return NOT_SAFE
    if carer.safe_to_text != "yes":
        return NOT_ASKED
    if not carer.reads_texts:
        return CANNOT_READ
    if on_another_family and not carer.shared_number_ok:
        return SHARED
    return None


def news_refusal(carer: Carer) -> str | None:
    """Why no e-mail about their appointments may go to this carer in place of a text; None only
    where they said that e-mail is safe.
    """
    if carer.left_on:
        return f"{carer.first_name} has left the family."
    if not carer.email:
        return NO_EMAIL
    if carer.safe_to_email == "yes":
        return None
    return MAIL_NOT_SAFE if carer.safe_to_email == "no" else MAIL_NOT_ASKED


def told_by_email(carer: Carer, *, on_another_family: bool) -> bool:
    """Whether e-mails tell this carer of appointments: where that is safe, and they would rather
    have them or texting is not safe. Where neither is safe, somebody rings.
    """
    if news_refusal(carer) is not None:
        return False
    refused = text_refusal(carer, on_another_family=on_another_family) is not None
    return refused or carer.prefers == "email"


def email_refusal(carer: Carer) -> str | None:
    """Why no invitation may go to this carer; None only where they asked for them."""
    if carer.left_on:
        return f"{carer.first_name} has left the family."
    if not carer.email:
        return NO_EMAIL
    return None if carer.wants_invitations else CHANNEL_OFF
