"""`echosphere serve --workers N`: several processes of one machine, on SQLite and on PostgreSQL."""

import asyncio
import os
import re
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import socketio

from echosphere.settings import load_settings
from echosphere.workers import Parent, WorkersRefusedError
from tests.cluster.processes import Processes, at
from tests.cluster.test_starting import refused
from tests.cluster.test_two_processes import heard
from tests.faults.callers import Caller
from tests.faults.processes import (
    PATIENCE,
    Sender,
    SocketSender,
    crowd_on,
    faults_in,
    whole_history,
)
from tests.house.serving import wait_until
from tests.house.test_commands import run
from tests.product.people import Person, new_key, people_on
from tests.served import Served
from tests.waiting import until

SENDERS = 8
WORKERS = 2
KILLS = int(os.environ.get("ECHOSPHERE_TEST_KILLS", "5")) // 2
TOKEN = "a token for the metrics of workers"

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


def children_of(served: Served) -> list[int]:
    """Return the processes that a parent keeps."""
    children = Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text()
    return [int(child) for child in children.split()]


def workers_of(served: Served) -> list[int]:
    """Return the processes to which clients connect."""
    return [one for one in children_of(served) if not writes(one)]


def writers_of(served: Served) -> list[int]:
    """Return the process that writes for the others, on SQLite; while it is replaced, two or none."""
    return [one for one in children_of(served) if writes(one)]


def writes(pid: int) -> bool:
    """Whether a process writes for others."""
    try:
        return ":writes:" in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


def has_two_others(served: Served, killed: int) -> bool:
    """Whether a parent keeps two workers besides one that was killed."""
    return len(set(workers_of(served)) - {killed}) == 2


def is_gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


class CountingSender(Sender):
    """Sends by HTTP and counts how often no answer came."""

    unanswered = 0

    async def attempt(self, given: dict[str, Any]) -> Any:
        """Try to send once and return the stored message, or None when no answer came."""
        message = await super().attempt(given)
        self.unanswered += message is None
        return message


@asynccontextmanager
async def sending(people: list[Person], conversation: str) -> AsyncIterator[list[Sender]]:
    """Have people send without pause, one half by HTTP and the other by sockets."""
    senders: list[Sender] = [
        (SocketSender if number % 2 else CountingSender)(person, conversation)
        for number, person in enumerate(people)
    ]
    tasks = [asyncio.create_task(sender.run()) for sender in senders]
    yield senders
    for sender in senders:
        sender.stopping = True
    await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)


async def some_more(senders: list[Sender], count: int) -> None:
    """Wait until so many further messages are acknowledged."""
    wanted = count + sum(len(sender.acknowledged) for sender in senders)
    await until(lambda: sum(len(sender.acknowledged) for sender in senders) >= wanted, PATIENCE)


@contextmanager
def two_workers(folder: Path, database_url: str, **more: str) -> Iterator[Served]:
    """Run a server with two workers until the block ends."""
    served = Served(
        folder / "data",
        WORKERS,
        ECHOSPHERE_DATABASE_URL=database_url,
        ECHOSPHERE_REGISTRATION="open",
        ECHOSPHERE_METRICS_TOKEN=TOKEN,
        **more,
    )
    served.start()
    yield served
    served.stop()


@pytest.fixture
def served(tmp_path: Path, database_url: str) -> Iterator[Served]:
    """A server with two workers."""
    with two_workers(tmp_path, database_url) as served:
        yield served


async def test_each_worker_has_its_share_of_the_sockets_and_all_hear_everything(
    served: Served,
) -> None:
    async with people_on(served.address, "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        sockets = [await (ann, ben)[number % 2].connect() for number in range(6)]
        for number, socket in enumerate(sockets):
            await socket.say(conversation, f"number {number}")
        for socket in sockets:
            await heard(socket, 6)
            got = [event["message"]["body"] for event in socket.of("message")]
            assert got == [f"number {number}" for number in range(6)]
        names = {await _session_of(served) for _ in range(6)}
        assert len({name.partition("-")[0] for name in names}) == 2


async def _session_of(served: Served) -> str:
    async with httpx.AsyncClient(base_url=served.address) as http:
        answer = await http.get("/socket.io/", params={"EIO": "4", "transport": "polling"})
        found = re.search(r'"sid":"([^"]+)"', answer.text)
        assert found is not None
        return found[1]


async def test_a_poll_reaches_the_worker_of_its_session_by_whatever_connection(
    served: Served,
) -> None:
    for _ in range(4):
        session = {"EIO": "4", "transport": "polling", "sid": await _session_of(served)}
        for _ in range(4):  # each by a connection of its own, which any worker may get
            async with httpx.AsyncClient(base_url=served.address) as http:
                answer = await http.post("/socket.io/", params=session, content="3")
                assert (answer.status_code, answer.text) == (200, "ok")
    async with httpx.AsyncClient(base_url=served.address) as http:  # all by the same one
        for _ in range(6):
            session = {"EIO": "4", "transport": "polling", "sid": await _session_of(served)}
            assert (await http.post("/socket.io/", params=session, content="3")).text == "ok"
            assert (await http.get("/healthz")).status_code == 200
        gone = {"EIO": "4", "transport": "polling", "sid": "0123abcd-none-of-these"}
        assert (await http.get("/socket.io/", params=gone)).json()["code"] == 1


async def test_clients_that_poll_and_those_that_turn_to_a_websocket_are_at_home(
    served: Served,
) -> None:
    async with people_on(served.address, "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        polling = [await ben.connect(transports=["polling"]) for _ in range(3)]
        clients = []
        for _ in range(3):
            client = socketio.AsyncClient(reconnection=False)
            await client.connect(served.address, auth={"token": ann.token})
            assert client.transport() == "websocket"
            clients.append(client)
        said = await clients[0].call(
            "post", {"conversation": conversation, "key": new_key(), "body": "hello"}
        )
        assert said["ok"] is True
        for socket in polling:
            assert (await socket.next("message"))["message"]["body"] == "hello"
        for client in clients:
            await client.disconnect()


@linux_only
async def test_a_worker_that_is_killed_loses_nothing_and_is_replaced(served: Served) -> None:
    async with crowd_on(served.address, SENDERS) as (people, conversation):
        async with sending(people, conversation) as senders:
            for _ in range(KILLS):
                killed = workers_of(served)[0]
                os.kill(killed, signal.SIGKILL)
                await some_more(senders, SENDERS)
                await until(partial(has_two_others, served, killed))
            await some_more(senders, SENDERS)
        stored = await whole_history(people[0], conversation)
        assert faults_in(senders, stored) == []


@pytest.fixture
def impatient(tmp_path: Path, database_url: str) -> Iterator[Served]:
    """A server whose parent kills a worker that has been silent for five seconds."""
    silence = {"ECHOSPHERE_WORKER_SILENCE_SECONDS": "5"}
    with two_workers(tmp_path, database_url, **silence) as served:
        yield served


def halt(pid: int) -> None:
    """Have a process stand still, as one does that hangs."""
    os.kill(pid, signal.SIGSTOP)


@linux_only
async def test_a_worker_that_hangs_is_replaced_and_nothing_is_lost(impatient: Served) -> None:
    async with crowd_on(impatient.address, SENDERS) as (people, conversation):
        async with sending(people, conversation) as senders:
            hanging, other = workers_of(impatient)
            halt(hanging)
            await until(partial(has_two_others, impatient, hanging), PATIENCE)
            await some_more(senders, SENDERS)
        assert is_gone(hanging)
        assert other in workers_of(impatient)
        assert "has not responded for 6 s" in impatient.log
        stored = await whole_history(people[0], conversation)
        assert faults_in(senders, stored) == []


@linux_only
async def test_a_process_that_writes_and_hangs_is_replaced(tmp_path: Path, sqlite_url: str) -> None:
    silence = {"ECHOSPHERE_WORKER_SILENCE_SECONDS": "5"}
    with two_workers(tmp_path, sqlite_url, **silence) as served:
        async with people_on(served.address, "Ann", "Ben") as (ann, ben):
            conversation = await ann.talk_to(ben)
            workers = set(workers_of(served))
            [hanging] = writers_of(served)
            halt(hanging)
            await until(partial(another_writes, served, hanging), PATIENCE)
            given = {"key": new_key(), "body": "still there"}
            path = f"/conversations/{conversation}/messages"
            assert (await _repeat_until_taken(ben, path, given)).status_code in (200, 201)
            assert set(workers_of(served)) == workers


@linux_only
async def test_a_parent_that_stood_still_itself_kills_no_one(impatient: Served) -> None:
    before = set(children_of(impatient))
    for _ in range(2):  # a laptop that sleeps, for longer than workers may be silent
        halt(impatient.pid)
        await asyncio.sleep(7)
        os.kill(impatient.pid, signal.SIGCONT)
        await asyncio.to_thread(metrics_of, impatient)  # it is awake: it adds up what workers say
    assert set(children_of(impatient)) == before
    assert "has not responded" not in impatient.log


@linux_only
async def test_new_connections_go_to_others_while_a_worker_is_silent(served: Served) -> None:
    halted = workers_of(served)[0]
    halt(halted)
    try:
        async with asyncio.timeout(PATIENCE):  # those that were handed to it before are lost
            answered = 0
            while answered < 6:
                async with httpx.AsyncClient(base_url=served.address, timeout=1) as http:
                    with suppress(httpx.TransportError):
                        await http.get("/healthz")
                        answered += 1
                        continue
                answered = 0
    finally:
        os.kill(halted, signal.SIGCONT)


@linux_only
async def test_sighup_renews_all_workers_and_no_one_loses_or_doubles_a_message(
    served: Served,
) -> None:
    async with crowd_on(served.address, SENDERS) as (people, conversation):
        watcher = await Caller.connect(served.address, people[0].token)
        counted = counted_by(served)
        assert counted > 0
        async with sending(people, conversation) as senders:
            before = set(children_of(served))
            os.kill(served.pid, signal.SIGHUP)
            await until(lambda: not before & set(children_of(served)), PATIENCE)
            await some_more(senders, SENDERS)
        assert len(workers_of(served)) == 2
        await asyncio.wait_for(watcher.closed.wait(), PATIENCE)
        assert watcher.close_code == 1001
        stored = await whole_history(people[0], conversation)
        assert faults_in(senders, stored) == []
        assert [one.unanswered for one in senders if isinstance(one, CountingSender)] == [0] * 4
        again = counted_by(served)
        assert again > counted


@linux_only
def test_if_new_workers_cannot_start_those_that_run_go_on(served: Served) -> None:
    before = set(children_of(served))
    (served.data / "secret.key").write_text(secrets.token_urlsafe(48))
    os.kill(served.pid, signal.SIGHUP)
    wait_until(lambda: "A new worker did not start" in served.log)
    assert "a different SECRET_KEY" in served.log
    assert set(children_of(served)) == before
    assert httpx.get(f"{served.address}/readyz", timeout=PATIENCE).status_code == 200


@pytest.fixture
def on_sqlite(tmp_path: Path, sqlite_url: str) -> Iterator[Served]:
    """A server with two workers on SQLite, for which a third process writes."""
    with two_workers(tmp_path, sqlite_url) as served:
        yield served


@linux_only
async def test_if_the_process_that_writes_is_killed_nothing_is_lost_and_sockets_stay(
    on_sqlite: Served,
) -> None:
    async with crowd_on(on_sqlite.address, SENDERS) as (people, conversation):
        watchers = [await Caller.connect(on_sqlite.address, people[0].token) for _ in range(4)]
        async with sending(people, conversation) as senders:
            for _ in range(KILLS):
                [killed] = writers_of(on_sqlite)
                os.kill(killed, signal.SIGKILL)
                assert await whole_history(people[0], conversation)
                await some_more(senders, SENDERS)
                await until(partial(another_writes, on_sqlite, killed), PATIENCE)
            await some_more(senders, SENDERS)
        stored = await whole_history(people[0], conversation)
        assert faults_in(senders, stored) == []
        for watcher in watchers:
            await until(partial(has_heard, watcher, "behind"))
            assert not watcher.closed.is_set()
            await watcher.close()
    assert len(workers_of(on_sqlite)) == 2
    assert await asyncio.to_thread(on_sqlite.stop) == 0
    assert not (on_sqlite.data.parent / "app.running").exists()


def another_writes(served: Served, killed: int) -> bool:
    """Whether one process writes, and not the one that was killed."""
    writers = writers_of(served)
    return len(writers) == 1 and killed not in writers


def has_heard(caller: Caller, event: str) -> bool:
    """Whether an event of this name has come."""
    return bool(caller.of(event))


async def _repeat_until_taken(person: Person, path: str, given: dict[str, str]) -> httpx.Response:
    """Post, and again while there is no new process that writes, as the answer asks for."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await person.http.post(path, json=given, timeout=PATIENCE)
            if answer.status_code != 503:
                return answer
            await asyncio.sleep(int(answer.headers["Retry-After"]))


@linux_only
async def test_while_no_one_writes_people_read_and_repeat_what_has_no_answer(
    on_sqlite: Served,
) -> None:
    async with people_on(on_sqlite.address, "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        path = f"/conversations/{conversation}/messages"
        given = {"key": new_key(), "body": "said once"}
        [writer] = writers_of(on_sqlite)
        os.kill(writer, signal.SIGSTOP)
        posting = asyncio.create_task(ben.http.post(path, json=given, timeout=PATIENCE))
        for _ in range(4):
            assert (await ann.get(path))["more"] is False
        assert not posting.done()
        os.kill(writer, signal.SIGKILL)
        unknown = await posting
        assert (unknown.status_code, unknown.json()["code"]) == (503, "unavailable")
        assert unknown.headers["Retry-After"] == "1"
        for _ in range(2):
            again = await _repeat_until_taken(ben, path, given)
            assert again.status_code in (200, 201)
        assert [one["body"] for one in (await ann.get(path))["messages"]].count("said once") == 1


async def test_a_setting_that_is_changed_holds_in_all_processes(served: Served) -> None:
    async with people_on(served.address, "Ann", "Ben") as (_, ben):
        assert not await may_invite(served, ben)
        done = await asyncio.to_thread(
            run, served.data, "setting", "set", "server_invites", "everybody"
        )
        assert done.returncode == 0, done.stderr
        for _ in range(2 * WORKERS):
            async with asyncio.timeout(PATIENCE):
                while not await may_invite(served, ben):
                    await asyncio.sleep(0.05)


async def may_invite(served: Served, person: Person) -> bool:
    """Whether a person may invite others, on a connection of its own."""
    async with httpx.AsyncClient(base_url=served.address) as http:
        headers = {"Authorization": f"Bearer {person.token}"}
        answer = await http.get("/api/v1/server/invites", headers=headers)
        return answer.status_code == 200


def parent_among(processes: Processes, folder: Path) -> Served:
    """Start one more parent of two workers, which share a bus with the others."""
    folder.mkdir()
    served = Served(folder / "data", 2, **processes._settings)
    served.start()
    processes.all.append(served)
    return served


async def test_workers_of_several_parents_hear_each_other_over_nats(
    processes: Processes, tmp_path: Path
) -> None:
    one, other = (parent_among(processes, tmp_path / name) for name in ("one", "other"))
    async with people_on(one.address, "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        sockets = [await ann.connect() for _ in range(2)]
        sockets += [await at(other, ben).connect() for _ in range(2)]
        for number, socket in enumerate(sockets):
            await socket.say(conversation, f"number {number}")
        for socket in sockets:
            await heard(socket, 4)
        for socket in sockets[2:]:
            await socket.close()


@linux_only
def test_a_parent_that_is_killed_takes_its_workers_with_it(served: Served) -> None:
    workers = children_of(served)
    assert len(workers) in (2, 3)
    served.kill()
    wait_until(lambda: all(map(is_gone, workers)))
    served.start()  # nothing of them is in the way
    assert httpx.get(f"{served.address}/readyz", timeout=PATIENCE).status_code == 200


@linux_only
async def test_told_to_stop_it_ends_with_its_workers_and_sockets_are_told(served: Served) -> None:
    async with people_on(served.address, "Ann") as (ann,):
        watchers = [await Caller.connect(served.address, ann.token) for _ in range(4)]
        workers = children_of(served)
        assert await asyncio.to_thread(served.stop) == 0
        for watcher in watchers:
            await watcher.closed.wait()
            assert watcher.close_code == 1001
    assert all(map(is_gone, workers))


async def test_metrics_are_those_of_all_workers_and_never_fall(
    tmp_path: Path, served: Served
) -> None:
    async with people_on(served.address, "Ann") as (ann,):
        for _ in range(4):
            await ann.connect()
        shown = metrics_of(served)
        assert re.search(r"^echosphere_realtime_sockets 4\.0$", shown, re.MULTILINE)
        assert re.search(r"^echosphere_people_online [12]\.0$", shown, re.MULTILINE)
        assert re.search(r"^echosphere_cluster_processes 2\.0$", shown, re.MULTILINE)
        for _ in range(10):
            async with httpx.AsyncClient(base_url=served.address) as http:
                await http.get("/healthz")
        assert counted_by(served) >= 10
    with httpx.Client(base_url=served.address) as stranger:
        assert stranger.get("/metrics").status_code == 404


def metrics_of(served: Served) -> str:
    """Return what Prometheus gets."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return httpx.get(f"{served.address}/metrics", headers=headers, timeout=PATIENCE).text


def counted_by(served: Served) -> float:
    """Return how many requests all workers have answered with 200."""
    found = re.findall(
        r'^echosphere_http_requests_total\{.*status="200"\} (.+)$', metrics_of(served), re.MULTILINE
    )
    return sum(map(float, found))


async def test_commands_reach_a_worker(served: Served) -> None:
    async with people_on(served.address, "Ann", "Ben") as (_, ben):
        socket = await ben.connect()
        done = await asyncio.to_thread(
            run, served.data, "user", "deactivate", ben.email, "--reason", "a test"
        )
        assert done.returncode == 0, done.stderr
        assert await socket.next("signed_out")


@pytest.mark.parametrize("settings", [{}, {"ECHOSPHERE_DATABASE_URL": "postgresql://db/chat"}])
def test_on_windows_workers_are_refused(
    settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = load_settings({"ECHOSPHERE_DATA": str(tmp_path), **settings})
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(WorkersRefusedError, match="does not work on Windows"):
        Parent(given, 2, lambda _port, _link: None)


@pytest.mark.parametrize("workers", ["0", "65", "many"])
def test_a_number_of_workers_that_makes_no_sense_is_refused(workers: str, tmp_path: Path) -> None:
    done = run(tmp_path / "data", "serve", "--workers", workers)
    assert done.returncode == 2
    assert "--workers" in done.stderr


def test_other_servers_are_refused_beside_workers(
    served: Served, tmp_path: Path, database_url: str
) -> None:
    for workers in (1, 2):
        said = refused(tmp_path / f"other-{workers}", workers, ECHOSPHERE_DATABASE_URL=database_url)
        assert "Another EchoSphere server is already running on" in said
    assert httpx.get(f"{served.address}/readyz", timeout=PATIENCE).status_code == 200


def test_what_keeps_the_first_worker_from_starting_ends_the_parent(tmp_path: Path) -> None:
    said = refused(
        tmp_path / "data", 2, ECHOSPHERE_DATABASE_URL="postgresql://ann@127.0.0.1:1/none"
    )
    assert "The database cannot be used" in said
