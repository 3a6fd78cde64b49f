"""A server of calendars on loopback, over TLS, whose every page misbehaves as a test wants it.

`certificates()` is an authority of the tests' own and a certificate for `HOST` alone.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import trustme

from app.calendars.addresses import is_public
from app.calendars.fetch import Way

HOST = "calendar.example.org"
LOOPBACK = "127.0.0.1"
Page = Callable[[BaseHTTPRequestHandler], None]


@lru_cache(maxsize=1)
def authority() -> trustme.CA:
    return trustme.CA()


@lru_cache(maxsize=2)
def certificate(name: str) -> trustme.LeafCert:
    return authority().issue_cert(name)


def believing(folder: Path) -> Path:
    """A file with the authority that the server's certificate comes from."""
    path = folder / "authority.pem"
    authority().cert_pem.write_to_path(str(path))
    return path


@dataclass
class Server:
    """`pages` answer by path; `asked` are the paths, Host and other headers of every request, and
    `names` the host that each connection asked for by SNI."""

    port: int
    pages: dict[str, Page]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)

    def way(self, *addresses: str, believe: Path | None = None) -> Way:
        """The way to this server: `HOST` stands for these addresses, and loopback counts as one of
        the public internet's."""
        return Way(
            resolve=lambda _host: list(addresses or [LOOPBACK]),
            may_reach=partial(is_public, besides=(LOOPBACK,)),
            port=self.port,
            context=partial(ssl.create_default_context, cafile=believe and str(believe)),
        )


@contextmanager
def serving(pages: dict[str, Page], *, name: str = HOST) -> Iterator[Server]:
    """The pages, served with a certificate for `name` until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            server.asked.append((self.path, dict(self.headers.items())))
            self.close_connection = True
            server.pages[path](self)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            pass  # a client that has seen enough hangs up

        def finish_request(self, request: object, client: object) -> None:
            with context.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client)

    def note(_socket: object, asked_for: str | None, _context: object) -> None:
        server.names.append(asked_for)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate(name).configure_cert(context)
    context.sni_callback = note
    listening = Quiet((LOOPBACK, 0), Handler)
    server = Server(listening.server_address[1], pages)
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def says(body: bytes | str, status: int = 200, **headers: str) -> Page:
    """A page with this body; `ETag=...` and other headers with `_` for `-`."""
    content = body.encode() if isinstance(body, str) else body

    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(content)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return page


def sends(to: str, status: int = 302) -> Page:
    return says(b"", status, Location=to)
