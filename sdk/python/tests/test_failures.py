"""What goes wrong between a bot and its server, and what it does then."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from echosphere_bot import (
    ApiError,
    Bot,
    ConfigurationError,
    ConnectionFailedError,
    EchoSphereError,
    ForbiddenError,
    HeldError,
    InvalidError,
    MemoryStorage,
    Message,
    NotFoundError,
    RateLimitedError,
    Retry,
    ServerError,
    UnauthorizedError,
)
from echosphere_bot.api import Api, message_in, server_url
from echosphere_bot.dispatcher import Dispatcher
from echosphere_bot.progress import ProgressKeeper
from echosphere_bot.retry import MAX_RETRY_AFTER, parse_retry_after
from echosphere_bot.testing import FakeServer
from echosphere_bot.wire import Event

SHORT = Retry(first=0.01, longest=0.02, give_up_after=0.1)


@pytest.fixture
def echo(either: Bot) -> Iterator[Bot]:
    @either.on_message
    async def echo(message: Message) -> None:
        await message.reply(message.text)

    return either  # type: ignore[return-value]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_that_fails_is_asked_again(server: FakeServer, echo: Bot, status: int) -> None:
    server.fail(status, times=2, path="/messages")
    server.fail(status, times=2, path="/events")
    server.fail(status, times=2, path="/me")
    with server.running(echo):
        server.say("hello")
        assert server.next_message().text == "hello"


def test_connections_that_break_are_opened_again(server: FakeServer, echo: Bot) -> None:
    for path in ("/messages", "/events", "/me"):
        server.break_off(times=3, path=path)
    with server.running(echo) as run:
        server.say("one")
        assert server.next_message().text == "one"
        server.drop_sockets()
        server.say("two")
        assert server.next_message().text == "two"
        run.settle()


def test_too_many_requests_are_waited_for(
    server: FakeServer, echo: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail(429, times=1, path="/messages", retry_after=0.2)
    with server.running(echo), caplog.at_level(logging.WARNING):
        server.say("hello")
        assert server.next_message().text == "hello"
    (waited,) = [one.args for one in caplog.records if "Trying again" in one.msg]
    assert isinstance(waited, tuple)
    assert float(waited[1]) >= 0.2  # type: ignore[arg-type]


def test_where_sockets_do_not_get_through_it_polls(
    server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    bot = Bot()

    @bot.on_message
    async def echo(message: Message) -> None:
        await message.reply(message.text)

    server.refuse_sockets()
    with server.running(bot):
        server.say("hello")
        assert server.next_message().text == "hello"
        server.say("again")
        assert server.next_message().text == "again"
    assert "polling instead" in caplog.text


def test_a_cursor_that_is_too_old_begins_anew_and_says_so(
    server: FakeServer, echo: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    with server.running(echo) as run:
        server.say("one")
        run.settle()
        server.forget_events()
        server.drop_sockets()
        run.settle()
        server.say("two")
        run.settle()
    assert [one.text for one in server.messages] == ["one", "two"]
    assert "the server no longer has all that happened" in caplog.text


def test_a_handler_that_fails_does_not_hold_up_others(
    server: FakeServer, either: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    @either.on_message
    async def fails(message: Message) -> None:
        raise RuntimeError(f"cannot do {message.text}")

    @either.on_message
    async def echo(message: Message) -> None:
        await message.reply(message.text)

    with server.running(either) as run:
        server.say("one")
        server.say("two")
        run.settle()
    assert [one.text for one in server.messages] == ["one", "two"]
    assert "cannot do one" in caplog.text


async def _awaits_what_is_cancelled() -> None:
    task = asyncio.create_task(asyncio.Event().wait())
    task.cancel()
    await task


def test_a_handler_that_awaits_a_cancelled_task_does_not_hold_up_others(
    server: FakeServer, either: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    @either.on_message
    async def fails(message: Message) -> None:
        await _awaits_what_is_cancelled()

    @either.on_message
    async def echo(message: Message) -> None:
        await message.reply(message.text)

    storage = MemoryStorage()
    with server.running(either, storage=storage) as run:
        server.say("one")
        server.say("two")
        run.settle()
    assert [one.text for one in server.messages] == ["one", "two"]
    assert storage.progress.cursor == server.world.cursor()
    assert caplog.text.count("An event could not be handled") == 2


async def test_events_are_dispatched_after_one_whose_handling_was_cancelled() -> None:
    storage = MemoryStorage()
    progress = ProgressKeeper(storage)

    async def handle(event: Event) -> None:
        if event.id == "1":
            await _awaits_what_is_cancelled()

    dispatcher = Dispatcher(handle, progress, at_once=1)
    for name in ("1", "2"):
        await dispatcher.put(Event(name, "x", 0, "garden", {}), name)
    async with asyncio.timeout(20):
        while progress.pending:
            await asyncio.sleep(0.01)
    assert progress.cursor == "2"
    await dispatcher.drain(0)


def test_a_timer_that_awaits_a_cancelled_task_goes_on(server: FakeServer, bot: Bot) -> None:
    calls = 0

    @bot.every(0.01)
    async def timer() -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            await _awaits_what_is_cancelled()
        await bot.post(server.group.id, "again", key="the-second-call")

    with server.running(bot):
        assert server.next_message().text == "again"


def test_a_slow_handler_holds_up_its_conversation_only(server: FakeServer, either: Bot) -> None:
    @either.on_message
    async def answer(message: Message) -> None:
        if message.text == "slow":
            await asyncio.Event().wait()
        await message.reply(message.text)

    either.grace = 0.0
    shed = server.add_group("Shed")
    with server.running(either):
        server.say("slow")
        server.say("never")
        server.say("at once", group=shed)
        assert server.next_message().text == "at once"


def test_a_key_that_ends_ends_the_bot(server: FakeServer, echo: Bot) -> None:
    with server.running(echo) as run:
        server.end_key()
        server.say("wakes a poll that waits")
        error = run.wait()
    assert isinstance(error, UnauthorizedError)
    assert error.detail.startswith("This API key is not valid. It was mistyped, has expired")


def test_a_key_without_the_scope_ends_the_bot(server: FakeServer, echo: Bot) -> None:
    server.fail(403, path="/events")
    with pytest.raises(ForbiddenError), server.running(echo):
        pass


def test_a_key_of_a_person_is_refused(server: FakeServer, bot: Bot) -> None:
    vars(server.world)["bot"] = server.person
    with pytest.raises(EchoSphereError, match="a person's"), server.running(bot):
        pass


def test_an_event_that_cannot_be_read_is_left_out(
    server: FakeServer, echo: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    with server.running(echo) as run:
        server._call(
            server.world.tell("message.posted", server.group.id, {"message": {"deleted": False}})
        )
        server.say("hello")
        run.settle()
    assert [one.text for one in server.messages] == ["hello"]
    assert "cannot be read" in caplog.text


def test_events_of_kinds_to_come_are_ignored(server: FakeServer, echo: Bot) -> None:
    with server.running(echo) as run:
        server._call(server.world.tell("poll.closed", server.group.id, {"poll": 1}))
        run.settle()
    assert server.done == []


async def test_refusals_are_exceptions_with_the_servers_sentence(server: FakeServer) -> None:
    async with Api(server.url, server.key, SHORT) as api:
        with pytest.raises(NotFoundError) as unknown:
            await api.post("nowhere", "hello")
        assert unknown.value.detail == "Conversation not found."
        assert unknown.value.code == "not_found"
        with pytest.raises(InvalidError) as empty:
            await api.post(server.group.id, "")
        assert empty.value.fields == {"body": "must not be empty unless it has an attachment"}
        with pytest.raises(ForbiddenError):
            await api.edit(server.group.id, server.say("hers")["seq"], "mine", None)


async def test_calls_of_scripts_give_up(server: FakeServer) -> None:
    async with Api(server.url, server.key, SHORT) as api:
        server.fail(503, times=1000)
        with pytest.raises(ServerError):
            await api.me()
    with FakeServer() as limited:
        limited.fail(429, times=1000, retry_after=30)
        async with Api(limited.url, limited.key, SHORT) as api:
            with pytest.raises(RateLimitedError) as waits:
                await api.me()
            assert waits.value.retry_after == 30
    async with Api(limited.url, limited.key, SHORT) as api:
        with pytest.raises(ConnectionFailedError, match="cannot be reached"):
            await api.me()


async def test_a_server_that_always_fails_one_request_is_not_asked_for_good(
    server: FakeServer,
) -> None:
    async with Api(server.url, server.key, Retry(first=0.001, longest=0.001)) as api:
        server.fail(500, times=1000, path="/me")
        with pytest.raises(ServerError):
            await api.me()
        assert (await api.user(server.person.id, server.group.id)).name == "Ada"
        server.fail(507, times=1, path="/attachments")
        with pytest.raises(ApiError) as full:
            await api.upload(("a", b"a"))
        assert full.value.status == 507


async def test_something_else_than_a_server_is_told(server: FakeServer) -> None:
    async with Api(f"{server.url}/socket.io/?", server.key, SHORT) as api:
        with pytest.raises(EchoSphereError):
            await api.me()


def test_a_message_that_the_filter_holds_is_an_exception() -> None:
    with pytest.raises(HeldError, match="until an admin releases it"):
        message_in({"message": None, "held": {"id": "x"}})


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://chat.example.org", "https://chat.example.org"),
        (" https://chat.example.org/ ", "https://chat.example.org"),
        ("http://localhost:5000/api/v1/", "http://localhost:5000"),
    ],
)
def test_the_address_of_a_server_may_be_written_in_several_ways(given: str, url: str) -> None:
    assert server_url(given) == url


@pytest.mark.parametrize("given", ["", "chat.example.org", "ftp://chat.example.org", "https://"])
def test_invalid_addresses_are_refused(given: str) -> None:
    with pytest.raises(ConfigurationError, match="not the address of a server"):
        server_url(given)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "KEY", "TRANSPORT"):
        monkeypatch.delenv(f"ECHOSPHERE_{name}", raising=False)
    bot = Bot.from_env()
    with pytest.raises(ConfigurationError, match="ECHOSPHERE_URL"):
        bot.configured()
    monkeypatch.setenv("ECHOSPHERE_URL", "https://chat.example.org")
    with pytest.raises(ConfigurationError, match="ECHOSPHERE_KEY"):
        bot.configured()
    monkeypatch.setenv("ECHOSPHERE_KEY", "esb_x")
    assert bot.configured().url == "https://chat.example.org"
    assert "esb_x" not in repr(bot.configured())
    monkeypatch.setenv("ECHOSPHERE_TRANSPORT", "pigeon")
    with pytest.raises(ConfigurationError, match="auto, poll"):
        bot.configured()


def test_pauses_double_up_to_the_longest() -> None:
    retry = Retry(first=1, longest=8)
    assert all(0.5 <= retry.pause(0) <= 1 for _ in range(20))
    assert all(4 <= retry.pause(99) <= 8 for _ in range(20))


def test_retry_after_is_a_number_or_a_date() -> None:
    assert parse_retry_after("1.5") == 1.5
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    later = parse_retry_after(format_datetime(datetime.now(UTC) + timedelta(minutes=30)))
    assert later is not None
    assert 0 < later <= 1800
    assert parse_retry_after("soon") is None
    assert parse_retry_after("") is None
    assert parse_retry_after(None) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("-5", 0.0),
        ("nan", None),
        ("inf", MAX_RETRY_AFTER),
        ("9" * 400, MAX_RETRY_AFTER),
        ("Wed, 21 Oct 2099 07:28:00 GMT", MAX_RETRY_AFTER),
        ("Wed, 21 Oct 2015 07:28:00 -0000", 0.0),
        ("Wed, 21 Oct 2099 07:28:00 -0000", MAX_RETRY_AFTER),
        ("Mon, 01 Jan 0001 00:00:00 -0000", 0.0),
        ("Wed, 21 Oct 2099 07:28:00 +9999", None),
        (f"Wed, 21 Oct 2099 07:28:00 +{'9' * 30}", None),
        ("Wed, 99 Oct 2099 07:28:00 GMT", None),
    ],
)
def test_an_odd_retry_after_is_none_or_an_hour(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value) == seconds
