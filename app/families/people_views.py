"""Pages about the people of a family: carers who join, change and leave, and children."""

from typing import Any

from flask import render_template, url_for
from flask_login import current_user

from app import clock
from app.access import signed_in
from app.families import forms
from app.families.blueprint import families, home_of, opened, this_carer, this_child, this_family
from app.families.carers import add_carer, carer_leaves, change_carer
from app.families.children import add_child, change_child
from app.saving import save


@families.route("/<reference>/carers/new", methods=["GET", "POST"])
@signed_in
def new_carer(reference: str) -> Any:
    family = this_family(reference)
    form = forms.CarerForm()
    return save(
        form,
        lambda: add_carer(family, by=current_user, at=clock.now(), **form.particulars()),
        page=lambda: render_template(
            "families/carer.html", form=form, family=this_family(reference), carer=None
        ),
        then=lambda carer: url_for("families.contact", reference=reference, carer_id=carer.id),
        said=lambda carer: f"{carer.first_name} is added. How may we reach them?",
    )


@families.route("/<reference>/carers/<id:carer_id>", methods=["GET", "POST"])
@signed_in
def edit_carer(reference: str, carer_id: int) -> Any:
    family = this_family(reference)
    carer = this_carer(family, carer_id)
    form = forms.CarerForm(data=forms.carer_as_typed(carer))
    return save(
        form,
        lambda: change_carer(
            carer,
            by=current_user,
            at=clock.now(),
            expect_version=form.opened_at,
            **form.particulars(),
        ),
        page=lambda: carer_page("families/carer.html", reference, carer_id, form),
        then=lambda _: home_of(family),
        said="Saved.",
        row=carer,
    )


@families.route("/<reference>/carers/<id:carer_id>/leaves", methods=["GET", "POST"])
@signed_in
def leaves(reference: str, carer_id: int) -> Any:
    family = this_family(reference)
    carer = this_carer(family, carer_id)
    form = forms.LeavesForm(data={"version": carer.version})
    return save(
        form,
        lambda: carer_leaves(
            carer,
            on=form.left_on.data or clock.today(),
            by=current_user,
            at=clock.now(),
            expect_version=form.opened_at,
        ),
        page=lambda: carer_page("families/leaves.html", reference, carer_id, form),
        then=lambda _: home_of(family),
        said=f"{carer.first_name} is no longer of this family.",
        row=carer,
    )


def carer_page(template: str, reference: str, carer_id: int, form: Any) -> str:
    family = this_family(reference)
    carer = this_carer(family, carer_id)
    return render_template(template, form=form, family=family, carer=carer)


@families.route("/<reference>/children/new", methods=["GET", "POST"])
@signed_in
def new_child(reference: str) -> Any:
    family = this_family(reference)
    form = forms.ChildForm()
    del form.left_on
    return save(
        form,
        lambda: add_child(family, by=current_user, at=clock.now(), **form.particulars()),
        page=lambda: render_template(
            "families/child.html", form=form, family=this_family(reference), child=None
        ),
        then=lambda _: home_of(family),
        said="The child is added.",
    )


@families.route("/<reference>/children/<id:child_id>", methods=["GET", "POST"])
@signed_in
def edit_child(reference: str, child_id: int) -> Any:
    family = opened(reference, "child")
    child = this_child(family, child_id)
    form = forms.ChildForm(obj=child)

    def page() -> str:
        shown = this_family(reference)
        return render_template(
            "families/child.html", form=form, family=shown, child=this_child(shown, child_id)
        )

    return save(
        form,
        lambda: change_child(
            child,
            by=current_user,
            at=clock.now(),
            expect_version=form.opened_at,
            **form.particulars(),
        ),
        page=page,
        then=lambda _: home_of(family),
        said="Saved.",
        row=child,
    )
