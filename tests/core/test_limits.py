"""Rates: so many at once, then one after the other."""

import pytest

from echosphere import limits as module
from echosphere.errors import TooMany
from echosphere.limits import Limits, Rate

RATE = Rate("post", burst=3, every=10)


class Seconds:
    """A stopwatch in the test's hands."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def taken(limits: Limits, key: str = "ada", rate: Rate = RATE) -> bool:
    """Whether one more use is allowed."""
    try:
        limits.take(rate, key)
    except TooMany:
        return False
    return True


def test_a_burst_is_allowed_then_one_each_interval() -> None:
    seconds = Seconds()
    limits = Limits(clock=seconds)
    assert [taken(limits) for _ in range(5)] == [True, True, True, False, False]
    seconds.now += 9.9
    assert not taken(limits)
    seconds.now += 0.1
    assert [taken(limits), taken(limits)] == [True, False]
    seconds.now += 1_000
    assert [taken(limits) for _ in range(4)] == [True, True, True, False]


def test_a_refusal_says_when_to_come_back_and_coming_then_works() -> None:
    seconds = Seconds()
    limits = Limits(clock=seconds)
    for _ in range(3):
        limits.take(RATE, "ada")
    seconds.now += 3.5
    with pytest.raises(TooMany) as caught:
        limits.take(RATE, "ada")
    assert caught.value.retry_after == 7
    seconds.now += 7
    assert taken(limits)


def test_people_and_rates_do_not_share_a_bucket() -> None:
    limits = Limits(clock=Seconds())
    other = Rate("read", burst=1, every=1)
    for _ in range(3):
        limits.take(RATE, "ada")
    assert (taken(limits), taken(limits, "ben"), taken(limits, rate=other)) == (False, True, True)


def test_being_refused_costs_nothing_more() -> None:
    seconds = Seconds()
    limits = Limits(clock=seconds)
    for _ in range(100):
        taken(limits)
    seconds.now += 10
    assert taken(limits)


def test_a_switched_off_limit_counts_nothing() -> None:
    limits = Limits(enabled=False, clock=Seconds())
    assert all(taken(limits) for _ in range(100))


def test_memory_is_bounded_and_the_longest_unused_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_KEYS", 10)
    limits = Limits(clock=Seconds())
    for _ in range(3):
        limits.take(RATE, "busy")
    for number in range(9):
        taken(limits, f"somebody {number}")
    assert not taken(limits, "busy")
    for number in range(2):
        taken(limits, f"somebody else {number}")
    assert taken(limits, "busy")
