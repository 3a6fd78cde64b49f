"""Headers on every answer, and the limits on what may be sent to us (reference/security.md 2.5 and
7).
"""

import base64
import hashlib
import re
from importlib import resources

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

FORM_BYTES = 256_000
UPLOAD_BYTES = 6_000_000
UPLOADS = {"spreadsheets.upload", "places.postcodes"}


def template_script_hash() -> str:
    """The hash of the one inline script of GOV.UK's page template, as the policy needs it."""
    page = (resources.files("govuk_frontend_jinja") / "templates" / "template.html").read_text(
        encoding="utf-8"
    )
    script = re.search(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    assert script, (
        "GOV.UK's template has no inline script any more: take the hash out of the policy"
    )
    digest = hashlib.sha256(script[1].encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def policy() -> str:
    return (
        f"default-src 'none'; script-src 'self' '{template_script_hash()}'; style-src 'self'; "
        "img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def is_built_file(response: Response) -> bool:
    """Whether this is a file that may be kept for ever. The page about a missing one may not: it
    is drawn for whoever asked."""
    read = request.endpoint == "static" and request.method in ("GET", "HEAD")
    return read and response.status_code in (200, 206, 304)


def init_app(app: Flask, *, production: bool) -> None:
    # Set above every view's own limit; `limit` below narrows it before CSRF reads the form.
    app.config["MAX_CONTENT_LENGTH"] = UPLOAD_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = UPLOAD_BYTES
    app.config["MAX_FORM_PARTS"] = 500
    csp = policy()

    @app.before_request
    def limit() -> None:
        if "\0" in request.path:
            raise NotFound  # no page of ours has such an address, and PostgreSQL cannot be asked
        request.query_string = request.query_string.replace(b"%00", b"")  # nor can it be searched
        if request.endpoint not in UPLOADS:
            request.max_content_length = FORM_BYTES
            if (request.content_length or 0) > FORM_BYTES:
                raise RequestEntityTooLarge

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = csp
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers.setdefault("Referrer-Policy", "same-origin")
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["X-Robots-Tag"] = "noindex"
        if is_built_file(response):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            headers.setdefault("Cache-Control", "no-store")
        if production:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response
