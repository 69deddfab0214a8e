"""The order of events that several processes publish."""

import asyncio

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from echosphere.realtime.delivery import ToMembers, ordering
from echosphere.realtime.delivery.ordering import VersionOrder
from echosphere.realtime.delivery.relay import encode_for_members


@given(st.permutations(range(2, 9)))
def test_versions_that_come_in_any_order_are_sent_in_theirs(versions: list[int]) -> None:
    async def play() -> list[int]:
        order, sent = VersionOrder(), list[int]()
        for version in (1, *versions):
            order.take("one", version, lambda version=version: sent.append(version))  # type: ignore[misc]
        order.close()
        return sent

    assert asyncio.run(play()) == list(range(1, 9))


async def test_what_does_not_come_is_waited_for_a_moment_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ordering, "HOLD_SECONDS", 0.01)
    order, sent = VersionOrder(), list[int]()
    order.take("one", 1, lambda: sent.append(1))
    order.take("one", 4, lambda: sent.append(4))
    order.take("one", 3, lambda: sent.append(3))
    order.take("other", 9, lambda: sent.append(9))
    assert sent == [1, 9]
    async with asyncio.timeout(10):
        while len(sent) < 4:
            await asyncio.sleep(0.005)
    assert sent == [1, 9, 3, 4]
    order.take("one", 2, lambda: sent.append(2))
    order.take("one", 5, lambda: sent.append(5))
    assert sent[-2:] == [2, 5], "too late is better than never, and holds up nothing"


async def test_what_has_no_version_stays_behind_what_waits() -> None:
    order, sent = VersionOrder(), list[str]()
    order.take("one", 1, lambda: sent.append("1"))
    order.take("one", None, lambda: sent.append("typing"))
    order.take("one", 3, lambda: sent.append("3"))
    order.take("one", None, lambda: sent.append("receipt"))
    order.take("one", 2, lambda: sent.append("2"))
    assert sent == ["1", "typing", "2", "3", "receipt"]


async def test_no_more_than_a_bounded_number_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "MAX_HELD", 5)
    order, sent = VersionOrder(), list[int]()
    order.take("one", 1, lambda: sent.append(1))
    for version in range(3, 10):
        order.take("one", version, lambda version=version: sent.append(version))  # type: ignore[misc]
    assert sent == [1, 3, 4, 5, 6, 7, 8, 9]


async def test_after_a_failover_versions_may_come_again() -> None:
    order, sent = VersionOrder(), list[int]()
    for version in (1, 2, 3):
        order.take("one", version, lambda version=version: sent.append(version))  # type: ignore[misc]
    order.note("one", 7)
    assert (order.latest("one"), order.latest("other")) == (7, 0)
    order.forget()
    assert order.latest("one") == 0
    order.take("one", 2, lambda: sent.append(2))
    order.take("one", 3, lambda: sent.append(3))
    assert sent == [1, 2, 3, 2, 3]


class Raised(msgspec.Struct):
    """A payload that raises the version."""

    version: int


async def test_what_only_some_members_get_holds_up_nothing_that_follows() -> None:
    order, sent = VersionOrder(), list[int]()
    for version in (1, 2, 3):
        for only in (frozenset({"ann"}), frozenset({"ben"})):
            delivery = ToMembers("one", 1, "message", Raised(version), only)
            told = encode_for_members(delivery, b"")
            order.take("one", told.version, lambda version=version: sent.append(version))  # type: ignore[misc]
    assert sent == [1, 1, 2, 2, 3, 3]
