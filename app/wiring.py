"""The whole application put together: the only file that knows every package.

`create_app` makes a Flask application from the environment; the registries through which lower
packages reach higher ones are filled here and then frozen.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import access, config, db, errors, extensions, headers, pages
from app.accounts import models as account_models  # noqa: F401
from app.audit import models as audit_models  # noqa: F401
from app.conversations import models as conversation_models  # noqa: F401
from app.enquiries import models as enquiry_models  # noqa: F401
from app.families import models as family_models  # noqa: F401
from app.health import models as health_models  # noqa: F401
from app.links import models as link_models  # noqa: F401
from app.lone_working import models as watch_models  # noqa: F401
from app.messaging import models as messaging_models  # noqa: F401
from app.peers import models as peer_models  # noqa: F401
from app.places import models as place_models  # noqa: F401
from app.programmes import models as programme_models  # noqa: F401
from app.risk import models as risk_models  # noqa: F401
from app.scheduling import models as scheduling_models  # noqa: F401
from app.settings import models as setting_models  # noqa: F401
from app.spreadsheets import models as import_models  # noqa: F401
from app.tasks import models as task_models  # noqa: F401

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
        static_folder=str(ROOT / "app" / "static"),
    )
    configure(app, settings)
    headers.init_app(app, production=settings.production)
    db.init_app(app)
    extensions.csrf.init_app(app)
    extensions.migrate.init_app(app, db.db, directory=str(ROOT / "app" / "migrations"))
    pages.init_app(app)
    access.init_app(app)
    errors.init_app(app)
    return app


def configure(app: Flask, settings: config.Config) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks) or None,
        SERVICE=settings,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True, "pool_pre_ping": True},
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
