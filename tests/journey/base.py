"""What stands before the journey begins: the cast, with passwords."""

import os
from collections.abc import Mapping

from argon2 import PasswordHasher

from app.db import db
from app.wiring import create_app
from tests import databases
from tests.cast import Cast

PASSWORD = "three loud herons"


def lay(environ: Mapping[str, str]) -> None:
    """Put the cast into the service's database, in this process."""
    os.environ["CLOCK_FILE"] = environ["CLOCK_FILE"]
    app = create_app(environ, instance=databases.folder() / "instance")
    with app.app_context():
        cast = Cast.made()
        hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        for person in (cast.morwenna, cast.jago, cast.tamsin, cast.kerensa):
            person.password_hash = hashed
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    del os.environ["CLOCK_FILE"]
