"""`flask demo`: the sample service, and who to sign in as; `flask prepare`: what `make run` needs
before the site starts, in one process because each costs two seconds to begin.
"""

import click
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import select

from app import clock
from app.accounts.models import Staff
from app.db import db
from app.demo.load import is_empty, load_demo
from app.demo.team import PASSWORD
from app.errors import DomainError


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where anybody has an account already.")
def demo(if_empty: bool) -> None:
    """Load the sample service into an empty database, and print who to sign in as."""
    load(if_empty)
    click.echo(sign_in_lines())


@click.command()
def prepare() -> None:
    """Bring the database up to date, load the sample service on first use, print who to sign in
    as."""
    upgrade()
    if not current_app.config["SERVICE"].production:
        load(if_empty=True)
        click.echo(sign_in_lines())


def load(if_empty: bool) -> None:
    if current_app.config["SERVICE"].production:
        raise click.ClickException("The sample service is never loaded in production.")
    empty = is_empty()
    db.session.rollback()
    if if_empty and not empty:
        return
    click.echo("Loading the sample service …", err=True)
    try:
        load_demo(clock.now())
    except DomainError as refused:
        raise click.ClickException(refused.message) from refused


def sign_in_lines() -> str:
    """Who to sign in as: name, role and e-mail of each sample account, the password, the address.

    Empty where there is none.
    """
    people = db.session.scalars(
        select(Staff).where(Staff.demo, Staff.left_at.is_(None)).order_by(Staff.id)
    ).all()
    if not people:
        return ""
    rows = [f"  {person.name:20} {person.role:13} {person.email}" for person in people]
    address = current_app.config["PUBLIC_URL"]
    return "\n".join(
        [f"Sign in at {address} as one of:", *rows, f"  with the password: {PASSWORD}"]
    )
