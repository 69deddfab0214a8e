"""Rate limits: a burst at once, then one after the other."""

import pytest

from echosphere.core import rate_limits as module
from echosphere.core.errors import TooMany
from echosphere.core.rate_limits import Rate, RateLimiter

RATE = Rate("post", burst=3, every=10)


class Seconds:
    """A stopwatch in the test's hands."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def taken(rate_limiter: RateLimiter, key: str = "ada", rate: Rate = RATE) -> bool:
    """Whether one more use is allowed."""
    try:
        rate_limiter.take(rate, key)
    except TooMany:
        return False
    return True


def test_a_burst_is_allowed_then_one_each_interval() -> None:
    seconds = Seconds()
    rate_limiter = RateLimiter(clock=seconds)
    assert [taken(rate_limiter) for _ in range(5)] == [True, True, True, False, False]
    seconds.now += 9.9
    assert not taken(rate_limiter)
    seconds.now += 0.1
    assert [taken(rate_limiter), taken(rate_limiter)] == [True, False]
    seconds.now += 1_000
    assert [taken(rate_limiter) for _ in range(4)] == [True, True, True, False]


def test_a_refusal_says_when_to_come_back_and_coming_then_works() -> None:
    seconds = Seconds()
    rate_limiter = RateLimiter(clock=seconds)
    for _ in range(3):
        rate_limiter.take(RATE, "ada")
    seconds.now += 3.5
    with pytest.raises(TooMany) as caught:
        rate_limiter.take(RATE, "ada")
    assert caught.value.retry_after == 7
    seconds.now += 7
    assert taken(rate_limiter)


def test_people_and_rates_do_not_share_a_bucket() -> None:
    rate_limiter = RateLimiter(clock=Seconds())
    other = Rate("read", burst=1, every=1)
    for _ in range(3):
        rate_limiter.take(RATE, "ada")
    assert (taken(rate_limiter), taken(rate_limiter, "ben"), taken(rate_limiter, rate=other)) == (
        False,
        True,
        True,
    )


def test_being_refused_costs_nothing_more() -> None:
    seconds = Seconds()
    rate_limiter = RateLimiter(clock=seconds)
    for _ in range(100):
        taken(rate_limiter)
    seconds.now += 10
    assert taken(rate_limiter)


def test_a_switched_off_limit_counts_nothing() -> None:
    rate_limiter = RateLimiter(enabled=False, clock=Seconds())
    assert all(taken(rate_limiter) for _ in range(100))


def test_memory_is_bounded_and_the_longest_unused_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_KEYS", 10)
    rate_limiter = RateLimiter(clock=Seconds())
    for _ in range(3):
        rate_limiter.take(RATE, "busy")
    for number in range(9):
        taken(rate_limiter, f"somebody {number}")
    assert not taken(rate_limiter, "busy")
    for number in range(2):
        taken(rate_limiter, f"somebody else {number}")
    assert taken(rate_limiter, "busy")
