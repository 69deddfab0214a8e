"""What becomes of a push message, depending on where its endpoint leads."""

import asyncio
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from echosphere.core.clock import DAY, MINUTE, SECOND, Clock
from echosphere.http_client import SafeHttpClient
from echosphere.notifications.backoff import MAX_WAITING
from echosphere.notifications.push import (
    MAX_PER_USER,
    MAX_WAITING_PER_USER,
    Delivery,
    PushSender,
)
from echosphere.notifications.store import Subscription
from echosphere.notifications.vapid import Vapid, to_base64url
from tests.product.push_service import BrowserKeys, PushService

NOTIFICATION = {"title": "Ada", "body": "Hello", "tag": "talk"}


def subscription(keys: BrowserKeys) -> Subscription:
    given = keys.wish()["keys"]
    return Subscription("id", "user", "session", keys.endpoint, given["p256dh"], given["auth"])


def pusher(outside: SafeHttpClient, clock: Clock = lambda: 1_800_000_000_000) -> PushSender:
    vapid = Vapid(to_base64url((7).to_bytes(32)), "mailto:ops@example.org")
    return PushSender(outside, vapid, clock)


async def test_a_name_that_turns_out_to_be_an_inner_address_is_never_asked() -> None:
    """An endpoint looks harmless when it is taken; what its name stands for is seen when sending."""
    async with PushService() as service:
        port = service.address.rpartition(":")[2]
        keys = BrowserKeys(f"http://push.example.net:{port}/push/1")

        async def inward(_host: str, _port: int) -> Sequence[str]:
            return ["127.0.0.1"]

        guarded, open_one = (
            SafeHttpClient(ports=None, resolve=inward),
            SafeHttpClient(lambda _: True, None, inward),
        )
        assert await pusher(guarded).push(subscription(keys), NOTIFICATION) is Delivery.REJECTED
        assert service.pushed == []
        assert await pusher(open_one).push(subscription(keys), NOTIFICATION) is Delivery.ACCEPTED
        assert keys.read(service.pushed[0]) == NOTIFICATION
        await guarded.stop()
        await open_one.stop()


async def test_no_service_keeps_a_notification_longer_than_its_message_lasts() -> None:
    now = 1_800_000_000_000
    async with PushService() as service:
        keys = BrowserKeys(f"{service.address}/push/1")
        outside = SafeHttpClient.unrestricted()
        for expires_at in (None, now + 60_000, now - 1, now + 10 * DAY):
            given = {**NOTIFICATION, "expires_at": expires_at}
            assert await pusher(outside).push(subscription(keys), given) is Delivery.ACCEPTED
        assert [one.headers["ttl"] for one in service.pushed] == ["86400", "60", "0", "86400"]
        await outside.stop()


@pytest.mark.parametrize(
    ("status", "delivery"),
    [
        (200, Delivery.ACCEPTED),
        (201, Delivery.ACCEPTED),
        (202, Delivery.ACCEPTED),
        (302, Delivery.REJECTED),
        (400, Delivery.REJECTED),
        (403, Delivery.REJECTED),
        (404, Delivery.GONE),
        (410, Delivery.GONE),
        (413, Delivery.REJECTED),
        (429, Delivery.RETRY),
        (500, Delivery.RETRY),
        (503, Delivery.RETRY),
    ],
)
async def test_the_answer_of_the_service_says_what_to_do_next(
    status: int, delivery: Delivery
) -> None:
    outside = SafeHttpClient.unrestricted()
    async with PushService() as service:
        keys = BrowserKeys(f"{service.address}/push/1")
        service.statuses = {keys.path: [status]}
        assert await pusher(outside).push(subscription(keys), NOTIFICATION) is delivery
    await outside.stop()


async def test_a_service_that_is_away_is_asked_later() -> None:
    outside = SafeHttpClient.unrestricted()
    keys = BrowserKeys("http://127.0.0.1:9/push")
    assert await pusher(outside).push(subscription(keys), NOTIFICATION) is Delivery.RETRY
    await outside.stop()


async def test_a_service_that_does_not_answer_is_left_alone_for_longer_and_longer() -> None:
    now = [1_800_000_000_000]
    outside = SafeHttpClient.unrestricted()
    async with PushService() as service:
        keys = BrowserKeys(f"{service.address}/push/1")
        neighbour = BrowserKeys(f"{service.address}/push/2")
        elsewhere = BrowserKeys(f"{service.address.replace('127.0.0.1', 'localhost')}/push/3")
        telling = pusher(outside, lambda: now[0])
        asked: list[int] = []

        async def hang_up() -> None:
            asked.append(now[0])
            raise ConnectionError

        service.before[keys.path] = hang_up
        for pause in (0, 14, 1, 29, 1):  # asked after 0, 15 and 45 seconds
            now[0] += pause * SECOND
            assert await telling.push(subscription(keys), NOTIFICATION) is Delivery.RETRY
        assert [moment - asked[0] for moment in asked] == [0, 15 * SECOND, 45 * SECOND]
        # The host is left alone, whatever else is named on it, and others are not.
        assert await telling.push(subscription(neighbour), NOTIFICATION) is Delivery.RETRY
        assert await telling.push(subscription(elsewhere), NOTIFICATION) is Delivery.ACCEPTED
        del service.before[keys.path]
        now[0] += MINUTE
        assert await telling.push(subscription(keys), NOTIFICATION) is Delivery.ACCEPTED
        assert await telling.push(subscription(keys), NOTIFICATION) is Delivery.ACCEPTED
    await outside.stop()


async def test_a_service_that_answers_just_in_time_is_left_alone_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("echosphere.notifications.push.SLOW_SECONDS", 0.0)
    now = [1_800_000_000_000]
    outside = SafeHttpClient.unrestricted()
    async with PushService() as service:
        to = subscription(BrowserKeys(f"{service.address}/push/1"))
        telling = pusher(outside, lambda: now[0])
        became = []
        for pause in (0, 1, 14, 1, 29):
            now[0] += pause * SECOND
            became.append(await telling.push(to, NOTIFICATION))
        taken, later = Delivery.ACCEPTED, Delivery.RETRY
        assert became == [taken, later, taken, later, taken]
        assert len(service.pushed) == 3
    await outside.stop()


async def test_not_any_number_of_messages_wait_for_a_service_that_does_not_answer() -> None:
    outside = SafeHttpClient.unrestricted()
    telling = pusher(outside)
    to = subscription(BrowserKeys("http://127.0.0.1:9/push"))
    became = [await telling.push(to, NOTIFICATION) for _ in range(MAX_WAITING + 2)]
    assert became == [Delivery.RETRY] * (MAX_WAITING + 1) + [Delivery.REJECTED]
    assert await telling.push(to, NOTIFICATION, is_retry=True) is Delivery.RETRY
    await outside.stop()


async def test_nor_for_one_that_always_says_that_it_is_busy() -> None:
    outside = SafeHttpClient.unrestricted()
    async with PushService() as service:
        keys = BrowserKeys(f"{service.address}/push/1")
        telling, to = pusher(outside), subscription(keys)
        service.statuses = {keys.path: [429] * (MAX_WAITING + 1) + [503, 201, 503]}
        became = [await telling.push(to, NOTIFICATION) for _ in range(MAX_WAITING + 1)]
        assert became == [Delivery.RETRY] * MAX_WAITING + [Delivery.REJECTED]
        assert await telling.push(to, NOTIFICATION, is_retry=True) is Delivery.RETRY
        assert await telling.push(to, NOTIFICATION, is_retry=True) is Delivery.ACCEPTED
        assert await telling.push(to, NOTIFICATION) is Delivery.RETRY
    await outside.stop()


async def test_four_people_with_slow_endpoints_hold_up_no_one_else() -> None:
    outside = SafeHttpClient(lambda _: True, None, loopback)
    async with PushService() as service:
        port = service.address.rpartition(":")[2]
        telling = pusher(outside)
        go = asyncio.Event()
        slow: list[asyncio.Task[Delivery]] = []
        for person in range(4):
            for number in range(12):
                host = f"slow-{person}-{number}.example"
                keys = BrowserKeys(f"http://{host}:{port}/push/{host}")
                service.before[keys.path] = go.wait
                to = replace(subscription(keys), user=f"slow {person}")
                slow.append(asyncio.create_task(telling.push(to, NOTIFICATION)))
        await asyncio.sleep(0)
        keys = BrowserKeys(f"http://healthy.example:{port}/push/healthy")
        to = replace(subscription(keys), user="healthy")
        assert await telling.push(to, NOTIFICATION) is Delivery.ACCEPTED
        assert [pushed.path for pushed in service.pushed if "healthy" in pushed.path]
        # Those beyond a person's turns hold no job, and are tried again later.
        held = [one for one in slow if not one.done()]
        assert 0 < len(held) <= 4 * (MAX_PER_USER + MAX_WAITING_PER_USER)
        assert {one.result() for one in slow if one.done()} == {Delivery.RETRY}
        go.set()
        await asyncio.gather(*slow)
    await outside.stop()


async def loopback(_host: str, _port: int) -> Sequence[str]:
    """Say that every name is this machine's."""
    return ["127.0.0.1"]
