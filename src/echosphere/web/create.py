"""Creates the Quart application to which the features add their routes."""

from typing import Any

from quart import Quart
from quart.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.routing import MapAdapter

from echosphere.settings import LiveSettings
from echosphere.web.api import PREFIX
from echosphere.web.body import bound_bodies
from echosphere.web.errors import handle_errors
from echosphere.web.pages import STATIC, prepare_pages
from echosphere.web.static import serve_static
from echosphere.web.well_known import serve_well_known


class FlashSessions(SecureCookieSessionInterface):
    """The signed cookie of flash messages, for pages only: REST calls should not pay for it."""

    async def open_session(self, app: Quart, request: Any) -> SecureCookieSession | None:
        """Return the session of a page; None for REST calls."""
        if request.path.startswith(f"{PREFIX}/"):
            return None
        return await super().open_session(app, request)


class Web(Quart):
    """The Quart application of EchoSphere."""

    session_interface = FlashSessions()

    def create_url_adapter(self, request: Any) -> MapAdapter | None:
        """Match routes by the path alone, so that the untrusted `Host` header has no effect."""
        if request is None:
            return super().create_url_adapter(None)
        method, path = request.method, request.path
        return self.url_map.bind("localhost", request.root_path, "", request.scheme, method, path)


def create_web(live_settings: LiveSettings) -> Quart:
    """Return an application with error answers, bounded bodies and a signed flash cookie."""
    app, settings = Web("echosphere.web", static_folder=None), live_settings.start
    app.secret_key = settings.secret_key
    app.config["SESSION_COOKIE_NAME"] = "__Host-flash" if settings.secure else "flash"
    app.config["SESSION_COOKIE_SECURE"] = settings.secure
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SIGN_IN_SERVICES"] = settings.openid_providers
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    bound_bodies(app)
    handle_errors(app)
    prepare_pages(app, live_settings)
    serve_static(app, STATIC)
    serve_well_known(app, live_settings)
    return app
