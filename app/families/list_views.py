"""The list of families."""

from flask import render_template, request, url_for
from flask_login import current_user

from app import clock
from app.access import signed_in
from app.families import hooks
from app.families.blueprint import families
from app.families.listing import LONGEST_SEARCH, Asked, Listed, list_families
from app.typed import read_number


@families.get("", endpoint="index")
@signed_in
def list_page() -> str:
    listed = list_families(current_user, asked(), at=clock.now())
    return render_template(
        "families/list.html",
        listed=listed,
        asked=listed.asked,
        stages=stage_links(listed),
        columns=[(name, hooks.columns[name].heading) for name in hooks.columns],
        nobody=nobody(listed),
    )


def asked() -> Asked:
    return Asked(
        words=request.args.get("q", "").strip()[:LONGEST_SEARCH],
        stage=request.args.get("stage", ""),
        sort=request.args.get("sort", ""),
        page=read_number(request.args.get("page")) or 1,
    )


def stage_links(listed: Listed) -> list[dict[str, object]]:
    known = {"": "All", **{name: hooks.stages[name].words for name in hooks.stages}}
    present = listed.asked.stage if listed.asked.stage in known else ""
    return [
        {
            "words": words,
            "href": url_for("families.index", stage=name or None),
            "current": name == present and not listed.asked.words,
            "number": listed.counts.get(name, 0),
        }
        for name, words in known.items()
    ]


def nobody(listed: Listed) -> str:
    """What an empty list says: why, and what fills it."""
    if listed.asked.words:
        return "No family has this in a carer’s name, its reference or a phone number."
    if listed.asked.stage in hooks.stages:
        return hooks.stages[listed.asked.stage].empty
    if current_user.role == "practitioner":
        return "No family is yours yet. A coordinator gives you families as they are taken up."
    return "No family is here yet. Start with an enquiry by phone, or take up a referral."
