"""Makes the Quart application that all doors over HTTP are added to."""

from quart import Quart
from quart.routing import QuartMap
from quart.sessions import SecureCookieSession, SecureCookieSessionInterface
from quart.wrappers.base import BaseRequestWebsocket
from werkzeug.routing import MapAdapter

from echosphere.settings import Settings
from echosphere.web.api import PREFIX
from echosphere.web.body import pace_bodies
from echosphere.web.errors import handle_errors
from echosphere.web.pages import STATIC, prepare_pages
from echosphere.web.static import serve_static

BODY_TIMEOUT = 60
"""Seconds that a request body of a page or JSON call may take to arrive."""


class PathMap(QuartMap):
    """Routes by the path alone: what somebody writes into `Host` neither fails nor is repeated."""

    def bind_to_request(
        self, request: BaseRequestWebsocket, _subdomain: str | None, _server_name: str | None
    ) -> MapAdapter:
        """Return what finds the route of a request."""
        method, path = request.method, request.path
        return self.bind("localhost", request.root_path, "", request.scheme, method, path)


class PageSessions(SecureCookieSessionInterface):
    """The signed cookie that carries what a page says after a redirect.

    Calls of the REST interface have no use for it, and should not pay for the machinery that signs.
    """

    async def open_session(
        self, app: Quart, request: BaseRequestWebsocket
    ) -> SecureCookieSession | None:
        """Return what the cookie of a page holds; None for calls of the REST interface."""
        if request.path.startswith(f"{PREFIX}/"):
            return None
        return await super().open_session(app, request)


class Web(Quart):
    """The Quart application of EchoSphere."""

    url_map_class = PathMap
    session_interface = PageSessions()


def create_web(settings: Settings) -> Quart:
    """Return an application with error answers, bounded bodies and a signed flash cookie."""
    app = Web("echosphere.web", static_folder=None)
    app.secret_key = settings.secret_key
    app.config["BODY_TIMEOUT"] = BODY_TIMEOUT
    app.config["SESSION_COOKIE_NAME"] = "__Host-flash" if settings.secure else "flash"
    app.config["SESSION_COOKIE_SECURE"] = settings.secure
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["MAX_CONTENT_LENGTH"] = settings.max_attachment + 1024 * 1024
    app.config["LARGEST_FILE"] = settings.max_attachment
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    pace_bodies(app)
    handle_errors(app)
    prepare_pages(app)
    serve_static(app, STATIC)
    return app
