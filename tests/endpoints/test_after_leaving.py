"""A bot that is out of a group hears that, and nothing else of what happened there, on all three ways."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import socketio

from echosphere.bots import TYPES
from echosphere.core.clock import MINUTE
from tests.bots.programs import SOON, Bot
from tests.bots.test_buttons import card, presses
from tests.bots.test_commands import DEPLOY, declares, sends
from tests.endpoints.conftest import Passed
from tests.endpoints.receiver import Answer, Endpoint, Receiver, endpoint_of
from tests.product.groups import Group
from tests.product.people import PASSWORD, Socket

Change = Callable[[Group, Bot], Awaitable[Any]]


async def one_of_each_kind(group: Group, bot: Bot) -> None:
    """Have each kind of event happen, without one that hides another."""
    await declares(bot, DEPLOY)
    said = await group.owner.say(group.id, "stays")
    here = group.path(f"/messages/{said['seq']}")
    await group.owner.patch(here, {"body": "stays, in other words"})
    await group.owner.http.put(f"{here}/reactions/👍")
    await group.owner.http.delete(f"{here}/reactions/👍")
    goes = await group.owner.say(group.id, "goes")
    await group.owner.delete(group.path(f"/messages/{goes['seq']}"), 200)
    await group.owner.delete(group.of(group.admin))
    await group.owner.post(group.path("/members"), {"user": group.admin.id})
    await sends(group.owner, group, bot)
    await presses(group.owner, group, await card(bot, group))


async def stays(_group: Group, _bot: Bot) -> None:
    """Nothing happens: the bot hears of everything."""


async def removed(group: Group, bot: Bot) -> None:
    await group.owner.delete(group.path(f"/members/{bot.id}"))


async def owner_leaves(group: Group, bot: Bot) -> None:
    await bot.owner.delete(group.of(bot.owner))


async def owner_removed(group: Group, bot: Bot) -> None:
    await group.owner.delete(group.of(bot.owner))


ENDS: dict[str, tuple[Change, set[str]]] = {
    "it stays": (stays, set(TYPES)),
    "it is removed": (removed, {"member.left"}),
    "its owner leaves": (owner_leaves, {"member.left"}),
    "its owner is removed": (owner_removed, {"member.left"}),
}
"""What happens, and the kinds of events that are heard of afterwards, of those from before."""


@pytest.fixture
async def endpoint(group: Group, bot: Bot, receiver: Receiver) -> Endpoint:
    """An endpoint for which each kind of event waits, since it asked for a pause."""
    endpoint = await endpoint_of(bot, receiver.address, types=list(TYPES))
    receiver.answers = [Answer(429, headers="Retry-After: 600\r\n")]
    await bot.begins(group.id)
    await endpoint.until(state="failing")
    await one_of_each_kind(group, bot)
    return endpoint


@pytest.mark.parametrize(("happens", "heard"), ENDS.values(), ids=ENDS)
async def test_what_happened_before_it_left_is_heard_on_no_way(
    server: str,
    group: Group,
    bot: Bot,
    endpoint: Endpoint,
    receiver: Receiver,
    passed: Passed,
    happens: Change,
    heard: set[str],
) -> None:
    assert endpoint
    since = bot.cursor
    await happens(group, bot)
    by_poll = await until_last(bot, heard)
    by_socket = await pushed(server, bot, since, len(by_poll))
    await passed.by(15 * MINUTE)
    # The pause was asked for at the first event, which comes again to a bot that is still there.
    await receiver.gets(len(by_poll) + (2 if happens is stays else 1))
    await group.owner.say(group.id, "not heard by whoever is out")
    by_endpoint = [
        one.event for one in receiver.received[1:] if "Listen from" not in str(one.event)
    ]
    for events in (by_poll, by_socket, by_endpoint):
        assert {one["type"] for one in events} == heard
        if heard == {"member.left"}:
            assert [one["data"] for one in events] == [{"user": bot.id}]


async def until_last(bot: Bot, heard: set[str]) -> list[dict[str, Any]]:
    """Return what a bot hears by poll, once that is one of each kind."""
    found: list[dict[str, Any]] = []
    while {one["type"] for one in found} < heard:
        found += await bot.hears(wait=5)
    return found


async def pushed(server: str, bot: Bot, since: str | None, count: int) -> list[dict[str, Any]]:
    """Return what a socket is sent that goes on at a cursor."""
    socket = Socket(server, bot.key)
    auth = {"token": bot.key, "after": since}
    await socket.client.connect(server, auth=auth, transports=["websocket"], wait_timeout=SOON)
    async with asyncio.timeout(SOON):
        while len(socket.of("event")) < count:
            await asyncio.sleep(0.05)
    await socket.close()
    return socket.of("event")


async def test_the_bot_of_a_closed_account_hears_nothing_on_no_way(
    server: str,
    group: Group,
    bot: Bot,
    endpoint: Endpoint,
    receiver: Receiver,
    passed: Passed,
) -> None:
    assert endpoint
    await bot.owner.http.request("DELETE", "/me", json={"password": PASSWORD})
    await bot.get("/events", 401, after=bot.cursor)
    with pytest.raises(socketio.exceptions.ConnectionError, match="failed to connect"):
        await pushed(server, bot, bot.cursor, 1)
    await passed.by(15 * MINUTE)
    await group.owner.say(group.id, "not heard by the bot")
    assert len(receiver.received) == 1
