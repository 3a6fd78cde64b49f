"""What the environment says, typed; production refuses to start half-configured, in one
sentence.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class Misconfigured(Exception):
    """The service cannot start; the message is one sentence that names what is missing."""


@dataclass(frozen=True)
class Config:
    environment: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    database_url: str
    public_url: str
    sms_transport: str
    twilio_account_sid: str
    twilio_auth_tokens: tuple[str, ...]
    twilio_messaging_service_sid: str
    twilio_from: str
    twilio_api_url: str
    smtp_url: str
    imap_url: str
    proxy_hops: int
    senders: int = 8  # texts that one worker sends at one time

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).hostname or ""


def read(environ: Mapping[str, str], instance: Path) -> Config:
    """The configuration of this process; raises Misconfigured.

    A secret may come from a file: `NAME_FILE` holds its path. In development a missing SECRET_KEY
    is made once and kept in the instance folder, so that sessions survive a restart.
    """
    environment = environ.get("ENVIRONMENT", "development")
    if environment not in ("development", "production"):
        raise Misconfigured("ENVIRONMENT must be development or production.")
    production = environment == "production"
    key = secret(environ, "SECRET_KEY") or ("" if production else own_key(instance))
    config = Config(
        environment=environment,
        secret_key=key,
        secret_key_fallbacks=tuple(environ.get("SECRET_KEY_FALLBACKS", "").split()),
        database_url=database_url(secret(environ, "DATABASE_URL"), instance),
        public_url=environ.get("PUBLIC_URL", "" if production else "http://127.0.0.1:5000").rstrip(
            "/"
        ),
        sms_transport=environ.get("SMS_TRANSPORT", "" if production else "simulator"),
        twilio_account_sid=environ.get("TWILIO_ACCOUNT_SID", ""),
        twilio_auth_tokens=tuple(secret(environ, "TWILIO_AUTH_TOKEN").split()),
        twilio_messaging_service_sid=environ.get("TWILIO_MESSAGING_SERVICE_SID", ""),
        twilio_from=environ.get("TWILIO_FROM", ""),
        twilio_api_url=environ.get("TWILIO_API_URL", "").rstrip("/"),
        smtp_url=secret(environ, "SMTP_URL"),
        imap_url=secret(environ, "IMAP_URL"),
        proxy_hops=hops(environ.get("PROXY_HOPS", "" if production else "0")),
        senders=senders(environ.get("SENDERS", "8")),
    )
    refuse(config, environ)
    return config


def refuse(config: Config, environ: Mapping[str, str]) -> None:
    """Raise Misconfigured for a setting that must not go live."""
    refuse_texts(config)
    if config.imap_url and not re.fullmatch(r"imaps?://[^/\s]+@[^/@\s]+(/\S*)?", config.imap_url):
        raise Misconfigured("IMAP_URL is not of the form imaps://user:password@host/FOLDER.")
    if config.production:
        refuse_live(config, environ)


def refuse_texts(config: Config) -> None:
    """Texts need a transport, and Twilio its account."""
    if config.sms_transport not in ("simulator", "twilio"):
        raise Misconfigured("SMS_TRANSPORT must be simulator or twilio.")
    if config.sms_transport == "twilio":
        for name, value in (
            ("TWILIO_ACCOUNT_SID", config.twilio_account_sid),
            ("TWILIO_AUTH_TOKEN", config.twilio_auth_tokens),
            (
                "TWILIO_MESSAGING_SERVICE_SID or TWILIO_FROM",
                config.twilio_messaging_service_sid or config.twilio_from,
            ),
        ):
            if not value:
                raise Misconfigured(f"SMS_TRANSPORT is twilio, but {name} is not set.")


def refuse_live(config: Config, environ: Mapping[str, str]) -> None:
    """What production needs, and what it must not have."""
    if len(config.secret_key) < 32:
        raise Misconfigured("SECRET_KEY is missing or shorter than 32 characters.")
    if not config.public_url.startswith("https://"):
        raise Misconfigured("PUBLIC_URL is missing or does not begin with https://.")
    if config.sms_transport == "simulator":
        raise Misconfigured("SMS_TRANSPORT is the simulator; production needs twilio.")
    if not config.smtp_url:
        raise Misconfigured("SMTP_URL is not set, so invitations could not be sent.")
    if config.proxy_hops < 0:
        raise Misconfigured("PROXY_HOPS is not set: how many proxies stand in front?")
    for name in ("CLOCK_FILE", "FLASK_DEBUG"):
        if environ.get(name, "0") not in ("", "0"):
            raise Misconfigured(f"{name} is set, which production does not allow.")


def secret(environ: Mapping[str, str], name: str) -> str:
    if path := environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Misconfigured(f"{name}_FILE names a file that cannot be read.") from error
    return environ.get(name, "")


def own_key(instance: Path) -> str:
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii")


def database_url(given: str, instance: Path) -> str:
    if not given:
        return f"sqlite:///{instance / 'service.db'}"
    for short in ("postgres://", "postgresql://"):
        if given.startswith(short):
            return "postgresql+psycopg://" + given.removeprefix(short)
    return given


MOST_SENDERS = 32


def senders(text: str) -> int:
    """How many texts one worker sends at one time: 1 to 32."""
    if not (text.isdigit() and 1 <= int(text) <= MOST_SENDERS):
        raise Misconfigured(f"SENDERS must be a number from 1 to {MOST_SENDERS}.")
    return int(text)


def hops(text: str) -> int:
    return int(text) if text.isdigit() else -1
