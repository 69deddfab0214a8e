"""Recognises people by their session: the same for pages, REST and sockets."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from echosphere.accounts import store
from echosphere.accounts.events import SessionEnded
from echosphere.core.caller import Caller
from echosphere.core.errors import Refusal
from echosphere.core.ids import token_hash
from echosphere.database import Database, Snapshot, quick

MAX_TOKEN = 128
TRUSTED_FOR = 5.0
"""Seconds for which an answer is kept: another server process may end a session meanwhile."""

MAX_KEPT = 20_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A living session, and whether the time of its last use should be written down."""

    caller: Caller
    note_use: bool


@quick
def find_caller(snapshot: Snapshot, hashed: str) -> Recognised | None:
    """Return who holds the token with this hash, or None when it is unknown, expired or revoked."""
    session = store.find_session(snapshot, hashed)
    if session is None or not session.is_alive(snapshot.now):
        return None
    caller = Caller(session.user, session.id, session.role)
    return Recognised(caller, session.use_is_worth_noting(snapshot.now))


class Recognition:
    """Answers who holds a token, from the database or from what it said just now.

    Args:
        database: Where the sessions are.
        clock: Seconds that never go back.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._clock = clock
        self._kept: OrderedDict[str, tuple[Caller, float]] = OrderedDict()
        self._tokens: dict[str, str] = {}  # by session
        self._ends = 0

    async def __call__(self, token: str) -> Caller | None:
        """Return who holds this secret token, or None."""
        if len(token) > MAX_TOKEN or not token.isascii():
            return None
        hashed = token_hash(token)
        kept = self._kept.get(hashed)
        if kept is not None and self._clock() - kept[1] < TRUSTED_FOR:
            return kept[0]
        return await self._look_up(hashed)

    def ended(self, event: SessionEnded) -> None:
        """Forget sessions that are over; an answer that is on its way is not kept either."""
        self._ends += 1
        for session in event.sessions:
            hashed = self._tokens.pop(session, None)
            if hashed is not None:
                self._kept.pop(hashed, None)

    def forget_all(self) -> None:
        """Ask the database again for everybody: it may be another one by now."""
        self._ends += 1
        self._kept.clear()
        self._tokens.clear()

    async def _look_up(self, hashed: str) -> Caller | None:
        ends, asked_at = self._ends, self._clock()
        found = await self._database.read(find_caller, hashed)
        if found is None:
            self._forget(hashed)
            return None
        if ends == self._ends:
            self._keep(hashed, found.caller, asked_at)
        if found.note_use:
            await self._note_use(found.caller.session_id)
        return found.caller

    def _keep(self, hashed: str, caller: Caller, asked_at: float) -> None:
        self._kept[hashed] = (caller, asked_at)
        self._kept.move_to_end(hashed)
        self._tokens[caller.session_id] = hashed
        while len(self._kept) > MAX_KEPT:
            _, (oldest, _) = self._kept.popitem(last=False)
            self._tokens.pop(oldest.session_id, None)

    def _forget(self, hashed: str) -> None:
        kept = self._kept.pop(hashed, None)
        if kept is not None:
            self._tokens.pop(kept[0].session_id, None)

    async def _note_use(self, session: str) -> None:
        try:
            await self._database.write(store.note_use, session)
        except Refusal:
            log.warning("The last use of a session could not be written down")
