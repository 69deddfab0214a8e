"""The answer is lost after the commit: however often and whenever it is sent again, one message."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from echosphere.core.clock import DAY, HOUR, Clock, system_clock
from tests.faults.callers import Caller, Lost
from tests.product.conftest import Running, settings_for
from tests.product.people import PASSWORD, Person, new_key, people_on

Cast = tuple[Person, Person, Person]

MONTH = 31 * DAY


class Tunnel:
    """A stretch of network that lets everything through, until it swallows the answers."""

    def __init__(self, base: str) -> None:
        self._host, port = base.removeprefix("http://").split(":")
        self._port = int(port)
        self.swallowing = False
        self.swallowed = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Be there; the address is that of our end."""
        listener = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            listener.close()
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, near: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        far, onward = await asyncio.open_connection(self._host, self._port)
        there = asyncio.create_task(_pump(near, onward))
        try:
            while data := await far.read(65_536):
                if self.swallowing:
                    self.swallowed += len(data)
                    break
                answer.write(data)
                await answer.drain()
        except ConnectionError:
            pass
        finally:
            there.cancel()
            onward.close()
            answer.close()
            self._tasks.discard(task)


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()


def moved_by(milliseconds: int) -> Clock:
    """Return a clock that goes wrong by so much."""
    return lambda: system_clock() + milliseconds


async def send_again(person: Person, conversation: str, given: dict[str, Any]) -> list[str]:
    """Send the same ten times at once, over both doors; return the different answers."""
    path = f"/conversations/{conversation}/messages"
    caller = await Caller.connect(person.base, person.token)
    over_rest = [person.http.post(path, json=given) for _ in range(5)]
    over_socket = [caller.call("post", {"conversation": conversation, **given}) for _ in range(5)]
    answers = await asyncio.gather(*over_rest, *over_socket)
    await caller.close()
    messages = []
    for answer in answers:
        if isinstance(answer, httpx.Response):
            assert answer.status_code == 200, answer.text
            messages.append(answer.json()["message"])
        else:
            assert answer["ok"]
            messages.append(answer["message"])
    return sorted({str(message) for message in messages})


async def count(person: Person, conversation: str) -> int:
    """Return how many messages there are."""
    page = await person.get(f"/conversations/{conversation}/messages")
    return len(page["messages"])


@pytest.mark.parametrize("door", ["rest", "socket"])
async def test_a_message_whose_answer_was_lost_is_there_once(door: str, cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    given = {"key": new_key(), "body": "did it arrive?"}
    for person in (ada, ben):  # the first thing that is swallowed has to be the answer
        await person.patch("/me", {"settings": {"presence": "invisible"}})
    witness = await Caller.connect(ben.base, ben.token)
    tunnel = Tunnel(ada.base)
    async with tunnel.open() as entrance:
        if door == "rest":
            await _post_through(tunnel, entrance, ada, conversation, given)
        else:
            caller = await Caller.connect(entrance, ada.token)
            tunnel.swallowing = True
            with pytest.raises(Lost):
                await caller.call("post", {"conversation": conversation, **given})
    assert tunnel.swallowed > 0
    await witness.until("message", 1)
    assert len(await send_again(ada, conversation, given)) == 1
    assert await count(ben, conversation) == 1
    marker = await ada.say(conversation, "the next one")
    await witness.until("message", 2)
    assert [event["message"]["seq"] for event in witness.of("message")] == [2, marker["seq"]]
    await witness.close()


async def _post_through(
    tunnel: Tunnel, entrance: str, person: Person, conversation: str, given: dict[str, Any]
) -> None:
    headers = {"Authorization": f"Bearer {person.token}"}
    async with httpx.AsyncClient(base_url=f"{entrance}/api/v1", headers=headers) as http:
        await http.get("/me")
        tunnel.swallowing = True
        with pytest.raises(httpx.TransportError):
            await http.post(f"/conversations/{conversation}/messages", json=given)


async def test_a_key_is_known_after_a_restart_a_day_and_a_month(
    tmp_path: Path, database_url: str
) -> None:
    settings = settings_for(tmp_path / "data", database_url)
    given = {"key": new_key(), "body": "once and for all"}
    first = Running(settings)
    async with people_on(await first.start(), "Ada", "Ben") as (ada, ben):
        conversation = await ada.talk_to(ben)
        posted = await ada.post(f"/conversations/{conversation}/messages", given)
        credentials = {"email": ada.email, "password": PASSWORD, "bearer": True}
    await first.stop()
    for moved in (0, DAY, MONTH, -HOUR):
        later = Running(settings)
        later.application.database.clock = moved_by(moved)
        base = await later.start()
        async with httpx.AsyncClient(base_url=f"{base}/api/v1") as http:
            signed_in = (await http.post("/sessions", json=credentials)).json()
        person = Person(base, signed_in["user"], signed_in["token"])
        assert await send_again(person, conversation, given) == [str(posted["message"])]
        assert await count(person, conversation) == 1
        await person.close()
        await later.stop()


async def test_an_hour_or_a_year_on_the_clock_changes_no_order_and_signs_no_one_out(
    running: Running, cast: Cast
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    seqs = []
    for moved in (0, HOUR, -HOUR, -365 * DAY, 0):
        for writer in running.application.database._writers:
            writer._clock = moved_by(moved)
        seqs.append((await ada.say(conversation, f"{moved}"))["seq"])
    assert seqs == [2, 3, 4, 5, 6]
    page = await ben.get(f"/conversations/{conversation}/messages")
    assert [message["seq"] for message in page["messages"]] == seqs
    assert (await ada.get("/me"))["user"]["id"] == ada.id
