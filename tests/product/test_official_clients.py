"""The official JavaScript and Python clients work with the product unmodified."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from echosphere.web import session_cookie_name
from tests.faults.processes import whole_history
from tests.processes import PROCESSES
from tests.product.gate import Gate
from tests.product.official_clients import CLIENTS, JavaScriptClient, OfficialClient, Way
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, new_key, people_on
from tests.realtime.conftest import untidy_client
from tests.served import Served

__all__ = ["untidy_client"]

pytestmark = [pytest.mark.usefixtures("untidy_client"), on_one_database]

Cast = tuple[Person, Person, Person]

SOME = 15
"""Messages that are enough to see an order."""

on_both_clients = pytest.mark.parametrize("kind", list(CLIENTS))
on_each_transport = pytest.mark.parametrize("transport", ["websocket", "polling"])


@asynccontextmanager
async def opened(
    kind: str, url: str, *transports: str, token: str | None = None, **headers: str
) -> AsyncIterator[OfficialClient]:
    """Open a client, whether it is let in or not, and close it in the end."""
    client = CLIENTS[kind]()
    try:
        await client.open(Way(url, transports, token, headers))
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def connected(
    kind: str, person: Person, *transports: str, url: str | None = None
) -> AsyncIterator[OfficialClient]:
    """Connect as someone."""
    async with opened(kind, url or person.base, *transports, token=person.token) as client:
        await client.news.next("connect")
        yield client


def post_of(conversation: str, body: str) -> dict[str, str]:
    return {"conversation": conversation, "key": new_key(), "body": body}


async def conversations_of(client: OfficialClient) -> list[str]:
    """Return what the client may see: it is known who connected."""
    answer = await client.call("sync", {"versions": {}})
    assert answer["ok"]
    return [one["conversation"]["id"] for one in answer["conversations"]]


def told(client: OfficialClient) -> list[Any]:
    """Return the messages that came; those of several processes may come in another order, for a moment."""
    messages = [event["message"] for event in client.news.of("message")]
    return sorted(messages, key=lambda one: int(one["seq"])) if PROCESSES > 1 else messages


async def session_cookie_of(person: Person) -> str:
    """Sign in as a browser does."""
    async with httpx.AsyncClient(base_url=person.base, headers={"Origin": person.base}) as browser:
        proof = {"email": person.email, "password": PASSWORD}
        answer = await browser.post("/api/v1/sessions", json=proof)
        assert "token" not in answer.json()
        name = session_cookie_name(secure=person.base.startswith("https"))
        return f"{name}={browser.cookies[name]}"


# ---- in and out ---------------------------------------------------------------------------------


@on_both_clients
@on_each_transport
async def test_a_client_connects_with_a_token(kind: str, transport: str, cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    async with connected(kind, ada, transport) as client:
        assert await conversations_of(client) == [conversation]
        assert [one.transport for one in client.news.heard if one.name == "connect"] == [transport]


@on_both_clients
@on_each_transport
async def test_a_client_connects_with_the_cookie(kind: str, transport: str, cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    headers = {"Cookie": await session_cookie_of(ada), "Origin": ada.base}
    async with opened(kind, ada.base, transport, **headers) as client:
        await client.news.next("connect")
        assert await conversations_of(client) == [conversation]


@on_both_clients
@on_each_transport
async def test_a_client_with_a_wrong_token_is_refused(
    kind: str, transport: str, cast: Cast
) -> None:
    ada, _, _ = cast
    for token in (ada.token[:-1], "nonsense", None):
        async with opened(kind, ada.base, transport, token=token) as client:
            refusal = await client.news.next("connect_error")
            assert refusal == {"message": "unauthorized"}
            assert client.news.of("connect") == []


@on_each_transport
async def test_a_refused_client_may_try_again_with_another_token(
    transport: str, cast: Cast
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    async with opened("javascript", ada.base, transport, token="outdated") as client:
        assert isinstance(client, JavaScriptClient)
        await client.news.next("connect_error", message="unauthorized")
        client.connect_again(ada.token)
        await client.news.next("connect")
        assert await conversations_of(client) == [conversation]


# ---- calls and events ---------------------------------------------------------------------------


@on_both_clients
@on_each_transport
async def test_a_post_is_acknowledged_with_what_was_stored(
    kind: str, transport: str, cast: Cast
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    post = post_of(conversation, "Žluťoučký 🐎\n" + "x" * 5_000)
    async with connected(kind, ada, transport) as client:
        answer = await client.call("post", post)
        assert await client.call("post", post) == answer
    stored = await whole_history(ben, conversation)
    assert answer == {"ok": True, "message": stored[0]}
    assert [message["body"] for message in stored] == [post["body"]]


@on_both_clients
@on_each_transport
async def test_a_refused_call_is_acknowledged_with_the_reason(
    kind: str, transport: str, cast: Cast
) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    post = post_of(conversation, "let me in")
    async with connected(kind, oscar, transport) as client:
        refused: dict[str, list[tuple[Any, ...]]] = {
            "not_found": [("post", post), ("history", {"conversation": conversation})],
            "invalid": [("post", {**post, "body": 1}), ("post",), ("post", post, post), ("x", {})],
        }
        for code, calls in refused.items():
            for event, *args in calls:
                answer = await client.call(event, *args)
                assert (answer["ok"], answer["error"]["code"]) == (False, code), (event, args)
        assert await conversations_of(client) == []
        assert client.news.of("disconnect") == []
    assert await whole_history(ada, conversation) == []


@on_both_clients
@on_each_transport
async def test_a_message_of_someone_else_arrives(kind: str, transport: str, cast: Cast) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    elsewhere = await oscar.talk_to(ben)
    async with connected(kind, ada, transport) as client:
        await oscar.say(elsewhere, "not for Ada")
        stored = [await ben.say(conversation, f"message {number}") for number in range(SOME)]
        await client.news.next("message", count=SOME)
        assert client.news.of("message") == [
            {"conversation": conversation, "version": message["version"], "message": message}
            for message in stored
        ]


@on_both_clients
@on_each_transport
async def test_binary_is_refused_and_the_connection_lives_on(
    kind: str, transport: str, cast: Cast
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    post = post_of(conversation, "text")
    async with connected(kind, ada, transport) as client:
        for event, *args in (
            ("post", {**post, "body": b"\x00\xff"}),
            ("post", {**post, "attachments": [b"one", b"two"]}),
            ("post", b"\x01"),
            ("post", post, b"beside"),
        ):
            answer = await client.call(str(event), *args)
            error = {"code": "invalid", "detail": "This event does not accept binary data."}
            assert answer == {"ok": False, "error": error}, args
        answer = await client.call("no_such_call", b"\x01")
        assert (answer["ok"], answer["error"]["code"]) == (False, "invalid")
        assert (await client.call("post", post))["ok"]
        await client.news.next("message")
        assert client.news.of("disconnect") == []
    assert [one["body"] for one in await whole_history(ben, conversation)] == ["text"]


# ---- transports ---------------------------------------------------------------------------------


@on_both_clients
async def test_polling_alone_is_enough(kind: str, cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    async with (
        Gate(ada.base) as gate,
        connected(kind, ada, "polling", url=gate.address) as client,
    ):
        answers = await asyncio.gather(
            *(client.call("post", post_of(conversation, f"Ada {n}")) for n in range(SOME)),
            *(ben.say(conversation, f"Ben {n}") for n in range(SOME)),
        )
        assert all(answer["ok"] for answer in answers[:SOME])
        await client.news.next("message", count=2 * SOME)
        stored = await whole_history(ben, conversation)
        assert told(client) == stored
        assert len(stored) == 2 * SOME
        assert {one.transport for one in client.news.heard} == {"polling"}
        assert set(gate.seen) == {"polling"}


class Stream:
    """Someone who posts one message after the other while the block runs."""

    def __init__(self, post: Callable[[str], Any]) -> None:
        self._post = post
        self._stopping = False
        self._task = asyncio.create_task(self._run())
        self.posted: list[Any] = []

    async def _run(self) -> None:
        for number in itertools.count():
            if self._stopping:
                return
            self.posted.append(await self._post(f"message {number}"))

    async def stop(self) -> list[Any]:
        """End after the message that is under way, and return all."""
        self._stopping = True
        await self._task
        return self.posted


def heard_by(client: OfficialClient, transport: str) -> int:
    """Return how many messages arrived on a transport."""
    return sum(one.name == "message" and one.transport == transport for one in client.news.heard)


async def test_a_client_that_upgrades_while_messages_stream_in_gets_each_once(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    async with Gate(ada.base) as gate:
        gate.let_websockets_send(0)
        async with connected("javascript", ada, "polling", "websocket", url=gate.address) as client:

            async def post(body: str) -> Any:
                answer = await client.call("post", post_of(conversation, body))
                assert answer["ok"]
                return answer["message"]

            streams = [Stream(post), Stream(lambda body: ben.say(conversation, body))]
            await client.news.until(lambda: heard_by(client, "polling") >= SOME)
            assert client.news.of("upgrade") == []
            gate.let_websockets_send(2)
            await gate.until_one_is_held()
            await client.news.next("upgrade")
            # The client polls no more, and the server has not yet heard of that.
            waiting = [await ben.say(conversation, f"waiting {number}") for number in range(SOME)]
            assert not any(event["message"] in waiting for event in client.news.of("message"))
            gate.let_websockets_send()
            await client.news.until(lambda: heard_by(client, "websocket") >= SOME)
            posted = waiting + [one for stream in streams for one in await stream.stop()]
            await client.news.next("message", count=len(posted))
        assert gate.seen[0] == "polling"
        assert gate.seen.count("websocket") == 1
    in_order = sorted(posted, key=lambda message: int(message["seq"]))
    assert told(client) == in_order
    assert await whole_history(ben, conversation) == in_order
    transports = [str(one.transport) for one in client.news.heard if one.name == "message"]
    assert transports == sorted(transports), "once upgraded, nothing comes by polling"
    assert client.news.of("disconnect")[:-1] == []


async def test_the_python_client_begins_with_polling_and_ends_on_websocket(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    stream = Stream(lambda body: ben.say(conversation, body))
    async with (
        Gate(ada.base) as gate,
        connected("python", ada, "polling", "websocket", url=gate.address) as client,
    ):
        await client.news.until(lambda: heard_by(client, "websocket") >= SOME)
        posted = await stream.stop()
        await client.news.next("message", message=posted[-1])
        heard = [event["message"] for event in client.news.of("message")]
        assert heard == posted[-len(heard) :]
        assert gate.seen == ["polling", "websocket"]


# ---- coming back --------------------------------------------------------------------------------


class Reader:
    """A client, and what its person knows of one conversation."""

    def __init__(self, client: OfficialClient, conversation: str) -> None:
        self.client = client
        self.conversation = conversation
        self.messages: list[Any] = []
        self.version = 0

    async def catch_up(self) -> list[Any]:
        """Ask for what was missed; return it."""
        answer = await self.client.call("sync", {"versions": {self.conversation: self.version}})
        assert (answer["ok"], answer["gone"], answer["more"]) == (True, [], False)
        missed: list[Any] = []
        for one in answer["conversations"]:
            assert one["reset"] is False
            self.version = one["conversation"]["version"]
            missed += one["messages"]
        self.messages += missed
        return missed

    async def hear(self, message: Any) -> None:
        """Wait until a message is pushed, as the very next one."""
        event = await self.client.news.next("message", message=message)
        assert event["version"] == self.version + 1
        self.version = event["version"]
        self.messages.append(message)

    def pushed(self) -> list[Any]:
        """Return the messages that were pushed so far."""
        return [event["message"] for event in self.client.news.of("message")]


@asynccontextmanager
async def readers_on(person: Person, conversation: str, url: str) -> AsyncIterator[list[Reader]]:
    """Connect both clients on both transports as one person."""
    async with (
        connected("javascript", person, "websocket", url=url) as first,
        connected("javascript", person, "polling", url=url) as second,
        connected("python", person, "websocket", url=url) as third,
        connected("python", person, "polling", url=url) as fourth,
    ):
        yield [Reader(client, conversation) for client in (first, second, third, fourth)]


async def assert_nothing_is_lost(
    ada: Person, ben: Person, gate: Gate, interrupt: Callable[[], Any]
) -> None:
    """All clients notice an interruption, come back by themselves, and know all in the end.

    The gate stays cut until the messages that they are to miss were posted.
    """
    conversation = await ada.talk_to(ben)
    async with readers_on(ada, conversation, gate.address) as readers:
        for reader in readers:
            await reader.catch_up()
        before = await ben.say(conversation, "before")
        for reader in readers:
            await reader.hear(before)
        await interrupt()
        for reader in readers:
            await reader.client.news.next("disconnect")
        missed = [await ben.say(conversation, f"missed {number}") for number in range(3)]
        gate.mend()
        for reader in readers:
            await reader.client.news.next("connect", count=2)
            assert await reader.catch_up() == missed
            assert reader.pushed() == [before]
        after = await ben.say(conversation, "after")
        for reader in readers:
            await reader.hear(after)
            answer = await reader.client.call("history", {"conversation": conversation})
            assert answer["messages"] == reader.messages == [before, *missed, after]


async def test_clients_that_were_cut_off_come_back_and_catch_up(cast: Cast) -> None:
    ada, ben, _ = cast
    async with Gate(ada.base) as gate:

        async def cut() -> None:
            gate.cut()

        await assert_nothing_is_lost(ada, ben, gate, cut)


@pytest.fixture
def served(sqlite_url: str, tmp_path: Path) -> Iterator[Served]:
    """A server process, to be stopped or killed by the test."""
    (tmp_path / "data").mkdir()
    served = Served(tmp_path / "data", ECHOSPHERE_DATABASE_URL=sqlite_url)
    served.start()
    yield served
    served.kill()


@pytest.mark.parametrize("end", [Served.stop, Served.kill], ids=["stopped", "killed"])
async def test_clients_come_back_and_catch_up_after_the_server_was(
    end: Callable[[Served], Any], served: Served, database_url: str
) -> None:
    async with (
        people_on(served.address, "Ada Example", "Ben Example") as (ada, ben),
        Gate(served.address) as gate,
    ):

        async def restart() -> None:
            await asyncio.to_thread(end, served)
            gate.cut()
            await asyncio.to_thread(served.start)

        await assert_nothing_is_lost(ada, ben, gate, restart)
