"""Finds the caller of a key."""

import logging
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import msgspec

from echosphere.accounts import SessionCache, find_active_caller
from echosphere.api_keys import store
from echosphere.api_keys.events import KeysEnded
from echosphere.core.bounded_cache import BoundedCache
from echosphere.core.caller import Caller
from echosphere.core.errors import Refusal
from echosphere.core.ids import token_hash
from echosphere.database import Database, Snapshot, run_on_loop

MAX_TOKEN = 128
TTL = 5.0
"""Seconds for which a key is cached: another process may revoke it, or keep its owner out."""

MAX_CACHED = 10_000

log = logging.getLogger(__name__)


class FoundKey(msgspec.Struct, frozen=True):
    """The caller of a key, and whether its last use should be stored."""

    caller: Caller
    touch: bool


@run_on_loop
def find_caller(snapshot: Snapshot, hashed: str) -> FoundKey | None:
    """Return the caller of a key's hash; None if it is unknown or expired, or its owner kept out."""
    key = store.find_key(snapshot, hashed)
    caller = None if key is None else find_active_caller(snapshot, key.user_id, key.id)
    if key is None or caller is None:
        return None
    touch = key.needs_touch(snapshot.now)
    return FoundKey(replace(caller, scopes=key.scopes), touch)


class KeyAuthentication:
    """Finds callers by key, and caches them for `TTL` seconds.

    Args:
        database: Holds the keys.
        sessions: Knows what the operator asks of everybody, such as a second factor.
        clock: Seconds from a monotonic clock.
    """

    def __init__(
        self,
        database: Database,
        sessions: SessionCache,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._clock = clock
        self._callers: BoundedCache[str, Caller] = BoundedCache(MAX_CACHED)
        self._generation = 0

    async def __call__(self, key: str) -> Caller | None:
        """Return the caller of a key, or None.

        Raises:
            ConfirmationNeeded: Its owner must confirm their e-mail address first.
            FactorNeeded: Its owner must set up a second factor first.
        """
        if len(key) > MAX_TOKEN or not key.isascii():
            return None
        hashed = token_hash(key)
        caller = self._callers.get(hashed, self._clock()) or await self._load(hashed)
        if caller is not None:
            self._sessions.require_steps(caller)
        return caller

    def on_ended(self, _event: KeysEnded) -> None:
        """Forget all keys: revoking is rare, and a read that is under way is not cached either."""
        self.clear()

    def clear(self) -> None:
        """Empty the cache."""
        self._generation += 1
        self._callers.clear()

    async def _load(self, hashed: str) -> Caller | None:
        generation, read_at = self._generation, self._clock()
        found = await self._database.read(find_caller, hashed)
        if found is None:
            self._callers.remove(hashed)
            return None
        if generation == self._generation:
            self._callers.put(hashed, found.caller, read_at, TTL)
        if found.touch:
            await self._touch(found.caller.session_id)
        return found.caller

    async def _touch(self, key: str) -> None:
        try:
            await self._database.write(store.TouchKey(key))
        except Refusal:
            log.warning("The last use of a key could not be stored")
