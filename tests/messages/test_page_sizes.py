"""How many messages have room on a page."""

import pytest

from echosphere.messages import Message, fit_to_size, wire_size
from echosphere.messages.history import max_wire_size


def message(body: str, **more: str | int) -> Message:
    return Message("talk", 1, 1, "ana", "key-12345", body, 0, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "character", ["a", '"', "\\", "\n", "\x01", "\x1f", "é", "☃", "🐢", "\u2028"]
)
def test_no_message_is_larger_than_its_quick_estimate(character: str) -> None:
    long = message(character * 1_000, files=2, reactions='[{"emoji":"🐢","users":["ana"]}]')
    for one in (message(""), message(character), long):
        assert wire_size(one) <= max_wire_size([one])


def test_a_page_takes_as_many_messages_as_have_room_and_at_least_one() -> None:
    messages = [message("a" * 1_000) for _ in range(10)]
    one = wire_size(messages[0])
    for count in range(1, 11):
        assert len(fit_to_size(messages, one * count)) == count
    assert len(fit_to_size(messages, 1)) == 1
    assert list(fit_to_size([], 1)) == []
