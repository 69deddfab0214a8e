"""Adds security headers to every response."""

from echosphere.core.asgi import AsgiApp, Message, Receive, Scope, Send

# The names of Trusted Types are Svelte's own, and one for each address that may become a worker.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types svelte-trusted-html echosphere-worker echosphere-pdf",
    )
)
CLOSED_FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
OWN_FEATURES = (
    "autoplay",
    "microphone",
    "publickey-credentials-create",
    "publickey-credentials-get",
)
"""Allowed on our own pages: voice messages, and passkeys."""

ONE_YEAR = 31_536_000
HASHED_FILES = "/static/client/assets/"
"""Files whose names contain a hash of their content, to be cached for ever."""


class SecurityHeaders:
    """ASGI middleware that adds missing headers.

    Args:
        app: The application.
        secure: Whether the server is reached over HTTPS; if so, HSTS is sent.
    """

    def __init__(self, app: AsgiApp, *, secure: bool) -> None:
        self._app = app
        self._headers = _headers(secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cache_control = _cache_control(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._with_security_headers(
                    list(message.get("headers", ())), message, cache_control
                )
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _with_security_headers(
        self, given: list[tuple[bytes, bytes]], message: Message, cache_control: bytes | None
    ) -> list[tuple[bytes, bytes]]:
        names = {bytes(name).lower() for name, _ in given}
        if cache_control is not None and message["status"] in (200, 206, 304):
            given = [(name, value) for name, value in given if name.lower() != b"cache-control"]
            given.append((b"cache-control", cache_control))
            names.add(b"cache-control")
        return given + [header for header in self._headers if header[0] not in names]


def _headers(*, secure: bool) -> list[tuple[bytes, bytes]]:
    headers = {
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": _permissions(),
        "cache-control": "no-store",
    }
    if secure:
        headers["strict-transport-security"] = f"max-age={ONE_YEAR}"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _permissions() -> str:
    own = [f"{feature}=(self)" for feature in OWN_FEATURES]
    return ", ".join([*own, *(f"{feature}=()" for feature in CLOSED_FEATURES)])


def _cache_control(path: str) -> bytes | None:
    if path.startswith(HASHED_FILES):
        return f"public, max-age={ONE_YEAR}, immutable".encode()
    return None
