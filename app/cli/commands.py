"""The commands of DESIGN.md section 7: worker, user add, backup, restore, check, import."""

import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import clock
from app.accounts.invite import link_for_new_staff
from app.accounts.staff import add_staff
from app.cli import copies
from app.cli.check import problems, refuse_to_start
from app.cli.demo_command import demo, prepare
from app.cli.import_command import import_command
from app.cli.postcodes_command import import_postcodes
from app.config import Misconfigured
from app.db import transact
from app.errors import DomainError
from app.worker.run import run_worker


def init_app(app: Flask) -> None:
    app.cli.add_command(demo)
    app.cli.add_command(prepare)
    app.cli.add_command(worker)
    app.cli.add_command(user)
    app.cli.add_command(backup)
    app.cli.add_command(restore)
    app.cli.add_command(check)
    app.cli.add_command(import_command)
    app.cli.add_command(import_postcodes)


@click.command()
@click.option("--once", is_flag=True, help="Do everything that is due, then stop.")
def worker(once: bool) -> None:
    """Send what is due, read replies, watch over visits."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        refuse_to_start(app)
    except Misconfigured as problem:
        raise click.ClickException(str(problem)) from problem
    run_worker(app, once=once)


user = AppGroup("user", help="Members of staff.")


@user.command("add")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option(
    "--role", type=click.Choice(["coordinator", "practitioner", "manager"]), required=True
)
def user_add(name: str, email: str, role: str) -> None:
    """Add a member of staff and print the link with which they set their password."""
    at = clock.now()

    def act() -> str:
        staff = add_staff(name=name, email=email, role=role, by="cli", at=at)
        return link_for_new_staff(staff, by="cli", at=at)

    try:
        address = transact(act)
    except DomainError as refused:
        raise click.ClickException(refused.message) from refused
    click.echo(f"{name} can set a password at {address} (once, for 7 days).")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent copy of the database to FILE while the service runs."""
    try:
        copies.back_up(file)
    except copies.CopyFailed as failed:
        raise click.ClickException(str(failed)) from failed
    click.echo(f"Copied to {file}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace everything without asking.")
def restore(file: Path, yes: bool) -> None:
    """Replace the whole database with the copy in FILE. Stop the service first."""
    if not yes:
        click.confirm("This replaces everything in the database. Go on?", abort=True)
    try:
        copies.restore(file)
    except copies.CopyFailed as failed:
        raise click.ClickException(str(failed)) from failed
    click.echo(f"Restored from {file}.")


@click.command()
def check() -> None:
    """Say what is wrong with the settings and the database; status 0 where nothing is."""
    found = problems()
    for problem in found:
        click.echo(problem)
    if found:
        sys.exit(1)
    click.echo("Settings and database are in order.")
