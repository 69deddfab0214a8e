"""Groups the operations of the API documents by feature."""

import sys
from collections.abc import Callable
from typing import Any

TITLES = {
    "accounts": "Account and sessions",
    "administration": "Administration",
    "admission": "Registration and invitations to the server",
    "announcements": "Announcements",
    "api_keys": "API keys",
    "attachments": "Files",
    "avatars": "Avatars",
    "bots": "Bots and events",
    "contacts": "Contacts and blocks",
    "data_export": "Download of your own data",
    "directory": "Directory",
    "endpoints": "Endpoints for events",
    "link_previews": "Link previews",
    "memberships": "Conversations and groups",
    "messages": "Messages",
    "moderation": "Reports",
    "notifications": "Notifications",
    "openid_connect": "Sign-in services",
    "presence": "Presence and typing",
    "profiles": "Users",
    "recovery": "E-mail address and recovery",
    "search": "Search",
    "second_factor": "Passkeys and second factors",
    "security_notices": "Security events",
    "server_settings": "Server settings",
    "webhooks": "Incoming webhooks",
}
"""By feature: what people look for, in the order in which a reference shows them after `FIRST`."""

FIRST = (
    "messages",
    "memberships",
    "bots",
    "endpoints",
    "webhooks",
    "search",
    "attachments",
    "api_keys",
)
"""What programs use most."""


def tag_of(source: Callable[..., Any]) -> str:
    """Return the tag of an operation: the feature whose module defines it."""
    return _title(_feature(source))


def described_tags(sources: list[Callable[..., Any]]) -> list[dict[str, str]]:
    """Return the tags of operations with their descriptions, what programs use most first."""
    features = {_feature(one) for one in sources}
    ordered = [*(one for one in FIRST if one in features), *sorted(features.difference(FIRST))]
    return [{"name": _title(one), "description": _description(one)} for one in ordered]


def _feature(source: Callable[..., Any]) -> str:
    return source.__module__.removeprefix("echosphere.").partition(".")[0]


def _title(feature: str) -> str:
    return TITLES.get(feature) or feature.replace("_", " ").capitalize()


def _description(feature: str) -> str:
    package = sys.modules.get(f"echosphere.{feature}")
    return ((package and package.__doc__) or "").strip().partition("\n")[0]
