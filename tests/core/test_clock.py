"""The steady clock: leaps of the machine's clock are believed only when they last."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echosphere.clock import CONFIRMED_AFTER, DAY, HOUR, MINUTE, SECOND, SteadyClock

START = 1_800_000_000_000
LEAPS = (-365 * DAY, -HOUR, HOUR, 365 * DAY)


class Machine:
    """A machine whose two clocks a test moves."""

    def __init__(self) -> None:
        self.wall = START
        self.steady = 0.0
        self.clock = SteadyClock(lambda: self.wall, lambda: self.steady)

    def pass_by(self, seconds: float) -> None:
        self.wall += round(seconds * 1000)
        self.steady += seconds


@pytest.mark.parametrize("leap", LEAPS)
def test_a_leap_of_some_seconds_is_not_seen(leap: int) -> None:
    machine = Machine()
    machine.pass_by(100)
    machine.wall += leap
    machine.pass_by(30)
    assert machine.clock() == START + 130 * SECOND
    assert machine.clock.leap == leap
    assert machine.clock.confirmed() == 0
    machine.wall -= leap
    machine.pass_by(10)
    assert machine.clock() == START + 140 * SECOND
    assert machine.clock.leap == 0


@pytest.mark.parametrize("leap", LEAPS)
def test_a_leap_that_lasts_is_believed_when_it_is_adopted(leap: int) -> None:
    machine = Machine()
    machine.wall += leap
    machine.clock()
    machine.pass_by(CONFIRMED_AFTER)
    assert machine.clock.confirmed() == leap
    assert machine.clock() == START + CONFIRMED_AFTER * SECOND
    machine.clock.adopt()
    assert machine.clock() == machine.wall
    machine.pass_by(5)
    assert machine.clock() == machine.wall


def test_a_small_correction_is_taken_and_time_does_not_go_back() -> None:
    machine = Machine()
    machine.wall += 20 * SECOND
    assert machine.clock() == START + 20 * SECOND
    machine.wall -= 20 * SECOND
    assert machine.clock() == START + 20 * SECOND
    machine.pass_by(30)
    assert machine.clock() == START + 30 * SECOND


@given(
    st.lists(st.tuples(st.sampled_from((0, SECOND, -SECOND, MINUTE, *LEAPS)), st.integers(0, 90)))
)
def test_time_never_goes_back_whatever_the_machine_says(moves: list[tuple[int, int]]) -> None:
    machine = Machine()
    before = machine.clock()
    for leap, seconds in moves:
        machine.wall += leap
        machine.pass_by(seconds)
        now = machine.clock()
        assert now >= before
        before = now
