"""What a server that has started prints."""

import logging

from echosphere.settings import Settings

log = logging.getLogger(__name__)

NOBODY_OWNS_IT = "This server has no owner yet. Register as its owner here (works once):"


def print_address(settings: Settings, port: int, owner_link: str | None) -> None:
    """Print where the server is, and the link for its owner if no one owns it yet."""
    if settings.open_http:
        log.warning(settings.open_http)
    address = settings.base_url if settings.port else f"http://{settings.host}:{port}"
    print(f"EchoSphere is running on {address} (Ctrl+C stops it)", flush=True)
    if owner_link:
        print(f"{NOBODY_OWNS_IT} {owner_link}", flush=True)
