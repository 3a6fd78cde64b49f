"""The whole application put together: the only file that knows every package.

`create_app` makes a Flask application from the environment; the registries through which lower
packages reach higher ones are filled here and then frozen.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import access, config, db, errors, extensions, headers, pages
from app.accounts import hooks as account_hooks
from app.accounts import invite_mail
from app.accounts import login as account_login
from app.accounts import queries as account_queries
from app.accounts import views as account_views
from app.cli import commands
from app.conversations import (
    drop_out,
    end_offer,
    family_texts,
    follow_choice,
    offer_texts,
    on_peer_page,
)
from app.conversations import family_link_views as family_links
from app.conversations import kinds as conversation_kinds
from app.conversations import leaving as conversation_leaving
from app.conversations import loads as conversation_loads
from app.conversations import merge as conversation_merge
from app.conversations import offer_link_views as offer_links
from app.conversations import reply_reader as offer_reader
from app.conversations import views as conversation_views
from app.conversations import waiting as conversation_waiting
from app.desk import (  # noqa: F401  (hang their pages on the blueprint)
    family_page,
    help_views,
    let_go_views,
    peer_hits,
    search,
    settings_views,
    texts_views,
    work_list,
)
from app.desk import views as desk_views
from app.enquiries import hooks as enquiry_hooks
from app.enquiries import merge as enquiry_merge
from app.enquiries import stages as enquiry_stages
from app.enquiries import views as enquiry_views
from app.enquiries import waiting as enquiry_waiting
from app.families import hooks as family_hooks
from app.families import listing as family_listing
from app.families import recipient as family_recipient
from app.families import texting as family_texting
from app.families import views as family_views
from app.health import views as health_views
from app.lone_working import doubts, my_day, watch
from app.lone_working import frame as watch_frame
from app.lone_working import reply_reader as visit_replies
from app.lone_working import texts as watch_texts
from app.lone_working import views as watch_views
from app.lone_working import waiting as watch_waiting
from app.messaging import blueprint as message_pages
from app.messaging import delivery_views, free_text, holding_views, inbound  # noqa: F401  (pages of its own)
from app.messaging import frame as sending_frame
from app.messaging import registry as messaging
from app.messaging import views as message_views
from app.messaging.webhooks import webhooks
from app.peers import hooks as peer_hooks
from app.peers import link_views as peer_links
from app.peers import recipient as peer_recipient
from app.peers import times_texts as peer_times
from app.peers import views as peer_views
from app.peers import waiting as peer_waiting
from app.places import hooks as place_hooks
from app.places import postcode_views as place_views
from app.programmes import (  # noqa: F401  (hang their pages on the blueprint)
    after_views,
    consent_views,
    cycle_views,
    for_booking,
    goal_views,
    plan_views,
    programme_views,
)
from app.programmes import blueprint as programme_pages
from app.programmes import causes as programme_causes
from app.programmes import family_part as programme_part
from app.programmes import hooks as programme_hooks
from app.programmes import kinds as programme_kinds
from app.programmes import waiting as programme_waiting
from app.registry import Registry
from app.risk import danger
from app.risk import hooks as risk_hooks
from app.risk import views as risk_views
from app.risk import waiting as risk_waiting
from app.scheduling import (
    caseload,
    feed_views,
    foreseen,
    in_doubt,
    link_views,
    reply_reader,
    retime,
    text_purposes,
    thread_panel,
)
from app.scheduling import hooks as scheduling_hooks
from app.scheduling import merge as appointment_merge
from app.scheduling import queries as appointment_queries
from app.scheduling import views as scheduling_views
from app.scheduling import waiting as appointment_waiting
from app.scheduling.invitations import mail as invitation_mail
from app.scheduling.invitations import mailbox as answer_mailbox
from app.scheduling.invitations import waiting as invitation_waiting
from app.scheduling.kinds import kinds
from app.scheduling.let_go import time_let_go
from app.scheduling.models import KINDS
from app.scheduling.own_calendars import own_calendar
from app.scheduling.own_calendars import read as read_calendars
from app.scheduling.own_calendars import waiting as calendar_waiting
from app.settings import store
from app.simulator import views as simulator_views
from app.spreadsheets import views as spreadsheet_views
from app.tasks import by_hand
from app.worker import jobs as worker_jobs

ROOT = Path(__file__).resolve().parent.parent


def create_app(environ: Mapping[str, str] | None = None, *, instance: Path | None = None) -> Flask:
    """The application, configured from `environ` (default: the process's). Raises Misconfigured."""
    instance = instance or ROOT / "instance"
    settings = config.read(os.environ if environ is None else environ, instance)
    app = Flask(
        "app",
        root_path=str(ROOT / "app"),
        instance_path=str(instance),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "app" / "static" / "build"),
        static_url_path="/static",
    )
    configure(app, settings)
    headers.init_app(app, production=settings.production)
    db.init_app(app)
    extensions.csrf.init_app(app)
    extensions.migrate.init_app(app, db.db, directory=str(ROOT / "app" / "migrations"))
    pages.init_app(app)
    access.init_app(app)
    account_login.init_app(app)
    errors.init_app(app)
    fill_registries()
    register_pages(app, settings)
    commands.init_app(app)
    return app


def configure(app: Flask, settings: config.Config) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks) or None,
        SERVICE=settings,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        PUBLIC_URL=settings.public_url,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_NAME="__Host-session" if settings.production else "session",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=[settings.host] if settings.production else None,
        LOGIN_DISABLED=False,
    )
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxy_hops, x_proto=1, x_host=0
        )


def engine_options(url: str) -> dict[str, object]:
    """How connections are kept: on PostgreSQL one for each thread of a web process
    (cli/start.py). A worker's threads are more: none of them waits for a connection."""
    options: dict[str, object] = {"hide_parameters": True, "pool_pre_ping": True}
    if url != "sqlite://":  # one in memory is one connection
        options["max_overflow"] = 48
    return options | {"pool_size": 8} if url.startswith("postgresql") else options


def register_pages(app: Flask, settings: config.Config) -> None:
    """Every blueprint. Links and webhooks carry their own proof, so they need no CSRF token."""
    app.register_blueprint(account_views.accounts)
    app.register_blueprint(desk_views.desk)
    app.register_blueprint(family_views.families)
    app.register_blueprint(enquiry_views.enquiries)
    app.register_blueprint(place_views.places)
    app.register_blueprint(message_pages.messaging)
    app.register_blueprint(scheduling_views.scheduling)
    app.register_blueprint(feed_views.feeds)
    app.register_blueprint(programme_pages.programmes)
    app.register_blueprint(conversation_views.conversations)
    app.register_blueprint(peer_views.peers)
    app.register_blueprint(risk_views.risk)
    app.register_blueprint(watch_views.lone_working)
    if not settings.production:
        app.register_blueprint(simulator_views.simulator)
    app.register_blueprint(health_views.health)
    app.register_blueprint(spreadsheet_views.spreadsheets)
    for own_proof in (
        webhooks,
        link_views.blueprint,
        offer_links.blueprint,
        family_links.blueprint,
        peer_links.blueprint,
    ):
        extensions.csrf.exempt(own_proof)
        app.register_blueprint(own_proof)


# Every table through which a lower package reaches a higher one.
TABLES: tuple[Registry[Any], ...] = (
    pages.nav, pages.badges, pages.banners, pages.frame, pages.small_reads,
    account_hooks.caseload, account_hooks.on_leaving, account_hooks.own_pages,
    messaging.recipients, messaging.purposes, messaging.readers, messaging.owners,
    messaging.visible, messaging.on_danger, messaging.surroundings, messaging.named,
    messaging.foresight, messaging.readable,
    place_hooks.booked, family_hooks.on_merge, family_hooks.on_move, family_hooks.on_contact,
    family_hooks.joined,
    family_hooks.stages, family_hooks.columns, enquiry_hooks.on_choice, enquiry_hooks.stops,
    work_list.sources, work_list.causes, search.places_to_look, family_page.parts, kinds,
    worker_jobs.jobs, worker_jobs.watches, risk_hooks.on_assessment, peer_hooks.loads,
    peer_hooks.on_away, peer_hooks.on_exclusion, peer_hooks.happened, scheduling_hooks.cycles,
    scheduling_hooks.waiting_for, by_hand.closers,
)  # fmt: skip


def fill_registries() -> None:
    """Fill and freeze every table; a second application in one process fills them afresh.

    A table that lacks an entry without which a promise would not be kept stops the start.
    """
    for table in TABLES:
        table.clear()
    fill_navigation()
    fill_frame()
    fill_accounts()
    fill_messaging()
    fill_families()
    fill_kinds()
    fill_peers()
    fill_conversations()
    fill_programmes()
    fill_desk()
    worker_jobs.add_jobs(worker_jobs.messaging_jobs())
    fill_lone_working()
    for table in TABLES:
        table.freeze()
    kinds.freeze(*KINDS)
    messaging.recipients.freeze("staff", "carer", "peer")
    messaging.purposes.freeze("booked", "moved", "cancelled", "reminder", "reminder_early")
    place_hooks.booked.freeze("appointments")
    worker_jobs.watches.freeze("visits")
    by_hand.closers.freeze(*in_doubt.EXPLAINABLE)
    scheduling_hooks.cycles.freeze("by_id", "next_of", "book_pair", "repeat_video", "later")


def fill_desk() -> None:
    work_list.causes.add("own_calendars", calendar_waiting.CAUSES)
    worker_jobs.jobs.add(
        "read own calendars",
        worker_jobs.Job(
            "read own calendars", 5, lambda at: read_calendars.read_next(at=at), aside=True
        ),
    )
    work_list.causes.add("mailbox", invitation_waiting.CAUSES)
    worker_jobs.jobs.add(
        "read answers",
        worker_jobs.Job("read answers", 15, lambda at: answer_mailbox.read_next(at=at), aside=True),
    )
    work_list.causes.add("enquiries", enquiry_waiting.CAUSES)
    work_list.sources.add("scheduling", appointment_waiting.waiting)
    work_list.causes.add("scheduling", time_let_go.CAUSES)
    scheduling_hooks.waiting_for.add("families", let_go_views.number_waiting)
    place_hooks.booked.add("appointments", appointment_queries.booked_at)
    for kind in in_doubt.EXPLAINABLE:
        by_hand.closers.add(kind, in_doubt.close_explained)


def fill_lone_working() -> None:
    worker_jobs.watches.add("visits", watch.look)
    risk_hooks.on_assessment.add("visits", doubts.doubt_visits)
    family_hooks.on_move.add("visits", doubts.doubt_moved)
    work_list.causes.add("risk", risk_waiting.CAUSES)
    work_list.causes.add("lone_working", watch_waiting.CAUSES)
    work_list.sources.add("alarms", watch_waiting.alarms)
    pages.badges.add("lone_working", watch_frame.badge)
    pages.small_reads.add("watch_beat", watch_frame.beat_read)
    pages.banners.add("watch", watch_frame.strip)
    # After the watch's: somebody who may not be safe comes before texts that wait.
    pages.small_reads.add(sending_frame.STOPPED, sending_frame.stopped_read)
    pages.small_reads.add(sending_frame.OLDEST, sending_frame.oldest_read)
    pages.banners.add("sending", sending_frame.strip)
    pages.frame.add("watch_words", watch_frame.watch_words)
    pages.frame.add("my_day", lambda: my_day.mine)
    pages.frame.add("out_now", lambda: watch_frame.out_now)
    account_hooks.own_pages.add(
        "rota", account_hooks.OwnPage("Duty rota", "risk.rota", "who answers for alarms")
    )
    account_hooks.own_pages.add(
        "to_agree",
        account_hooks.OwnPage("Homes to agree", "risk.to_agree", "raised and high levels"),
    )


def fill_peers() -> None:
    messaging.recipients.add("peer", peer_recipient.peer_recipient)
    messaging.purposes.add("peer_times", peer_times.PEER_TIMES)
    messaging.owners.add("peer", peer_recipient.owners)
    messaging.visible.add("peer", peer_recipient.peer_visible)
    messaging.readable.add("peer", peer_recipient.readable_peers)
    messaging.named.add("peer", peer_recipient.peers_named)
    peer_hooks.loads.add("conversations", conversation_loads.loads)
    peer_hooks.happened.add("conversations", on_peer_page.happened)
    peer_hooks.on_away.add("conversations", drop_out.follow_away)
    peer_hooks.on_exclusion.add("conversations", drop_out.follow_exclusion)
    work_list.causes.add("peers", peer_waiting.CAUSES)
    search.places_to_look.add("peers", peer_hits.peer_hits)


def fill_conversations() -> None:
    purposes = {**offer_texts.offer_purposes(), **family_texts.family_purposes()}
    for name, purpose in purposes.items():
        messaging.purposes.add(name, purpose)
    account_hooks.caseload.add("conversations", conversation_leaving.conversations_of)
    account_hooks.on_leaving.add("conversations", conversation_leaving.hand_over)
    enquiry_hooks.on_choice.add("conversations", follow_choice.follow_choice)
    enquiry_hooks.stops.add("conversations", follow_choice.stops)
    family_hooks.on_merge.add("conversations", conversation_merge.join_conversations)
    work_list.sources.add("conversations", conversation_waiting.waiting)
    worker_jobs.jobs.add(
        "expire offers",
        worker_jobs.Job("expire offers", 30, lambda at: end_offer.expire_next(at=at)),
    )


def fill_programmes() -> None:
    family_page.parts.add("programme", programme_part.for_page)
    work_list.causes.add("programmes", programme_causes.CAUSES)
    work_list.sources.add("programmes", programme_waiting.in_programmes)
    enquiry_hooks.on_choice.add("programmes", programme_hooks.follow_choice)
    enquiry_hooks.stops.add("programmes", programme_hooks.stopped_by)
    scheduling_hooks.cycles.add("by_id", for_booking.cycle_shown)
    scheduling_hooks.cycles.add("next_of", for_booking.next_of)
    scheduling_hooks.cycles.add("book_pair", for_booking.pair_booked)
    scheduling_hooks.cycles.add("repeat_video", for_booking.video_repeated)
    scheduling_hooks.cycles.add("later", for_booking.later_than)
    scheduling_hooks.cycles.add("first", for_booking.first_moment)
    family_hooks.on_merge.add("programmes", programme_hooks.join_programmes)
    family_hooks.joined.add("Programme", programme_hooks.programme_held)


NAVIGATION = {
    "today": pages.NavItem("Today", "desk.index", ("desk",)),
    "families": pages.NavItem(
        "Families",
        "families.index",
        (
            "families",
            "enquiries",
            "programmes",
            "desk.family",
            "desk.family_texts_page",
            "risk.home",
            "scheduling.book_what",
            "scheduling.book_times",
            "scheduling.book_check",
        ),
    ),
    "peers": pages.NavItem("Peer parents", "peers.index", ("peers", "conversations")),
    "diary": pages.NavItem("Diary", "scheduling.diary", ("scheduling",)),
    "texts": pages.NavItem("Texts", "messaging.index", ("messaging",)),
    "lone_working": pages.NavItem("Lone working", "lone_working.board", ("lone_working", "risk")),
}


def fill_navigation() -> None:
    """The six places, in their order; one whose page does not exist is not shown."""
    for name, item in NAVIGATION.items():
        pages.nav.add(name, item)
    pages.badges.add("texts", message_views.badge)
    pages.small_reads.add("replies", message_views.replies_waiting)


def fill_frame() -> None:
    pages.frame.add("rules", store.current)


def fill_accounts() -> None:
    account_hooks.caseload.add("families", caseload.families_of)
    account_hooks.caseload.add("appointments", caseload.appointments_of)
    account_hooks.caseload.add("tasks", caseload.tasks_of)
    account_hooks.on_leaving.add("caseload", caseload.hand_over)
    account_hooks.own_pages.add(
        "staff", account_hooks.OwnPage("Staff", "accounts.staff", "accounts, roles, working hours")
    )
    account_hooks.own_pages.add(
        "feed", account_hooks.OwnPage("Calendar feed", "feeds.own", "for Outlook and others")
    )
    account_hooks.on_leaving.add("own_calendar", own_calendar.end_calendar)
    account_hooks.own_pages.add(
        "own_calendar",
        account_hooks.OwnPage(
            "Your own calendar", "scheduling.my_calendar", "busy times from Outlook or Google"
        ),
    )
    account_hooks.own_pages.add(
        "absences",
        account_hooks.OwnPage("Leave and absence", "scheduling.absences", "yours and the team’s"),
    )
    account_hooks.own_pages.add(
        "settings", account_hooks.OwnPage("Settings", "desk.settings", "every number and name")
    )
    account_hooks.own_pages.add(
        "import",
        account_hooks.OwnPage("Import", "spreadsheets.upload", "the team’s spreadsheets"),
    )
    account_hooks.own_pages.add(
        "places", account_hooks.OwnPage("Places", "places.index", "hubs, schools, offices, rooms")
    )
    account_hooks.own_pages.add(
        "interpreters",
        account_hooks.OwnPage("Interpreters", "scheduling.interpreters", "languages and phones"),
    )


def fill_messaging() -> None:
    messaging.recipients.add("staff", account_queries.staff_recipient)
    messaging.recipients.add("carer", family_recipient.carer_recipient)
    messaging.owners.add("carer", family_recipient.owners)
    messaging.visible.add("carer", family_recipient.carer_visible)
    messaging.readable.add("carer", family_recipient.readable_carers)
    messaging.named.add("carer", family_recipient.carers_named)
    messaging.owners.add("staff", account_queries.owners)
    messaging.purposes.add("account_link", invite_mail.ACCOUNT_LINK)
    messaging.purposes.add(free_text.PURPOSE, free_text.FREE_TEXT)
    messaging.purposes.add(danger.PURPOSE, danger.DANGER_REPLY)
    messaging.on_danger.add("duty manager", danger.tell_duty_manager)
    messaging.surroundings.add(
        "carer",
        messaging.Surroundings(
            page=family_texting.page_of,
            together=family_texting.thread_of_all,
            private_words=family_texting.private_words,
            concerns=thread_panel.concerns_of_carer,
            note_read=family_texting.note_read,
        ),
    )
    messaging.surroundings.add(
        "peer",
        messaging.Surroundings(concerns=thread_panel.concerns_of_peer),
    )
    for kind in ("carer", "peer"):
        messaging.foresight.add(kind, free_text.foresee_words)
    messaging.foresight.add("appointment", foreseen.foresee_texts)
    messaging.purposes.add("invitation", invitation_mail.INVITATION)
    for name, purpose in text_purposes.text_purposes().items():
        messaging.purposes.add(name, purpose)
    for name, purpose in watch_texts.watch_purposes().items():
        messaging.purposes.add(name, purpose)
    for read in (
        inbound.read_danger,
        inbound.read_wrong_number,
        inbound.read_stop,
        visit_replies.read_visit_reply,
        offer_reader.read_offer_answer,
        reply_reader.read_answer,
    ):
        messaging.readers.add(read.__name__, read)


def fill_families() -> None:
    for name, stage in enquiry_stages.STAGES.items():
        family_hooks.stages.add(name, stage)
    family_hooks.stages.add("ended", family_listing.ENDED)
    family_hooks.columns.add("choice", enquiry_stages.CHOICE)
    family_hooks.on_merge.add("enquiries", enquiry_merge.join_enquiries)
    family_hooks.joined.add("What they said", enquiry_merge.last_said)
    family_hooks.on_contact.add("reminders", retime.follow_safe_times)
    family_hooks.on_merge.add("appointments", appointment_merge.join_appointments)
    family_hooks.joined.add("Appointments", appointment_merge.appointments_held)


def fill_kinds() -> None:
    kinds.add("goals_visit", programme_kinds.GOALS_VISIT)
    kinds.add("video_session", programme_kinds.VIDEO_SESSION)
    kinds.add("shared_review", programme_kinds.SHARED_REVIEW)
    kinds.add("follow_up", programme_kinds.FOLLOW_UP)
    kinds.add("conversation", conversation_kinds.CONVERSATION)
