"""Whose request is made next: slow places that some name must not hold up those of others."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

AT_ONCE = 8
OF_A_PERSON = 1
OF_A_HOST = 2
WAITING_OF_A_PERSON = 4


@dataclass(eq=False, slots=True)
class _Turn:
    person: str
    host: str
    begins: asyncio.Future[None]


class Turns:
    """Gives out a few places, few of them to one person or one host.

    Of those who may be next it is the one whose last turn was longest ago: whoever comes with many
    requests waits for themselves and not the others for them.

    Args:
        at_once: Places in all.
        of_a_person: Places that one person may have.
        of_a_host: Places that one host may have.
    """

    def __init__(
        self,
        at_once: int = AT_ONCE,
        of_a_person: int = OF_A_PERSON,
        of_a_host: int = OF_A_HOST,
    ) -> None:
        self._free = at_once
        self._of_a_person = of_a_person
        self._of_a_host = of_a_host
        self._persons: Counter[str] = Counter()
        self._hosts: Counter[str] = Counter()
        self._waiting: list[_Turn] = []
        self._numbers: dict[str, int] = {}
        self._number = 0

    def waiting_of(self, person: str) -> int:
        """Return how many requests for a person wait for their turn."""
        return sum(turn.person == person for turn in self._waiting)

    @asynccontextmanager
    async def turn(self, person: str, host: str) -> AsyncIterator[None]:
        """Wait for a place, and have it while the block runs."""
        turn = _Turn(person, host, asyncio.get_running_loop().create_future())
        self._waiting.append(turn)
        self._give_out()
        try:
            await turn.begins
            yield
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:
                self._take_back(turn)
            self._forget(person)
            self._give_out()

    def _give_out(self) -> None:
        while self._free:
            able = [turn for turn in self._waiting if self._may_begin(turn)]
            if not able:
                return
            turn = min(able, key=lambda one: self._numbers.get(one.person, 0))
            self._waiting.remove(turn)
            self._free -= 1
            self._persons[turn.person] += 1
            self._hosts[turn.host] += 1
            self._number += 1
            self._numbers[turn.person] = self._number
            turn.begins.set_result(None)

    def _may_begin(self, turn: _Turn) -> bool:
        return (
            self._persons[turn.person] < self._of_a_person
            and self._hosts[turn.host] < self._of_a_host
            and not turn.begins.done()  # whoever waited may have given up
        )

    def _take_back(self, turn: _Turn) -> None:
        self._free += 1
        for counter, key in ((self._persons, turn.person), (self._hosts, turn.host)):
            counter[key] -= 1
            if not counter[key]:
                del counter[key]

    def _forget(self, person: str) -> None:
        """Remember only the turns of those who want another one."""
        if not self._persons[person] and not self.waiting_of(person):
            self._numbers.pop(person, None)
