"""The texts: what each says in each wording and language, writing them afresh, approving them.

Only managers; nothing that a manager writes goes to anybody before a second person has read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import MANAGER, allow, found
from app.accounts import queries as accounts
from app.audit.record import actor, actor_words
from app.db import db, transact
from app.desk.forms import ApproveTextForm, TextForm
from app.desk.longest import longest
from app.desk.views import desk
from app.errors import DomainError
from app.forms import put
from app.messaging import own_texts
from app.messaging.drafts import draft_for
from app.messaging.languages import ENGLISH, LANGUAGES
from app.messaging.own_words import FACT_WORDS, SORTS, checked, editable, facts_for
from app.messaging.preview import previews, replaced
from app.messaging.wordings import Facts, Key, NoWording
from app.saving import save
from app.settings import store
from app.typed import read_number

STATES = {
    "approve": "To approve",
    "own": "Approved",
    "delivered": "As delivered",
    "none": "None yet",
}


@dataclass(frozen=True)
class Row:
    """One text in one language: the words in use, or of the draft where there are none, or those
    that came with the service to begin with.
    """

    key: Key
    words: str | None
    state: str
    newest: own_texts.OwnText | None
    parts: int = 0  # at most
    letters: str = ""

    @property
    def label(self) -> str:
        return SORTS[self.key[0]].words


def rows_in(language: str) -> list[Row]:
    """Every text in a language with its state: one statement for each of the two questions."""
    newest, book = own_texts.newest_of(language), own_texts.book(language)
    known, most = Facts.of(store.current()), longest()
    rows = []
    for key in editable():
        row = newest.get(key)
        try:
            used = book.words(*key)
        except NoWording:
            used = None
        if row is not None and row.words is not None and row.approved_at is None:
            state = "approve"
        elif key in book.own:
            state = "own"
        else:
            state = "delivered" if used else "none"
        words = used or (row.words if row else None) or draft_for(key, language)
        shown = previews(key, words, book, known, most) if words else ()
        sizes = [each.size for each in shown]
        rows.append(
            Row(
                key, words, state, row,
                parts=max((size.segments for size in sizes), default=0),
                letters="UCS-2" if any(size.encoding == "UCS-2" for size in sizes) else "GSM-7",
            )
        )  # fmt: skip
    return rows


@desk.get("/settings/texts")
@allow(MANAGER)
def texts() -> str:
    language = request.args.get("language", ENGLISH)
    if language not in LANGUAGES:
        language = ENGLISH
    state = request.args.get("state", "")
    words = request.args.get("q", "").strip()[:100].replace("\0", "")
    rows = rows_in(language)
    counts = {name: sum(row.state == name for row in rows) for name in STATES}
    shown = [row for row in rows if state not in STATES or row.state == state]
    asked = words.casefold()
    shown = [row for row in shown if asked in f"{row.label} {row.key[1]} {row.words}".casefold()]
    return render_template(
        "desk/texts.html",
        rows=shown, language=language, languages=LANGUAGES, state=state, states=STATES,
        counts=counts, total=len(rows), words=words,
    )  # fmt: skip


@desk.route("/settings/texts/<language>/<purpose>/<wording>", methods=["GET", "POST"])
@allow(MANAGER)
def one_text(language: str, purpose: str, wording: str) -> Any:
    """Read a text, look at how new words would be sent, and keep them as a draft."""
    key = this_text(language, purpose, wording)
    form = text_form(key, language)
    if form.is_submitted() and form.look.data:
        return previewed(form, key, language)
    return save(
        form,
        lambda: own_texts.write_text(
            key, language, form.words.data, seen=form.opened_at, by=current_user, at=clock.now()
        ),
        page=lambda: page(key, language, form),
        then=lambda _: url_for(
            "desk.one_text", language=language, purpose=purpose, wording=wording
        ),
        said="The draft is kept. It is used once somebody else has read it.",
        version=lambda: newest_id(key, language),
    )


@desk.post("/settings/texts/<language>/<purpose>/<wording>/approve")
@allow(MANAGER)
def approve_text(language: str, purpose: str, wording: str) -> Any:
    key = this_text(language, purpose, wording)
    draft = found(db.session.get(own_texts.OwnText, read_number(request.form.get("draft")) or 0))
    if (draft.purpose, draft.wording, draft.language) != (*key, language):
        found(None)
    form = ApproveTextForm()
    return save(
        form,
        lambda: own_texts.approve_text(
            draft, form.reader.data or "", by=current_user, at=clock.now()
        ),
        page=lambda: page(key, language, text_form(key, language, typed=False), form),
        then=lambda _: url_for("desk.texts", language=language),
        said=f"{SORTS[purpose].words} ({wording}) is approved. It is used from now on.",
        version=lambda: newest_id(key, language),
    )


@desk.post("/settings/texts/<language>/<purpose>/<wording>/drop")
@allow(MANAGER)
def drop_text(language: str, purpose: str, wording: str) -> Response:
    key = this_text(language, purpose, wording)
    seen = read_number(request.form.get("seen")) or 0
    try:
        transact(
            lambda: own_texts.drop_text(key, language, seen=seen, by=current_user, at=clock.now())
        )
    except DomainError as error:
        flash(error.message, "error")
    else:
        flash("The text as delivered is used again." if language == ENGLISH else
              "The text is not used any more: English goes instead.", "success")  # fmt: skip
    return redirect(url_for("desk.one_text", language=language, purpose=purpose, wording=wording))


def this_text(language: str, purpose: str, wording: str) -> Key:
    """The text of an address; what cannot be written is not there."""
    found(LANGUAGES.get(language))
    key = (purpose, wording)
    return found(key if key in editable() else None)  # type: ignore[no-any-return]


def text_form(key: Key, language: str, *, typed: bool = True) -> TextForm:
    """The form with what was typed, or the newest words, or those of the older version that the
    address asks for.
    """
    history = own_texts.versions(key, language)
    older = read_number(request.args.get("from"))
    words = next((row.words for row in history if row.words and row.id == older), None)
    if words is None:
        words = next((row.words for row in history[:1]), None)
    if words is None:
        used = used_words(key, language) if language == ENGLISH else None
        words = used or draft_for(key, language)
    stored = {"words": words, "version": str(history[0].id if history else 0)}
    form = TextForm(data=stored) if typed else TextForm(formdata=None, data=stored)
    form.words.render_kw = {
        "lang": language, "dir": LANGUAGES[language].direction, "params": {"rows": 4},
        "spellcheck": "true",
    }  # fmt: skip
    return form


def newest_id(key: Key, language: str) -> int:
    newest = own_texts.newest_version(key, language)
    return newest.id if newest else 0


def previewed(form: TextForm, key: Key, language: str) -> Any:
    """The page with what was typed as it would be sent; nothing is kept."""
    if not form.validate():
        return page(key, language, form), 422
    try:
        checked(*key, language, form.words.data)
    except DomainError as error:
        put(form, error)
        return page(key, language, form), 422
    return page(key, language, form)


def page(key: Key, language: str, form: TextForm, approve: ApproveTextForm | None = None) -> str:
    history = own_texts.versions(key, language)
    newest = history[0] if history else None
    draft = newest if newest and newest.words and newest.approved_at is None else None
    own = draft is not None and draft.written_by == actor(current_user)
    always, may = facts_for(*key, language)
    names = accounts.names()
    return render_template(
        "desk/text.html",
        form=approve if approve is not None and approve.errors else form,
        text_form=form, approve=approve or ApproveTextForm(), own=own,
        key=key, label=SORTS[key[0]].words, language=language, languages=LANGUAGES,
        used=used_words(key, language), english=own_texts.book().words(*key), draft=draft,
        newest=newest, history=history, who=lambda by: actor_words(by, names),
        delivered=draft_for(key, language),
        always=sorted(always), may=sorted(may), fact_words=FACT_WORDS,
        shown=as_sent(key, language, form.words.data), replaced=replaced(form.words.data or ""),
    )  # fmt: skip


def used_words(key: Key, language: str) -> str | None:
    try:
        return own_texts.book(language).words(*key)
    except NoWording:
        return None


def as_sent(key: Key, language: str, typed: str | None) -> Sequence[Any]:
    """How the words in the box would be sent; nothing while they cannot be."""
    try:
        words = checked(*key, language, typed or "")
    except DomainError:
        return ()
    book = own_texts.book(language)
    return previews(key, words, book, Facts.of(store.current()), longest())
