"""Pages that change what a family would like, where it lives, and notes about it."""

from typing import Any

from flask import render_template
from flask_login import current_user

from app import clock
from app.access import ARRANGERS, MANAGER, signed_in
from app.families import forms
from app.families.blueprint import families, home_of, opened, this_family
from app.families.change_family import add_note, change_family
from app.families.home import move_home
from app.families.models import Family
from app.families.queries import practitioners
from app.places.queries import open_places
from app.saving import save


@families.route("/<reference>/edit", methods=["GET", "POST"])
@signed_in
def edit(reference: str) -> Any:
    family = opened(reference, "edit")
    form = family_form(family)
    return save(
        form,
        lambda: change_family(
            family,
            by=current_user,
            at=clock.now(),
            expect_version=form.opened_at,
            **form.particulars(),
        ),
        page=lambda: render_template(
            "families/edit.html", form=form, family=this_family(reference)
        ),
        then=lambda _: home_of(family),
        said="Saved.",
        row=family,
    )


def family_form(family: Family) -> forms.FamilyForm:
    """The form with what this user may change: a practitioner gives no family away, only managers
    open and close a record, and carers are kept apart only where there are two.
    """
    form = forms.FamilyForm(data=forms.family_as_typed(family))
    words = forms.with_stored(
        forms.CIRCUMSTANCE_CHOICES, [*family.circumstances, *family.may_be_told]
    )
    form.circumstances.choices = form.may_be_told.choices = words
    places = [(str(place.id), place.name) for place in open_places()]
    if (
        family.preferred_place
        and (str(family.preferred_place_id), family.preferred_place.name) not in places
    ):
        places.append((str(family.preferred_place_id), family.preferred_place.name))
    form.preferred_place_id.choices = [("", "None"), *places]
    if current_user.role in ARRANGERS:
        people = [(str(person.id), person.name) for person in practitioners()]
        if family.practitioner and not family.practitioner.active:
            people.append((str(family.practitioner_id), f"{family.practitioner.name} (left)"))
        form.practitioner_id.choices = [("", "Nobody yet"), *people]
    else:
        del form.practitioner_id
    if current_user.role != MANAGER:
        del form.closed_to_matchers
    if len(family.present_carers) < 2 and not family.carers_keep_apart:
        del form.carers_keep_apart
    return form


@families.route("/<reference>/move", methods=["GET", "POST"])
@signed_in
def move(reference: str) -> Any:
    family = opened(reference, "move")
    form = forms.HomeForm(data={"version": family.version})
    return save(
        form,
        lambda: move_home(
            family,
            address=form.address.data,
            postcode=form.postcode.data,
            by=current_user,
            at=clock.now(),
            expect_version=form.opened_at,
        ),
        page=lambda: render_template(
            "families/home.html", form=form, family=this_family(reference)
        ),
        then=lambda _: home_of(family),
        said="The new address is saved. It is not assessed yet, so nobody goes there alone.",
        row=family,
    )


@families.route("/<reference>/notes/new", methods=["GET", "POST"])
@signed_in
def note(reference: str) -> Any:
    family = this_family(reference)
    form = forms.NoteForm()
    return save(
        form,
        lambda: add_note(family, form.words.data, by=current_user, at=clock.now()),
        page=lambda: render_template(
            "families/note.html", form=form, family=this_family(reference)
        ),
        then=lambda _: home_of(family),
        said="The note is added.",
    )
