"""Recording what a family decided."""

from typing import Any

from flask import render_template
from flask_login import current_user

from app import clock
from app.access import signed_in
from app.enquiries import hooks
from app.enquiries.blueprint import enquiries
from app.enquiries.forms import ChoiceForm
from app.enquiries.models import STEPS
from app.enquiries.queries import choices_of
from app.enquiries.record_choice import record_choice
from app.enquiries.steps import HOWS
from app.families.blueprint import home_of, opened, this_family
from app.saving import save


@enquiries.route("/families/<reference>/choice", methods=["GET", "POST"])
@signed_in
def choice(reference: str) -> Any:
    family = opened(reference, "choice")
    form = ChoiceForm(on=clock.today())

    def page() -> str:
        shown = this_family(reference)
        return render_template(
            "enquiries/choice.html",
            form=form,
            family=shown,
            log=choices_of(shown.id),
            steps=STEPS,
            hows=HOWS,
            stops=[words for stops in hooks.stops.values() for words in stops(shown, clock.now())],
        )

    return save(
        form,
        lambda: record_choice(
            family,
            form.step.data,
            on=form.on.data or clock.today(),
            how=form.how.data,
            words=form.words.data,
            ask_again_on=form.ask_again_on.data,
            by=current_user,
            at=clock.now(),
        ),
        page=page,
        then=lambda _: home_of(family),
        said="What they said is recorded.",
    )
