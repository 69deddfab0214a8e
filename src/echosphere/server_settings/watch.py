"""Keeps the settings of this process what the database says."""

import asyncio
import logging
from contextlib import suppress

from echosphere.core.background import BackgroundTasks
from echosphere.core.errors import Unavailable
from echosphere.database import Database
from echosphere.server_settings.events import ServerSettingChanged
from echosphere.server_settings.examine import ADVICE
from echosphere.server_settings.store import stored_values
from echosphere.settings import LiveSettings, SettingsError

EVERY = 2.0
"""Seconds between two looks where another process may change a setting."""

log = logging.getLogger(__name__)


class SettingsWatch:
    """Reads the settings at the start, after each change here, and where others can change them.

    Args:
        database: Has what was changed.
        live: The settings of this process.
    """

    def __init__(self, database: Database, live: LiveSettings) -> None:
        self._database = database
        self._live = live
        self._turn = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None
        self._refused = ""
        self._tasks = BackgroundTasks()

    async def start(self) -> None:
        """Read them, and begin to watch.

        Raises:
            SettingsError: What is stored makes no sense any more.
        """
        try:
            await self.refresh()
        except SettingsError as error:
            raise SettingsError(f"A stored setting is invalid: {error} {ADVICE}") from None
        if self._database.has_others:
            self._watching = asyncio.create_task(self._watch(), name="settings")

    async def stop(self) -> None:
        """Watch no more."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    async def refresh(self) -> None:
        """Make what the database has the settings of this process.

        Raises:
            SettingsError: It makes no sense; what was before stays.
        """
        async with self._turn:  # what was read first must not replace what was read later
            self._live.apply(await self._database.read(stored_values))

    async def refresh_leniently(self) -> None:
        """Make of what the database has what makes sense the settings of this process.

        For commands: with a value that keeps the server from starting, they must still run.
        """
        self._live.apply_leniently(await self._database.read(stored_values))

    def on_changed(self, _event: ServerSettingChanged) -> None:
        """Read what has been changed, here or in another process."""
        self._tasks.start(self._refresh_or_warn())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self._refresh_or_warn()

    async def _refresh_or_warn(self) -> None:
        try:
            await self.refresh()
            self._refused = ""
        except Unavailable:
            log.debug("The settings could not be read; trying again")
        except SettingsError as error:
            if str(error) != self._refused:
                self._refused = str(error)
                log.warning("The settings stay unchanged: %s %s", self._refused, ADVICE)
