"""How a carer may be reached: the whole form, and one press for “said yes today”."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import safe_next, signed_in
from app.db import transact
from app.errors import DomainError
from app.families import forms
from app.families.blueprint import families, home_of, opened, this_carer, this_family
from app.families.change_contact import change_contact
from app.families.contact import news_refusal, text_refusal, told_by_email
from app.families.recipient import is_on_another_family
from app.families.wording_examples import wording_examples
from app.saving import save
from app.settings import store


@families.route("/<reference>/contact/<id:carer_id>", methods=["GET", "POST"])
@signed_in
def contact(reference: str, carer_id: int) -> Any:
    family = opened(reference, "contact")
    carer = this_carer(family, carer_id)
    form = forms.ContactForm(data=forms.contact_as_typed(carer))
    shared = is_on_another_family(carer)
    if not shared:
        del form.shared_number_ok

    def page() -> str:
        shown = this_family(reference)
        person = this_carer(shown, carer_id)
        return render_template(
            "families/contact.html",
            form=form,
            family=shown,
            carer=person,
            refusal=text_refusal(person, on_another_family=shared),
            mail_refusal=news_refusal(person),
            told_by_email=told_by_email(person, on_another_family=shared),
            shared=shared,
            examples=wording_examples(store.current(), clock.now()),
        )

    return save(
        form,
        lambda: change_contact(
            carer, by=current_user, at=clock.now(), expect_version=form.opened_at, **form.answers()
        ),
        page=page,
        then=lambda _: home_of(family),
        said=f"How to reach {carer.first_name} is saved.",
        row=carer,
    )


@families.post("/<reference>/contact/<id:carer_id>/said-yes")
@signed_in
def said_yes(reference: str, carer_id: int) -> Response:
    family = this_family(reference)
    carer = this_carer(family, carer_id)
    try:
        transact(lambda: change_contact(carer, safe_to_text="yes", by=current_user, at=clock.now()))
        flash("Texting is safe: they said yes today.", "success")
    except DomainError as error:
        flash(error.message, "error")
    return redirect(safe_next(request.form.get("to")) or home_of(family))
