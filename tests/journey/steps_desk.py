"""Staff at their desks or on their phones: signing in, which a moved clock asks for again."""

from tests.journey.base import PASSWORD
from tests.journey.walker import Walker

JAGO, TAMSIN = "jago.penrose@example.org", "tamsin.nance@example.org"


def sign_in(walker: Walker, email: str, path: str = "/") -> Walker:
    """Open a page, be asked who it is, and arrive there."""
    walker.open(path)
    walker.fill(email=email, password=PASSWORD)
    walker.press("Sign in")
    assert walker.page.url == walker.address + path
    return walker
