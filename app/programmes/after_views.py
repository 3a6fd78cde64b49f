"""What is kept of a programme, and what comes after it: the videos and the follow-up."""

from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from app import clock
from app.access import found, signed_in
from app.db import db
from app.families.blueprint import home_of
from app.programmes.blueprint import last_programme, programmes, this_family
from app.programmes.cycles import video_of
from app.programmes.ending import delete_media, keep_media, settle_follow_up
from app.programmes.forms import DeletedForm, FollowUpForm, with_places
from app.programmes.models import Cycle, Programme
from app.programmes.queries import facts_of, programme_by_id, programmes_of
from app.saving import save
from app.scheduling.models import LIVE, Appointment


def filmed_cycles(programme: Programme) -> list[Cycle]:
    """The cycles of which there is a video, or was one."""
    facts = facts_of(programme.cycles)
    videos = {cycle.id: video_of(facts[cycle.id]) for cycle in programme.cycles}
    return [
        cycle
        for cycle in programme.cycles
        if cycle.kept_where or ((video := videos[cycle.id]) and video.status == "done")
    ]


@programmes.route("/families/<reference>/media", methods=["GET", "POST"])
@signed_in
def media(reference: str) -> Any:
    """Where videos are kept, and that they were deleted; no video is ever here."""
    family = this_family(reference)
    last = last_programme(family)
    form = DeletedForm()
    if request.method == "GET":
        form.version.data, form.on.data = str(last.version), clock.today()

    def page() -> str:
        here = this_family(reference)
        of = last_programme(here)
        return render_template(
            "programmes/media.html", form=form, family=here, programme=of,
            filmed=filmed_cycles(of), due=may_delete(of),
        )  # fmt: skip

    return save(
        form,
        lambda: delete_media(
            last, form.on.data or clock.today(), by=current_user, at=clock.now(),
            opened_at=form.opened_at,
        ),
        page=page,
        then=lambda _: home_of(this_family(reference)),
        said="Recorded: the videos are deleted.",
        version=lambda: last_programme(this_family(reference)).version,
    )  # fmt: skip


def may_delete(programme: Programme) -> bool:
    return programme.ended_on is not None and programme.media_deleted_on is None


@programmes.route("/families/<reference>/media/kept", methods=["GET", "POST"])
@signed_in
def kept(reference: str) -> Any:
    """Where the video of each cycle is kept, in words."""
    family = this_family(reference)
    last = last_programme(family)
    filmed = [(cycle.id, cycle.number, cycle.kept_where) for cycle in filmed_cycles(last)]
    found(filmed or None)
    form: Any = with_places([(cycle_id, number) for cycle_id, number, _ in filmed])()
    if request.method == "GET":
        form.version.data = str(last.version)
        for cycle_id, _, where in filmed:
            form[f"kept_{cycle_id}"].data = where
    return save(
        form,
        lambda: keep_media(
            last, {cycle_id: form[f"kept_{cycle_id}"].data for cycle_id, _, _ in filmed},
            by=current_user, at=clock.now(), opened_at=form.opened_at,
        ),
        page=lambda: render_template(
            "programmes/kept.html", form=form, family=this_family(reference)
        ),
        then=lambda _: url_for("programmes.media", reference=reference),
        said="Where they are kept is recorded.",
        version=lambda: found(programme_by_id(last.id)).version,
    )  # fmt: skip


@programmes.route("/families/<reference>/follow-up", methods=["GET", "POST"])
@signed_in
def follow_up(reference: str) -> Any:
    """What came of the follow-up, or why there was none; or book one."""
    family = this_family(reference)
    last: Programme = found(next((p for p in programmes_of(family.id) if p.ended_on), None))
    form = FollowUpForm()

    def page() -> str:
        here = this_family(reference)
        return render_template(
            "programmes/follow_up.html", form=form, family=here,
            programme=found(programme_by_id(last.id)), booked=follow_up_to_come(here.id),
        )  # fmt: skip

    return save(
        form,
        lambda: settle_follow_up(last, form.words.data, by=current_user, at=clock.now()),
        page=page,
        then=lambda _: home_of(this_family(reference)),
        said="Recorded.",
    )


def follow_up_to_come(family_id: int) -> Appointment | None:
    """The follow-up that is booked, if there is one."""
    return db.session.scalars(
        select(Appointment)
        .where(
            Appointment.family_id == family_id,
            Appointment.kind == "follow_up",
            Appointment.status.in_(LIVE),
        )
        .order_by(Appointment.starts_at)
        .limit(1)
    ).first()
