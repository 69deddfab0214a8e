"""Notices passkeys that do not work any more, because the base URL has another host."""

import logging

from echosphere.database import Database, Snapshot
from echosphere.second_factor import store
from echosphere.second_factor.relying_party import RelyingParty

log = logging.getLogger(__name__)


def lost_passkeys(snapshot: Snapshot, base_url: str) -> str | None:
    """Return a sentence about passkeys that were made for another host; None if there are none."""
    host = RelyingParty.of(base_url).host
    count = store.count_passkeys_of_other_hosts(snapshot, host)
    if not count:
        return None
    return (
        f"passkeys that were created for a host other than {host} and do not work: {count}; "
        "change ECHOSPHERE_BASE_URL back, or have the users sign in another way and add new "
        "ones"
    )


class PasskeyHosts:
    """Warns at the start.

    Args:
        database: Holds the passkeys.
        base_url: The address of the server.
    """

    def __init__(self, database: Database, base_url: str) -> None:
        self._database = database
        self._base_url = base_url

    async def start(self) -> None:
        """Warn of passkeys that do not work."""
        warning = await self._database.read(lost_passkeys, self._base_url)
        if warning is not None:
            log.warning("There are %s", warning)
