"""Help for staff, the accessibility statement, and the page that tells families what VIG is."""

from flask import render_template

from app.access import public, signed_in
from app.desk.views import desk


@desk.get("/help")
@signed_in
def help_page() -> str:
    return render_template("desk/help.html")


@desk.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("desk/accessibility.html")


@desk.get("/about-vig")
@public
def about_vig() -> str:
    return render_template("desk/about_vig.html")
