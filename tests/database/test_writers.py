"""Which writer gets a lane: the first that is not held up, and always the same while it has work."""

from dataclasses import dataclass
from typing import Any

import pytest

from echosphere.database import writers
from echosphere.database.writers import Writers


@dataclass
class Doing:
    """A writer as far as it is asked here."""

    submitted: int = 0
    finished: int = 0
    held_up: bool = False

    def is_held_up(self) -> bool:
        """Whether its batch takes long."""
        return self.held_up


def give(lanes: Writers, lane: str, *, alone: bool = False) -> Any:
    writer: Any = lanes.for_lane(lane, own_transaction=alone)
    writer.submitted += 1
    return writer


def test_lanes_share_the_first_writer_until_it_is_held_up() -> None:
    first, second = some = [Doing(), Doing()]
    lanes = Writers(some)  # type: ignore[arg-type]
    assert give(lanes, "one") is give(lanes, "two") is first
    first.held_up = True
    assert give(lanes, "three") is second
    assert give(lanes, "one") is first  # behind what it has there
    first.finished = first.submitted
    assert give(lanes, "one") is second
    second.held_up = True
    assert give(lanes, "four") is first  # all are


def test_what_has_a_transaction_of_its_own_goes_to_the_last_one() -> None:
    first, second = some = [Doing(), Doing()]
    lanes = Writers(some)  # type: ignore[arg-type]
    assert give(lanes, "one", alone=True) is second
    assert give(lanes, "one") is second
    assert give(lanes, "two") is first


def test_finished_lanes_are_forgotten_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "MAX_LANES", 3)
    first, second = some = [Doing(), Doing()]
    lanes = Writers(some)  # type: ignore[arg-type]
    give(lanes, "busy", alone=True)
    for number in range(20):
        give(lanes, f"lane {number}")
        first.finished = first.submitted
    second.held_up = True
    assert give(lanes, "busy") is second
    assert len(lanes._lanes) < 10
