"""The steady clock: jumps of the machine's clock are accepted only if they last."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echosphere.core.clock import CONFIRM_AFTER, DAY, HOUR, MINUTE, SECOND, SteadyClock

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


@pytest.mark.parametrize("jump", LEAPS)
def test_a_jump_of_some_seconds_is_not_seen(jump: int) -> None:
    machine = Machine()
    machine.pass_by(100)
    machine.wall += jump
    machine.pass_by(30)
    assert machine.clock() == START + 130 * SECOND
    assert machine.clock.jump == jump
    assert machine.clock.confirmed_jump() == 0
    machine.wall -= jump
    machine.pass_by(10)
    assert machine.clock() == START + 140 * SECOND
    assert machine.clock.jump == 0


@pytest.mark.parametrize("jump", LEAPS)
def test_a_jump_that_lasts_is_believed_when_it_is_adopted(jump: int) -> None:
    machine = Machine()
    machine.wall += jump
    machine.clock()
    machine.pass_by(CONFIRM_AFTER)
    assert machine.clock.confirmed_jump() == jump
    assert machine.clock() == START + CONFIRM_AFTER * SECOND
    machine.clock.accept_jump()
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
    for jump, seconds in moves:
        machine.wall += jump
        machine.pass_by(seconds)
        now = machine.clock()
        assert now >= before
        before = now
