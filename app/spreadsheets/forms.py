"""The form with which a manager chooses files."""

from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms import HiddenField, MultipleFileField

from app import forms
from app.spreadsheets.files import MOST_BYTES

MOST_FILES = 5


class FilesForm(forms.Form):
    files = MultipleFileField(
        "CSV files",
        description="Up to five: families, peer parents, places, practitioners, bookings. "
        "In Excel: save as “CSV UTF-8”.",
        widget=GovFileInput(),
        render_kw={"multiple": True, "accept": ".csv,text/csv"},
    )

    def chosen(self) -> list[tuple[str, bytes]]:
        """The files' names without folders, and their bytes: no more than would be refused anyway.

        What is wrong with the choice itself stands beside the field; then nothing is returned.
        """
        uploads = [each for each in self.files.data or () if getattr(each, "filename", "")]
        if not uploads:
            self.files.errors = ["Choose at least one CSV file."]
        elif len(uploads) > MOST_FILES:
            self.files.errors = [f"Choose {MOST_FILES} files at the most."]
        if self.files.errors:
            return []
        chosen = []
        for each in uploads:
            chosen.append((name_of(each.filename), each.stream.read(MOST_BYTES + 1)))
            each.close()
        return chosen


class CheckedForm(forms.Form):
    carried = HiddenField()


class TakeBackForm(forms.Form):
    """A button, and what was wrong with pressing it."""


def name_of(filename: str) -> str:
    return filename.replace("\\", "/").rsplit("/", 1)[-1][:100]
