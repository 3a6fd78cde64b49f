"""Where postcodes lie: what was read when, and reading a file by upload, for managers."""

import io
from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_login import current_user

from app import clock, forms
from app.access import MANAGER, allow
from app.accounts import queries as accounts
from app.places.code_point import NotCodePoint, read_lines
from app.places.load_postcodes import last_loads, load_postcodes
from app.places.views import places

__all__ = ["places"]
MOST_BYTES = 5 * 1024 * 1024  # an area has 20,000 postcodes in 2 MB; more goes by the command


class PostcodesForm(forms.Form):
    file = forms.upload(
        "A CSV file of Code-Point Open",
        hint="One postcode area, such as tr.csv, up to 5 MB",
        render_kw={"accept": ".csv,text/csv"},
    )

    def content(self) -> bytes | None:
        """The file's bytes; None where the choice is wrong, which then stands beside the field."""
        chosen = self.file.data
        if not getattr(chosen, "filename", ""):
            self.file.errors = ["Choose a CSV file."]
            return None
        found: bytes = chosen.stream.read(MOST_BYTES + 1)
        chosen.close()
        if len(found) > MOST_BYTES:
            self.file.errors = ["This file is larger than 5 MB: take it one area at a time."]
            return None
        return found


@places.route("/postcodes", methods=["GET", "POST"])
@allow(MANAGER)
def postcodes() -> Any:
    """The last files that were read; a POST reads another, all of it or nothing."""
    form = PostcodesForm()
    if form.validate_on_submit() and (content := form.content()) is not None:
        try:
            text = io.StringIO(content.decode("utf-8-sig"), newline="")
            rows = list(read_lines(text))
        except (NotCodePoint, UnicodeDecodeError) as problem:
            said = str(problem) if isinstance(problem, NotCodePoint) else "This is no text file."
            form.file.errors = [said]
        else:
            number = load_postcodes(iter(rows), by=current_user, at=clock.now())
            flash(f"{number:,} postcodes are known by where they lie.", "success")
            return redirect(url_for("places.postcodes"))
    page = render_template("places/postcodes.html", form=form, loads=last_loads(), who=accounts.who)
    return make_response(page, 422 if form.is_submitted() else 200)
