"""Finds the caller of a session token, for pages, REST and sockets alike."""

import logging
from collections.abc import Callable
from time import monotonic

import msgspec

from echosphere.accounts import store
from echosphere.accounts.events import SessionEnded
from echosphere.accounts.roles import AccountRole
from echosphere.core.bounded_cache import BoundedCache
from echosphere.core.caller import Caller
from echosphere.core.errors import ConfirmationNeeded, FactorNeeded, Refusal
from echosphere.core.ids import token_hash
from echosphere.database import Database, Snapshot, run_on_loop
from echosphere.settings import LiveSettings

MAX_TOKEN = 128
TTL = 5.0
"""Seconds for which a session is cached: another server process may end it meanwhile."""

MAX_SESSIONS = 20_000
ASKED = "This server asks for two-step sign-in. Open it in a browser and set it up first."
CONFIRM = "Confirm your e-mail address first: open the link in the mail that we sent you."
ADMINISTRATORS = (AccountRole.OWNER, AccountRole.ADMINISTRATOR)

log = logging.getLogger(__name__)


class FoundSession(msgspec.Struct, frozen=True):
    """The caller of an active session, and whether its last use should be stored."""

    caller: Caller
    touch: bool


@run_on_loop
def find_caller(snapshot: Snapshot, hashed: str) -> FoundSession | None:
    """Return the session of a token's hash; None if it is unknown, expired or revoked."""
    session = store.find_session(snapshot, hashed)
    if session is None or not session.is_active(snapshot.now):
        return None
    has_factor = session.second_factor_at is not None
    confirmed = session.email_confirmed_at is not None
    caller = Caller(session.user_id, session.id, session.role, has_factor, confirmed)
    return FoundSession(caller, session.needs_touch(snapshot.now))


def asks_for_factor(asked: str, role: str) -> bool:
    """Whether a server whose setting is `asked` asks somebody with a role for a second factor."""
    return asked == "everybody" or (asked == "administrators" and role in ADMINISTRATORS)


class SessionCache:
    """Finds callers by token, and caches them for `TTL` seconds.

    Args:
        database: Holds the sessions.
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
        self._callers: BoundedCache[str, Caller] = BoundedCache(
            MAX_SESSIONS, on_remove=self._forget_token
        )
        self._tokens: dict[str, str] = {}  # by session
        self._generation = 0
        self.on_cleared: list[Callable[[], None]] = []
        """Caches of other credentials, which are emptied with this one."""

    async def __call__(self, token: str) -> Caller | None:
        """Return the caller of a token, or None.

        This is the one door of pages, REST and sockets, so nobody gets past it without the second
        factor or the confirmed address that the operator asks for.

        Raises:
            ConfirmationNeeded: The caller must confirm their e-mail address first.
            FactorNeeded: The caller must set up a second factor first.
        """
        caller = await self._find(token)
        if caller is not None and self._needs_step(caller):
            caller = await self._load(token_hash(token))  # it may have been done just now
            if caller is not None:
                self.require_steps(caller)
        return caller

    def require_steps(self, caller: Caller) -> None:
        """Refuse a caller without what the operator asks everybody for.

        Raises:
            ConfirmationNeeded: The caller must confirm their e-mail address first.
            FactorNeeded: The caller must set up a second factor first.
        """
        if self._needs_step(caller):
            raise self._step_of(caller)

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

    async def _find(self, token: str) -> Caller | None:
        if len(token) > MAX_TOKEN or not token.isascii():
            return None
        hashed = token_hash(token)
        cached = self._callers.get(hashed, self._clock())
        return await self._load(hashed) if cached is None else cached

    def on_session_ended(self, event: SessionEnded) -> None:
        """Remove ended sessions; a read that is under way is not cached either."""
        self._generation += 1
        for session in event.session_ids:
            hashed = self._tokens.get(session)
            if hashed is not None:
                self._callers.remove(hashed)

    def clear(self) -> None:
        """Empty the cache, for example because the database was restored."""
        self._generation += 1
        self._callers.clear()
        for clear in self.on_cleared:
            clear()

    async def _load(self, hashed: str) -> Caller | None:
        generation, read_at = self._generation, self._clock()
        found = await self._database.read(find_caller, hashed)
        if found is None:
            self._callers.remove(hashed)
            return None
        if generation == self._generation:
            self._callers.put(hashed, found.caller, read_at, TTL)
            self._tokens[found.caller.session_id] = hashed
        if found.touch:
            await self._touch(found.caller.session_id)
        return found.caller

    def _forget_token(self, _hashed: str, caller: Caller) -> None:
        self._tokens.pop(caller.session_id, None)

    async def _touch(self, session: str) -> None:
        try:
            await self._database.write(store.TouchSession(session))
        except Refusal:
            log.warning("The last use of a session could not be stored")
