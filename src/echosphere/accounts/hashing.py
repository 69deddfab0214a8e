"""Hashes passwords in a thread pool with one thread per core."""

import asyncio
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from werkzeug.security import check_password_hash, generate_password_hash

from echosphere.accounts.no_password import is_usable_password
from echosphere.core.errors import Unavailable

T = TypeVar("T")

MAX_WAITING = 64
"""Hashes that may wait or run; more are refused before they cost anything."""

RETRY_AFTER = 5


def hash_password(method: str, password: str) -> str:
    """Return the stored form of a password: method, salt and hash in one line."""
    return generate_password_hash(password, method=method)


class PasswordHasher:
    """Hashes and checks passwords, with a bounded queue.

    Args:
        method: Werkzeug's name of the method and its cost, such as `scrypt:131072:8:1`.
        workers: Hashes at once.
        max_waiting: Hashes that may wait or run.

    Attributes:
        computed: Hashes begun since the start.
    """

    def __init__(
        self, method: str, *, workers: int | None = None, max_waiting: int = MAX_WAITING
    ) -> None:
        self.computed = 0
        self._method = method
        self._max_waiting = max_waiting
        self._waiting = 0
        self._executor = ThreadPoolExecutor(
            workers or os.cpu_count() or 1, thread_name_prefix="password"
        )
        # Checked when there is no account, so that the answer takes as long as for a real one.
        self._dummy_hash = f"{method}${secrets.token_hex(8)}${secrets.token_hex(64)}"

    async def hash(self, password: str) -> str:
        """Return the stored form of a password.

        Raises:
            Unavailable: The queue is full.
        """
        return await self._run(hash_password, self._method, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether a password has this stored form; without one it takes as long, and is False.

        Raises:
            Unavailable: The queue is full.
        """
        known = stored if stored is not None and is_usable_password(stored) else None
        equal = await self._run(check_password_hash, known or self._dummy_hash, password)
        return equal and known is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether a stored hash was made by another method than the configured one."""
        return stored.partition("$")[0] != self._method

    def stop(self) -> None:
        """Finish the running hashes and end the threads."""
        self._executor.shutdown(cancel_futures=True)

    async def _run(self, work: Callable[[str, str], T], first: str, second: str) -> T:
        if self._waiting >= self._max_waiting:
            raise Unavailable(
                "Too many people are signing in at this moment. Try again soon.",
                retry_after=RETRY_AFTER,
            )
        self._waiting += 1
        self.computed += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._executor, work, first, second
            )
        finally:
            self._waiting -= 1
