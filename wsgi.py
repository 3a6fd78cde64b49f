"""The web server's way in: `gunicorn wsgi:app`, `flask --app wsgi …`."""

import os

os.umask(0o077)  # database, write-ahead log and backups are nobody else's to read

from app.wiring import create_app  # noqa: E402

app = create_app()
