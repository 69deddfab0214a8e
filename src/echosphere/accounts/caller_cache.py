"""Finds the caller of a session token or a key, for pages, REST and sockets alike."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from time import monotonic
from typing import NamedTuple

import msgspec

from echosphere.accounts.roles import AccountRole
from echosphere.core.bounded_cache import BoundedCache
from echosphere.core.caller import Caller
from echosphere.core.errors import ConfirmationNeeded, FactorNeeded, Refusal
from echosphere.core.ids import token_hash
from echosphere.database import Command, Database, Snapshot
from echosphere.settings import LiveSettings

MAX_TOKEN = 128
TTL = 5.0
"""Seconds for which a caller is cached: another server process may end the session meanwhile."""

TOUCH_SECONDS = 0.5
"""For which a request waits until the last use is stored: while nothing can be written, people read."""

MAX_CALLERS = 30_000
ASKED = "This server asks for two-step sign-in. Open it in a browser and set it up first."
CONFIRM = "Confirm your e-mail address first: open the link in the e-mail we sent you."
ADMINISTRATORS = (AccountRole.OWNER, AccountRole.ADMINISTRATOR)

log = logging.getLogger(__name__)


class FoundCaller(msgspec.Struct, frozen=True):
    """The caller of a credential that is valid, and whether its last use should be stored."""

    caller: Caller
    touch: bool


class CredentialKind(NamedTuple):
    """A kind of what callers show: a session's token, or a key.

    Attributes:
        name: What it is called in the log, and held apart by in the cache.
        find: Returns the caller of a hash; None if it is unknown or ended.
        touch: Returns the command that stores the use of the credential with an id.
    """

    name: str
    find: Callable[[Snapshot, str], FoundCaller | None]
    touch: Callable[[str], Command[None]]


def asks_for_factor(asked: str, role: str) -> bool:
    """Whether a server whose setting is `asked` asks someone with a role for a second factor."""
    return asked == "everybody" or (asked == "administrators" and role in ADMINISTRATORS)


class CallerCache:
    """Finds callers by what they show, and caches them for `TTL` seconds.

    Args:
        database: Holds the sessions and keys.
        settings: Who must have a second factor, and whether e-mail addresses must be confirmed.
        clock: Seconds from a monotonic clock.
    """

    def __init__(
        self,
        database: Database,
        settings: LiveSettings,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._callers: BoundedCache[tuple[str, str], Caller] = BoundedCache(
            MAX_CALLERS, on_remove=self._forget_place
        )
        self._places: dict[str, tuple[str, str]] = {}  # in the cache, by the credential's id
        self._generation = 0

    def by(self, kind: CredentialKind) -> Callable[[str], Awaitable[Caller | None]]:
        """Return what finds callers by credentials of one kind; see `find`."""
        return partial(self.find, kind)

    async def find(self, kind: CredentialKind, token: str) -> Caller | None:
        """Return the caller of a token or key, or None.

        This is the one door of pages, REST and sockets, so no one gets past it without the second
        factor or the confirmed address that the operator asks for.

        Raises:
            ConfirmationNeeded: The caller must confirm their e-mail address first.
            FactorNeeded: The caller must set up a second factor first.
        """
        if len(token) > MAX_TOKEN or not token.isascii():
            return None
        hashed = token_hash(token)
        caller = self._callers.get((kind.name, hashed), self._clock())
        if caller is None or self._needs_step(caller):  # it may have been done just now
            caller = await self._load(kind, hashed)
            if caller is not None and self._needs_step(caller):
                raise self._step_of(caller)
        return caller

    def forget(self, credentials: Iterable[str]) -> None:
        """Remove ended sessions or keys, by id; a read that is under way is not cached either."""
        self._generation += 1
        for credential in credentials:
            place = self._places.get(credential)
            if place is not None:
                self._callers.remove(place)

    def clear(self) -> None:
        """Empty the cache, for example because the database was restored."""
        self._generation += 1
        self._callers.clear()

    def _needs_step(self, caller: Caller) -> bool:
        return self._lacks_factor(caller) or self._lacks_confirmation(caller)

    def _step_of(self, caller: Caller) -> ConfirmationNeeded | FactorNeeded:
        unconfirmed = self._lacks_confirmation(caller)
        refusal = ConfirmationNeeded(CONFIRM) if unconfirmed else FactorNeeded(ASKED)
        refusal.caller = caller
        return refusal

    def _lacks_confirmation(self, caller: Caller) -> bool:
        return self._settings.current.confirm_email and not caller.has_confirmed_email

    def _lacks_factor(self, caller: Caller) -> bool:
        asked = self._settings.current.require_second_factor
        return not caller.has_second_factor and asks_for_factor(asked, caller.role)

    async def _load(self, kind: CredentialKind, hashed: str) -> Caller | None:
        generation, read_at = self._generation, self._clock()
        place = kind.name, hashed
        found = await self._database.read(kind.find, hashed)
        if found is None:
            self._callers.remove(place)
            return None
        if generation == self._generation:
            self._callers.put(place, found.caller, read_at, TTL)
            self._places[found.caller.session_id] = place
        if found.touch:
            await self._touch(kind, found.caller.session_id)
        return found.caller

    def _forget_place(self, _place: tuple[str, str], caller: Caller) -> None:
        self._places.pop(caller.session_id, None)

    async def _touch(self, kind: CredentialKind, credential: str) -> None:
        try:
            async with asyncio.timeout(TOUCH_SECONDS):
                await asyncio.shield(self._database.write(kind.touch(credential)))
        except (Refusal, TimeoutError):
            log.warning("Could not store when a %s was last used", kind.name)
