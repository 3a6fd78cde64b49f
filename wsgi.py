"""The web server's way in: `gunicorn wsgi:app`, `flask --app wsgi …`.

A server does not start on a database without its guards; Flask's commands do, to mend it.
"""

import os

os.umask(0o077)  # database, write-ahead log and backups are nobody else's to read

from app.cli.check import refuse_to_start  # noqa: E402
from app.wiring import create_app  # noqa: E402

app = create_app()
if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    refuse_to_start(app)
