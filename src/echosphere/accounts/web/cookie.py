"""The cookie that carries a session's token."""

import msgspec
from quart import Request
from quart.typing import ResponseTypes

from echosphere.accounts.device import device_name
from echosphere.accounts.session import MAX_IDLE, Device
from echosphere.core.clock import DAY, SECOND
from echosphere.settings import Settings
from echosphere.web import session_cookie_name

DEVICE_COOKIE_AGE = 365 * DAY
MAX_DEVICE_COOKIE = 1_024
MAX_TOKEN = 128


class SessionCookie(msgspec.Struct, frozen=True):
    """Sets, renews and clears the cookie; scripts never see it, other sites never send it."""

    secure: bool

    @classmethod
    def of(cls, settings: Settings) -> "SessionCookie":
        """Return the cookie for this server's base URL."""
        return cls(settings.secure)

    @property
    def name(self) -> str:
        """The cookie's name."""
        return session_cookie_name(secure=self.secure)

    def token(self, request: Request) -> str | None:
        """Return the token of a request, or None."""
        return request.cookies.get(self.name)

    @property
    def device_cookie_name(self) -> str:
        """The name of the cookie of known devices."""
        return "__Host-echosphere_device" if self.secure else "echosphere_device"

    def set_device(self, response: ResponseTypes, value: str) -> None:
        """Set the cookie of known devices, which signing out does not clear."""
        self._set(response, self.device_cookie_name, value, DEVICE_COOKIE_AGE // SECOND)

    def set(self, response: ResponseTypes, token: str) -> None:
        """Set the session cookie for as long as a session may be idle."""
        self._set(response, self.name, token, MAX_IDLE // SECOND)

    def _set(self, response: ResponseTypes, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="Lax",
        )

    @property
    def remembered_name(self) -> str:
        """The name of the cookie of browsers that need no second factor for a while."""
        return "__Host-echosphere_remembered" if self.secure else "echosphere_remembered"

    def set_remembered(self, response: ResponseTypes, token: str, seconds: int) -> None:
        """Set the cookie of remembered browsers, which signing out does not clear."""
        self._set(response, self.remembered_name, token, seconds)

    @property
    def pending_name(self) -> str:
        """The name of the cookie between the password and the second factor."""
        return "__Host-echosphere_pending" if self.secure else "echosphere_pending"

    def set_pending(self, response: ResponseTypes, token: str, seconds: int) -> None:
        """Set the cookie with which the page of the second factor goes on."""
        self._set(response, self.pending_name, token, seconds)

    @property
    def passkey_name(self) -> str:
        """The name of the cookie that ties a passkey's challenge to the browser that asked."""
        return "__Host-echosphere_passkey" if self.secure else "echosphere_passkey"

    def set_passkey(self, response: ResponseTypes, token: str, seconds: int) -> None:
        """Set the cookie of a browser that begins to sign in by a passkey."""
        self._set(response, self.passkey_name, token, seconds)

    def clear_pending(self, response: ResponseTypes) -> None:
        """Delete the cookie of a sign-in that is over."""
        response.delete_cookie(
            self.pending_name, path="/", secure=self.secure, httponly=True, samesite="Lax"
        )

    def renew(self, response: ResponseTypes, request: Request) -> None:
        """Extend the session cookie of a request."""
        token = self.token(request)
        if token:
            self.set(response, token)

    def clear(self, response: ResponseTypes) -> None:
        """Delete the session cookie, and have the browser drop what it has cached of the server.

        Not `"cookies"`: known and remembered devices outlive signing out. Not `"storage"`: unsent
        messages do, too, and the client erases the rest itself.
        """
        response.delete_cookie(
            self.name, path="/", secure=self.secure, httponly=True, samesite="Lax"
        )
        response.headers["Clear-Site-Data"] = '"cache"'

    def device(self, request: Request, *, bearer: bool = False) -> Device:
        """Return the device that sent a request."""
        name = device_name(request.headers.get("user-agent", ""))
        address = (request.remote_addr or "")[:64]
        device_cookie = request.cookies.get(self.device_cookie_name, "")[:MAX_DEVICE_COOKIE]
        remembered = request.cookies.get(self.remembered_name, "")[:MAX_TOKEN]
        return Device(
            name,
            address,
            "bearer" if bearer else "cookie",
            replaces=None if bearer else self.token(request),
            device_cookie=device_cookie,
            remembered=remembered,
        )
