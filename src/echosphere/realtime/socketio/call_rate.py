"""The rate limit of one connection: a token bucket that refills within a minute."""

from __future__ import annotations

MINUTE = 60.0

# Refused calls past this multiple of the allowed number count as abuse.
ABUSE_FACTOR = 10


class CallRate:
    """The token bucket of one connection; it starts full."""

    __slots__ = ("_budget", "_per_minute", "_refused", "_refused_since", "_seen")

    def __init__(self, per_minute: int, now: float) -> None:
        self._per_minute = per_minute
        self._budget = float(per_minute)
        self._seen = now
        self._refused = 0
        self._refused_since = now

    def allows(self, now: float) -> bool:
        """Take a token for one call, if there is one."""
        per_minute = self._per_minute
        budget = self._budget + (now - self._seen) * per_minute / MINUTE
        self._seen = now
        self._budget = min(budget, per_minute)
        if self._budget >= 1:
            self._budget -= 1
            return True
        self._count_refusal(now)
        return False

    @property
    def is_abusive(self) -> bool:
        """Whether far more calls were refused within a minute than are allowed in one."""
        return self._refused >= ABUSE_FACTOR * self._per_minute

    def _count_refusal(self, now: float) -> None:
        if now - self._refused_since > MINUTE:
            self._refused = 0
            self._refused_since = now
        self._refused += 1
