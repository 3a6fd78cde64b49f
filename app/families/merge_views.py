"""Finding and joining two records of one family: look for it, check what will happen, confirm."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from app import clock
from app.access import ARRANGERS, allow
from app.db import transact
from app.errors import DomainError
from app.families import hooks
from app.families.blueprint import families, home_of, opened, this_family
from app.families.duplicates import Twin, possible_duplicates
from app.families.forms import ConfirmMergeForm, MergeForm
from app.families.merge import is_same_person, merge_families
from app.families.models import Carer, Family
from app.families.queries import family_by_reference, visible_to
from app.forms import put


@families.get("/<reference>/merge")
@allow(*ARRANGERS)
def merge(reference: str) -> Any:
    family = opened(reference, "merge")
    if "into" not in request.args:
        return find_page(family, MergeForm(formdata=None))
    form = MergeForm(request.args, meta={"csrf": False})
    if form.validate():
        into = family_by_reference(current_user, form.into.data)
        if into is not None and into.id != family.id:
            return check_page(family, into, ConfirmMergeForm(formdata=None, into=into.reference))
        form.into.errors = ["No other family that you may see has this reference"]
    return make_response(find_page(family, form), 422)


@families.post("/<reference>/merge", endpoint="confirm_merge")
@allow(*ARRANGERS)
def confirm(reference: str) -> Any:
    family = this_family(reference)
    form = ConfirmMergeForm()
    other = family_by_reference(current_user, str(form.into.data or ""))
    if other is None:
        search = MergeForm(formdata=None)
        search.into.errors = ["No other family that you may see has this reference"]
        return make_response(find_page(family, search), 422)
    into: Family = other
    if form.validate():
        try:
            transact(lambda: merge_families(family, into, by=current_user, at=clock.now()))
            flash(f"{reference} is now part of {into.reference}.", "success")
            return redirect(home_of(into))
        except DomainError as error:
            put(form, error)
    family, into = this_family(reference), this_family(into.reference)
    return make_response(check_page(family, into, form), 422)


def find_page(family: Family, form: MergeForm) -> str:
    return render_template("families/merge.html", form=form, family=family, twins=twins_of(family))


def check_page(family: Family, into: Family, form: ConfirmMergeForm) -> str:
    at = clock.now()
    return render_template(
        "families/merge_check.html",
        form=form,
        family=family,
        into=into,
        same=same_people(family, into),
        more=[
            (heading, words(family, at), words(into, at)) for heading, words in hooks.joined.items()
        ],
        action=url_for("families.confirm_merge", reference=family.reference),
    )


def twins_of(family: Family) -> list[Twin]:
    """Families that may be the same by any of this family's carers."""
    found: dict[int, Twin] = {}
    for carer in family.present_carers:
        for twin in possible_duplicates(
            first_name=carer.first_name,
            surname=carer.surname,
            mobile=carer.mobile,
            landline=carer.landline,
            postcode=family.home.postcode if family.home else None,
            but=[family.id],
            within=visible_to(current_user),
        ):
            found.setdefault(twin.family.id, twin)
    return list(found.values())


def same_people(family: Family, into: Family) -> list[tuple[Carer, Carer]]:
    """Carers of the duplicate with the one of the other record that they become."""
    return [
        (carer, same)
        for carer in family.present_carers
        if (same := next((c for c in into.present_carers if is_same_person(c, carer)), None))
    ]
