"""The public referral form. Nothing is kept before Send: each page carries the answers of the
others in hidden fields, and every page is checked again at the end.
"""

import re
import secrets
from typing import NamedTuple

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.access import public
from app.accounts.attempts import address_digest
from app.db import transact
from app.enquiries import refer_forms
from app.enquiries.blueprint import enquiries
from app.enquiries.receive_referral import LETTERS, TooManyReferrals, receive_referral
from app.errors import DomainError, page_for
from app.forms import Form, put
from app.saving import words_of


class Page(NamedTuple):
    """One page of the form: its question, what it says first, and its fields."""

    heading: str
    lead: str
    form: type[Form]


PAGES = (
    Page("About you", "", refer_forms.YouForm),
    Page("The family", "A first name is enough to begin with.", refer_forms.CarersForm),
    Page(
        "How may we reach them?",
        "Ask the parent. If you have not asked, say so: then we ring and ask.",
        refer_forms.ReachForm,
    ),
    Page("The children", "Leave empty what you do not know.", refer_forms.ChildrenForm),
    Page("Their choice", "“Not yet” is a fine answer.", refer_forms.FamilyChoiceForm),
    Page("Visits", "", refer_forms.VisitsForm),
)
CHECK = len(PAGES)  # the page after the last question
ONCE = re.compile(r"[A-Za-z0-9_-]{16,40}")
REFERENCE = re.compile(f"R-[{LETTERS}]{{5}}")


@enquiries.get("/refer")
@public
def refer() -> Response:
    return shown(0, forms_of_request())


@enquiries.post("/refer", endpoint="refer_on")
@public
def refer_on() -> Response:
    forms = forms_of_request()
    page = page_number(request.form.get("page"))
    if "to" in request.form:
        return shown(page_number(request.form["to"]), forms)
    if page < CHECK:
        if not forms[page].validate():
            return shown(page, forms, 422)
        return shown(CHECK if "checking" in request.form else page + 1, forms)
    for number, form in enumerate(forms):
        if not form.validate():
            return shown(number, forms, 422)
    return send(forms)


def send(forms: list[Form]) -> Response:
    answers = {
        **{name: value for form in forms for name, value in form.data.items()},
        "children": forms[3].children(),
    }
    digest = address_digest(request.remote_addr or "")
    try:
        referral = transact(
            lambda: receive_referral(answers, address_digest=digest, once=once(), at=clock.now())
        )
    except TooManyReferrals as error:
        return page_for(429, words=error.message)
    except DomainError as error:
        number = next((n for n, form in enumerate(forms) if error.field in form), 0)
        put(forms[number], error)
        return shown(number, forms, 422)
    return redirect(url_for("enquiries.referred", reference=referral.reference))


@enquiries.get("/refer/sent/<reference>")
@public
def referred(reference: str) -> str:
    # Says only what stands in the address: it cannot be asked which references exist.
    if not REFERENCE.fullmatch(reference):
        abort(404)
    return render_template("enquiries/referred.html", reference=reference)


def forms_of_request() -> list[Form]:
    return [page.form() for page in PAGES]


def page_number(typed: str | None) -> int:
    return int(typed) if typed and re.fullmatch("[0-9]", typed) and int(typed) <= CHECK else 0


def once() -> str:
    typed = request.form.get("once", "")
    return typed if ONCE.fullmatch(typed) else secrets.token_urlsafe(16)


def shown(number: int, forms: list[Form], status: int = 200) -> Response:
    """A page with the answers of the other pages in hidden fields; or the check of all of them."""
    if number == CHECK:
        for first, form in enumerate(forms):
            if not form.validate():
                return shown(first, forms, 422)
        return make_response(
            render_template(
                "enquiries/refer_check.html",
                form=forms[0],
                page=CHECK,
                kept=kept_answers(forms, CHECK),
                once=once(),
                groups=[(n, PAGES[n].heading, answered(form)) for n, form in enumerate(forms)],
            )
        )
    words = render_template(
        "enquiries/refer.html",
        form=forms[number],
        page=number,
        pages=len(PAGES),
        heading=PAGES[number].heading,
        lead=PAGES[number].lead,
        kept=kept_answers(forms, number),
        once=once(),
        checking="checking" in request.form or page_number(request.form.get("page")) == CHECK,
    )
    return make_response(words, status)


def kept_answers(forms: list[Form], number: int) -> list[tuple[str, str]]:
    """What was typed on the other pages, as it was typed."""
    names = {
        field.name
        for n, form in enumerate(forms)
        if n != number
        for field in form
        if field.name not in ("csrf_token", "version")
    }
    return [(name, value) for name, value in request.form.items(multi=True) if name in names]


def answered(form: Form) -> list[tuple[str, str]]:
    """The questions of a page that were answered, with the answers in words."""
    return [
        (field.label.text, words_of(field, field.data))
        for field in form
        if field.name not in ("csrf_token", "version") and field.data not in (None, "", [])
    ]
