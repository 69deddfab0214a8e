"""Brings the events of a conversation that several processes publish into their order."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

HOLD_SECONDS = 0.05
"""How long an event waits for those before it; then clients ask for what they lack."""

MAX_CONVERSATIONS = 50_000
MAX_HELD = 256

Send = Callable[[], None]


class Held:
    """The events of a conversation that wait, by version, and the timer that ends their waiting."""

    __slots__ = ("sends", "timer")

    def __init__(self, timer: asyncio.TimerHandle) -> None:
        self.timer = timer
        self.sends: list[tuple[int, Send]] = []


class VersionOrder:
    """Holds an event back for a moment while an earlier version has not come.

    Two processes that change one conversation commit in order and publish when they please.

    Args:
        on_given_up: Called after something was sent that had waited in vain.
    """

    def __init__(self, on_given_up: Callable[[], None] = lambda: None) -> None:
        self._on_given_up = on_given_up
        self._latest: OrderedDict[str, int] = OrderedDict()
        self._held: dict[str, Held] = {}

    def take(self, conversation: str, version: int | None, send: Send) -> None:
        """Send now, or a moment later; what has no version waits for nothing but for what waits."""
        latest = self._latest.get(conversation)
        held = self._held.get(conversation)
        if version is None or latest is None or version <= latest + 1:
            if version is None and held is not None:
                held.sends.append((held.sends[-1][0], send))
                return
            self._note(conversation, version)
            send()
            if held is not None:
                self._send_ready(conversation, held)
            return
        if held is None:
            loop = asyncio.get_running_loop()
            timer = loop.call_later(HOLD_SECONDS, self._give_up, conversation)
            held = self._held[conversation] = Held(timer)
        held.sends.append((version, send))
        if len(held.sends) > MAX_HELD:
            held.timer.cancel()
            self._give_up(conversation)

    def latest(self, conversation: str) -> int:
        """Return the highest version that was sent; 0 if none was, or long ago."""
        return self._latest.get(conversation, 0)

    def note(self, conversation: str, version: int) -> None:
        """Take it that everything up to this version was sent."""
        self._note(conversation, version)

    def forget(self) -> None:
        """Forget what was sent: the database may be an older copy, which gives versions again."""
        self._latest.clear()

    def close(self) -> None:
        """Send nothing any more."""
        for held in self._held.values():
            held.timer.cancel()
        self._held.clear()

    def _send_ready(self, conversation: str, held: Held) -> None:
        held.sends.sort(key=_version)
        while held.sends and held.sends[0][0] <= self._latest.get(conversation, 0) + 1:
            version, send = held.sends.pop(0)
            self._note(conversation, version)
            send()
        if not held.sends:
            held.timer.cancel()
            self._held.pop(conversation, None)

    def _give_up(self, conversation: str) -> None:
        held = self._held.pop(conversation, None)
        if held is None:
            return
        for version, send in sorted(held.sends, key=_version):
            self._note(conversation, version)
            send()
        self._on_given_up()

    def _note(self, conversation: str, version: int | None) -> None:
        if version is None:
            return
        self._latest[conversation] = max(version, self._latest.get(conversation, 0))
        self._latest.move_to_end(conversation)
        if len(self._latest) > MAX_CONVERSATIONS:
            self._latest.popitem(last=False)


def _version(held: tuple[int, Send]) -> int:
    return held[0]
