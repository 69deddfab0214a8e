"""The cookie that carries a session's token."""

from dataclasses import dataclass

from quart import Request
from quart.typing import ResponseTypes

from echosphere.accounts.device import device_name
from echosphere.accounts.session import MAX_IDLE, Device
from echosphere.core.clock import DAY, SECOND
from echosphere.settings import Settings
from echosphere.web import session_cookie_name

DEVICE_KNOWN = 365 * DAY
MAX_DEVICE_COOKIE = 1_024


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """Sets, renews and clears the cookie; scripts never see it, other sites never send it."""

    secure: bool

    @classmethod
    def of(cls, settings: Settings) -> "SessionCookie":
        """Return the cookie of this instance."""
        return cls(settings.secure)

    @property
    def name(self) -> str:
        """The cookie's name."""
        return session_cookie_name(secure=self.secure)

    def token(self, request: Request) -> str | None:
        """Return the token that came with a request."""
        return request.cookies.get(self.name)

    @property
    def device_name(self) -> str:
        """The name of the cookie by which a device is known that signed in before."""
        return "__Host-echosphere_device" if self.secure else "echosphere_device"

    def remember(self, response: ResponseTypes, kept: str) -> None:
        """Let a browser keep what it is known by; signing out does not take it away."""
        self._keep(response, self.device_name, kept, DEVICE_KNOWN // SECOND)

    def set(self, response: ResponseTypes, token: str) -> None:
        """Give a browser its token, to keep for as long as a session may lie idle."""
        self._keep(response, self.name, token, MAX_IDLE // SECOND)

    def _keep(self, response: ResponseTypes, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="Lax",
        )

    def renew(self, response: ResponseTypes, request: Request) -> None:
        """Let a browser keep its token for another while, because it is in use."""
        token = self.token(request)
        if token:
            self.set(response, token)

    def clear(self, response: ResponseTypes) -> None:
        """Take the token away from a browser."""
        response.delete_cookie(
            self.name, path="/", secure=self.secure, httponly=True, samesite="Lax"
        )

    def device(self, request: Request, *, bearer: bool = False) -> Device:
        """Return where a request comes from, as a session's device."""
        name = device_name(request.headers.get("user-agent", ""))
        address = (request.remote_addr or "")[:64]
        kept = request.cookies.get(self.device_name, "")[:MAX_DEVICE_COOKIE]
        if bearer:
            return Device(name, address, "bearer", kept=kept)
        return Device(name, address, replaces=self.token(request), kept=kept)
