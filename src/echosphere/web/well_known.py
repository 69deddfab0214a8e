"""What programs and people look for at addresses that every site has: robots.txt and security.txt."""

from datetime import UTC, datetime, timedelta

from quart import Quart, Response

from echosphere.core.errors import NotFound
from echosphere.settings import LiveSettings, Settings

VALID_FOR = timedelta(days=180)
"""RFC 9116 wants an end, less than a year ahead; each answer has its own."""

ROBOTS = "User-agent: *\nDisallow: /\n"
"""All there is to be found is behind the sign-in page."""


def serve_well_known(app: Quart, live_settings: LiveSettings) -> None:
    """Add the routes."""

    async def robots() -> Response:
        return _text(ROBOTS)

    async def security() -> Response:
        settings = live_settings.current
        if not settings.security_contact:
            raise NotFound("Page not found.")
        return _text(_security_text(settings, datetime.now(UTC)))

    app.add_url_rule("/robots.txt", "robots", robots)
    app.add_url_rule("/.well-known/security.txt", "security-txt", security)


def operator_links(settings: Settings) -> list[tuple[str, str]]:
    """Return the names and URLs of the operator's own pages, where they are set."""
    links = (
        ("Imprint", settings.imprint_url),
        ("Privacy", settings.privacy_url),
        ("Contact", settings.contact_url),
    )
    return [(name, url) for name, url in links if url]


def _security_text(settings: Settings, now: datetime) -> str:
    """Return the file of RFC 9116."""
    expires = (now + VALID_FOR).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    fields = {
        "Contact": settings.security_contact,
        "Expires": expires,
        "Canonical": f"{settings.base_url}/.well-known/security.txt",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def _text(content: str) -> Response:
    return Response(content, content_type="text/plain; charset=utf-8")
