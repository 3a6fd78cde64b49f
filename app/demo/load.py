"""Loading the sample service into an empty database."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import Staff
from app.accounts.passwords import hashed
from app.db import db, transact
from app.demo import stories_contacts as contacts
from app.demo import stories_conversations as conversations
from app.demo import stories_programmes as programmes
from app.demo.days import Days
from app.demo.peer_parents import make_peers
from app.demo.play import Scenes, play
from app.demo.steps import Stage
from app.demo.team import PASSWORD, Team, know_places, make_team, set_rota
from app.errors import DomainError

STORIES: tuple[Callable[[Stage], Scenes], ...] = (
    contacts.chloe,
    programmes.lorna,
    programmes.wayne,
    contacts.jenna,
    contacts.amir,
    conversations.wes,
    conversations.leanne,
    contacts.becky,
    programmes.jodie,
    programmes.beth,
    programmes.sam,
    conversations.mel,
    contacts.steph,
    contacts.kit,
    programmes.hannah,
    programmes.tash,
    conversations.dean,
    conversations.priya,
    programmes.ade,
    programmes.kyle,
    conversations.nadia,
    contacts.zofia,
    conversations.ruth,
    conversations.karen,
    contacts.chris,
    conversations.new_referrals,
    contacts.nobody,
)


def is_empty() -> bool:
    """Whether nobody works here yet."""
    return db.session.scalars(select(Staff.id).limit(1)).first() is None


def load_demo(now: datetime) -> Team:
    """Tell every story up to `now`. Raises DomainError where the database is not empty."""
    if not is_empty():
        raise DomainError("There are accounts in this database. Start with an empty one.")
    password_hash = hashed(PASSWORD)  # slow, and so before any transaction
    days = Days(now)
    begin = days.at(-240, "09:00")
    team = transact(lambda: make_team(days, password_hash, at=begin))
    peers = transact(lambda: make_peers(team, days.today, at=days.at(-60, "09:00")))
    stage = Stage(days, team, peers)
    play([rota(stage), *(story(stage) for story in STORIES)], now)
    return team


def rota(stage: Stage) -> Scenes:
    """The duty rota for this week and three more."""
    at = yield stage.days.at(-10, "16:30")
    set_rota(stage.team, stage.days, at=at)
    know_places(stage.team, stage.days, at=at)
