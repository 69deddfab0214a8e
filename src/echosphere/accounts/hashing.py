"""Hashes passwords in a thread pool with one thread per core, and estimates new ones in a process."""

import asyncio
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from werkzeug.security import check_password_hash, generate_password_hash

from echosphere.accounts.account import validate
from echosphere.accounts.no_password import is_usable_password
from echosphere.accounts.password import to_estimate, validate_password
from echosphere.core.errors import Unavailable
from echosphere.core.process_pool import ProcessPool, worker_command

T = TypeVar("T")

MAX_WAITING = 64
"""Hashes that may wait or run; more are refused before they cost anything."""

RETRY_AFTER = 5

STRENGTH_WORKER = worker_command("echosphere.accounts.strength_worker")


def hash_password(method: str, password: str) -> str:
    """Return the stored form of a password: method, salt and hash in one line."""
    return generate_password_hash(password, method=method)


class StrengthPool(ProcessPool):
    """The process that estimates passwords: the lists it compares with take 14 MB, an estimate 40 ms."""

    def __init__(self, command: tuple[str, ...] = STRENGTH_WORKER) -> None:
        super().__init__(command, workers=1)

    @staticmethod
    def unavailable() -> Unavailable:
        """Return the refusal of a password that could not be estimated for reasons of the server."""
        sentence = "The password cannot be checked right now. Try again in a moment."
        return Unavailable(sentence, retry_after=RETRY_AFTER)


class PasswordHasher:
    """Hashes and checks passwords, with a bounded queue, and estimates new ones.

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
        self._strength = StrengthPool()
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

    async def is_guessable(self, given: str, *, name: str, email: str, server: str = "") -> bool:
        """Whether a new password is soon guessed; False if `validate_password` refuses it anyway.

        Raises:
            Unavailable: The process that estimates it cannot be had.
        """
        estimate = to_estimate(given, name=name, email=email, server=server)
        if estimate is None:
            return False
        response = await self._strength.ask({"estimate": estimate})
        if response["outcome"] != "done":
            raise self._strength.unavailable()
        return bool(response["guessable"])

    async def require_strong(
        self, field: str, given: str, *, name: str, email: str, server: str
    ) -> str:
        """Return a new password in normal form, to be hashed.

        Args:
            field: What the caller calls it.
            given: The password as it was typed.
            name: The user's name.
            email: Their e-mail address.
            server: The host name under which people use the instance.

        Raises:
            Invalid: It breaks a rule.
            Unavailable: The process that estimates it cannot be had.
        """
        known = {"name": name, "email": email, "server": server}
        guessable = await self.is_guessable(given, **known)
        rule = {field: lambda: validate_password(given, **known, guessable=guessable)}
        return validate(rule)[field]

    def is_outdated(self, stored: str) -> bool:
        """Whether a stored hash was made by another method than the configured one."""
        return stored.partition("$")[0] != self._method

    async def stop(self) -> None:
        """Finish the running hashes and end the threads and the process."""
        self._executor.shutdown(cancel_futures=True)
        await self._strength.stop()

    async def _run(self, work: Callable[[str, str], T], first: str, second: str) -> T:
        if self._waiting >= self._max_waiting:
            raise Unavailable(
                "Too many people are signing in right now. Try again in a moment.",
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
