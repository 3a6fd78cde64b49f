"""Referrals as staff see them: the list, one of them, taking it up, or not and the letter."""

from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from app import clock
from app.access import ARRANGERS, allow, found
from app.audit.record import record
from app.db import hold, write_in_get
from app.enquiries.blueprint import enquiries
from app.enquiries.forms import DeclineForm, TakeUpForm
from app.enquiries.models import Referral
from app.enquiries.queries import list_referrals, referral_by_id, referral_counts
from app.enquiries.settle_referral import REASONS, decline_referral, take_up_referral
from app.enquiries.shown_answers import shown_answers
from app.errors import DomainError
from app.families.blueprint import home_of
from app.families.duplicates import Twin, possible_duplicates
from app.families.models import Family
from app.families.queries import family_by_id, practitioners, visible_to
from app.paging import Asked
from app.saving import save

NEW_FAMILY = "new"
STATES = {
    "new": ("New", "No referral waits. They come from the referral form."),
    "taken_up": ("Taken up", "No referral has been taken up yet."),
    "not_taken_up": ("Not taken up", "No referral has been turned away."),
}


def this_referral(referral_id: int) -> Referral:
    referral: Referral = found(referral_by_id(current_user, referral_id))
    return referral


@enquiries.get("/referrals")
@allow(*ARRANGERS)
def referrals() -> str:
    state = request.args.get("state", "new")
    state = state if state in STATES else "new"
    counts = referral_counts(current_user)
    asked = Asked.of(request.args)
    return render_template(
        "enquiries/referrals.html",
        asked=asked,
        part=list_referrals(current_user, state, asked),
        state=state,
        empty_words=STATES[state][1],
        reasons=REASONS,
        links=[
            {
                "words": words,
                "href": url_for("enquiries.referrals", state=None if name == "new" else name),
                "current": name == state,
                "number": counts.get(name, 0),
            }
            for name, (words, _) in STATES.items()
        ],
    )


@enquiries.route("/referrals/<id:referral_id>", methods=["GET", "POST"])
@allow(*ARRANGERS)
def referral(referral_id: int) -> Any:
    row = this_referral(referral_id)
    form = take_up_form(row)

    def act() -> Family:
        join = None
        if form.join.data != NEW_FAMILY:
            join = family_by_id(current_user, int(form.join.data))
            if join is None:
                raise DomainError("Choose one of the families shown.", "join")
        chosen = form.practitioner_id.data
        return take_up_referral(
            row,
            join=join,
            practitioner_id=int(chosen) if chosen else None,
            by=current_user,
            at=clock.now(),
        )

    def page() -> str:
        shown = this_referral(referral_id)
        return render_template(
            "enquiries/referral.html",
            form=form,
            referral=shown,
            groups=shown_answers(shown),
            twins=twins_of(shown),
            family=family_by_id(current_user, shown.family_id) if shown.family_id else None,
            reasons=REASONS,
        )

    return save(
        form,
        act,
        page=page,
        then=home_of,
        said=lambda family: f"Taken up as family {family.reference}.",
    )


def take_up_form(row: Referral) -> TakeUpForm:
    """A new family is chosen beforehand only where no record looks like the same family."""
    twins = twins_of(row)
    form = TakeUpForm(join=None if twins else NEW_FAMILY)
    form.join.choices = [
        (NEW_FAMILY, "A new family"),
        *((str(t.family.id), f"Join {t.family.name}, {t.family.reference}") for t in twins),
    ]
    people = [(str(person.id), person.name) for person in practitioners()]
    form.practitioner_id.choices = [("", "Nobody yet"), *people]
    return form


def twins_of(row: Referral) -> list[Twin]:
    """Families that this user may see and that may be the one referred."""
    answers = row.answers
    return possible_duplicates(
        first_name=answers.get("first_name"),
        surname=answers.get("surname"),
        mobile=answers.get("mobile"),
        landline=answers.get("landline"),
        postcode=answers.get("postcode"),
        within=visible_to(current_user),
    )


@enquiries.route("/referrals/<id:referral_id>/not-taken-up", methods=["GET", "POST"])
@allow(*ARRANGERS)
def decline(referral_id: int) -> Any:
    row = this_referral(referral_id)
    form = DeclineForm()
    return save(
        form,
        lambda: decline_referral(
            row, form.reason.data, words=form.words.data, by=current_user, at=clock.now()
        ),
        page=lambda: render_template(
            "enquiries/decline.html", form=form, referral=this_referral(referral_id)
        ),
        then=lambda _: url_for("enquiries.referral", referral_id=referral_id),
        said="The referral is not taken up. Print the letter for the referrer.",
    )


@enquiries.get("/referrals/<id:referral_id>/letter")
@allow(*ARRANGERS)
def letter(referral_id: int) -> str:
    row = this_referral(referral_id)
    found(row if row.state == "not_taken_up" else None)

    def note() -> None:
        hold(row)
        record("referral:letter_printed", row, by=current_user, at=clock.now())

    write_in_get(note)
    return render_template(
        "enquiries/letter.html", referral=this_referral(referral_id), reasons=REASONS
    )
