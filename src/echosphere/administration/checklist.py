"""Checks which settings of a server are complete."""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from echosphere.administration.wire import ChecklistItem
from echosphere.database import Snapshot
from echosphere.settings import PREFIX, Settings

RegistrationMode = Callable[[Snapshot, Settings], str]
"""Returns how people may register at this moment."""


def checklist_of(settings: Settings, registration: str) -> list[ChecklistItem]:
    """Return the checks, in the order of importance; they contain no secrets.

    Args:
        settings: The settings of the server.
        registration: How people may register at this moment, which the setting alone may leave open.
    """
    open_at = f"http://{settings.host}:{settings.port}" if settings.open_http else None
    reachable = _is_reachable(settings.base_url)
    return [
        _check("address", reachable, settings.base_url, "BASE_URL"),
        _check("https", settings.secure, open_at, "BASE_URL", "TRUSTED_PROXIES", "HOST"),
        _check("registration", True, registration, "REGISTRATION"),
        _check("mail", bool(settings.smtp_url), None, "SMTP_URL", "MAIL_FROM"),
        # Browsers allow push on secure pages only, and push services require a contact.
        _check("push", settings.secure and reachable, settings.vapid_contact, "VAPID_CONTACT"),
    ]


def _check(name: str, done: bool, value: str | None, *names: str) -> ChecklistItem:
    return ChecklistItem(name, done, value, [f"{PREFIX}{one}" for one in names])


def _is_reachable(base_url: str) -> bool:
    """Whether other machines can reach the address."""
    host = urlsplit(base_url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"
