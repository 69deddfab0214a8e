"""Adds users who registered with an invitation to the groups it leads to."""

import logging
from typing import Any

from echosphere.core.errors import Refusal
from echosphere.database import Database
from echosphere.memberships import AddInvited

log = logging.getLogger(__name__)


class GroupJoiner:
    """Runs the job; a group that is full, or that its maker no longer looks after, is left out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def join(self, given: dict[str, Any]) -> None:
        """Add a user to one group; once more changes nothing."""
        group = given["group"]
        try:
            await self._database.write(AddInvited(given["maker"], group, given["user"]))
        except Refusal as refusal:
            log.info("An invited user could not join a group: %s", refusal.detail)
