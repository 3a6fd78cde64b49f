"""An enquiry by phone becomes a family."""

from typing import Any

from flask import render_template
from flask_login import current_user

from app import clock
from app.access import ARRANGERS, allow
from app.enquiries.blueprint import enquiries
from app.enquiries.forms import EnquiryForm
from app.enquiries.take_enquiry import take_enquiry
from app.errors import DomainError
from app.families.blueprint import home_of
from app.families.duplicates import Twin, possible_duplicates
from app.families.models import Family
from app.families.queries import visible_to
from app.saving import save


@enquiries.route("/families/new", methods=["GET", "POST"])
@allow(*ARRANGERS)
def new() -> Any:
    form = EnquiryForm(language="English")

    def act() -> Family:
        if twins_of(form) and not form.another.data:
            raise DomainError("Look at these records first: the family may be here already.")
        return take_enquiry(
            carer=form.carer(),
            worker=form.worker(),
            words=form.words.data,
            postcode=form.postcode.data,
            by=current_user,
            at=clock.now(),
            **form.wishes(),
        )

    return save(
        form,
        act,
        page=lambda: render_template(
            "enquiries/new.html", form=form, twins=twins_of(form) if form.is_submitted() else []
        ),
        then=home_of,
        said=lambda family: f"The enquiry is taken. It is family {family.reference}.",
    )


def twins_of(form: EnquiryForm) -> list[Twin]:
    """Families that this user may see and that may be the one on the phone."""
    return possible_duplicates(
        first_name=form.first_name.data,
        surname=form.surname.data,
        mobile=form.mobile.data,
        landline=form.landline.data,
        postcode=form.postcode.data,
        within=visible_to(current_user),
    )
