"""Parts of an instance fail while people write: nothing is lost or duplicated, all devices become equal.

Each fault lasts for a moment here, and for a minute in `bin/long several`.
"""

import asyncio
import os
import secrets
import signal
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cluster.machines import BUS, DATABASE, Machine, network, why_no_namespaces
from tests.cluster.nats_server import NatsServer
from tests.cluster.plays import PATIENCE, Outcome, Play, play_on
from tests.cluster.postgresql_server import PostgreSQLServer, binaries
from tests.conftest import IS_LONG, missing

SECONDS = float(os.environ.get("ECHOSPHERE_TEST_FAULT_SECONDS", "3"))
"""How long each fault lasts."""

SECONDS_TO_BE_EQUAL = 15.0
"""After the end of a fault; measured in the long run only, when no one else has the machine."""


@dataclass
class Installation:
    """Two processes, their bus and their databases; the second one is on a machine of its own."""

    nats: NatsServer
    primary: PostgreSQLServer
    standby: PostgreSQLServer
    machines: tuple[Machine, Machine]

    @property
    def addresses(self) -> list[str]:
        """Where the processes answer."""
        return [one.address for one in self.machines]

    def pull(self, *cables: str) -> None:
        """Cut the second machine off."""
        for cable in cables:
            assert self.machines[1].network is not None
            self.machines[1].network.pull(cable)

    def plug(self, *cables: str) -> None:
        """Connect it again."""
        for cable in cables:
            assert self.machines[1].network is not None
            self.machines[1].network.plug(cable)

    def fail_over(self) -> None:
        """Lose the primary for good, and have the standby take over."""
        self.primary.kill()
        self.standby.promote()


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and how it ends."""

    begin: Callable[[Installation], None]
    end: Callable[[Installation], None] = lambda _here: None
    others_go_on: bool = True
    """Whether people at the other process can write meanwhile."""
    needs_machine: bool = False
    is_short: bool = True
    """Whether it is part of every run."""


FAULTS = {
    "the bus is away": Fault(lambda here: here.nats.stop(), lambda here: here.nats.start()),
    "a process is cut off from the bus": Fault(
        lambda here: here.pull(BUS), lambda here: here.plug(BUS), needs_machine=True, is_short=False
    ),
    "a process is cut off from PostgreSQL": Fault(
        lambda here: here.pull(DATABASE),
        lambda here: here.plug(DATABASE),
        needs_machine=True,
        is_short=False,
    ),
    "a process is cut off from both": Fault(
        lambda here: here.pull(BUS, DATABASE),
        lambda here: here.plug(BUS, DATABASE),
        needs_machine=True,
    ),
    "a process is killed": Fault(
        lambda here: here.machines[1].kill(), lambda here: here.machines[1].start()
    ),
    "a process stands still": Fault(
        lambda here: here.machines[1].signal(signal.SIGSTOP),
        lambda here: here.machines[1].signal(signal.SIGCONT),
    ),
    "PostgreSQL is killed": Fault(
        lambda here: here.primary.kill(), lambda here: here.primary.start(), others_go_on=False
    ),
    # Last, because the primary does not come back.
    "a synchronous standby takes over": Fault(lambda here: here.fail_over()),
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """All of it, started once for all faults."""
    with ExitStack() as stack:
        yield install(stack, tmp_path_factory.mktemp("several"), is_synchronous=True)


def install(stack: ExitStack, folder: Path, *, is_synchronous: bool) -> Installation:
    """Start everything; the end of the stack ends it."""
    if not NatsServer.is_there():
        missing("nats-server")
    if binaries() is None:
        missing("PostgreSQL's initdb")
    nats = NatsServer(folder, "0.0.0.0")
    primary, standby = PostgreSQLServer("primary"), PostgreSQLServer("standby")
    for server in (primary, standby):
        stack.callback(server.remove)
    stack.callback(nats.stop)
    nats.start()
    primary.make()
    primary.start()
    standby.copy(primary)
    standby.start()
    if is_synchronous:
        primary.commit_at("standby")
    primary.await_standby("standby", "sync" if is_synchronous else "async")
    files = folder / "files"
    files.mkdir()
    hosts = f"{{database}}:{primary.port},{{database}}:{standby.port}"
    settings = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ECHOSPHERE_VAPID_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "ECHOSPHERE_DATABASE_URL": (
            f"postgresql://postgres@{hosts}/postgres?target_session_attrs=read-write"
        ),
        "ECHOSPHERE_STORAGE_URL": files.as_uri(),
        "ECHOSPHERE_STORAGE_SHARED": "on",
        "ECHOSPHERE_BUS_URL": f"nats://{{bus}}:{nats.port}",
        "ECHOSPHERE_REGISTRATION": "open",
    }
    own = None if why_no_namespaces() else stack.enter_context(network())
    machines = Machine(folder / "a", settings), Machine(folder / "b", settings, own)
    for machine in machines:
        stack.callback(machine.stop)
        machine.start()
    return Installation(nats, primary, standby, machines)


@pytest.mark.long_form  # tests/database/test_failover.py is the short form
async def test_what_an_asynchronous_standby_lacks_is_gone_on_every_device(tmp_path: Path) -> None:
    with ExitStack() as stack:
        here = install(stack, tmp_path, is_synchronous=False)
        async with play_on(here.addresses) as play:
            await play.begin()
            await asyncio.to_thread(here.standby.kill)
            kept = play.keys()
            await play.more(30)
            await play.pause()
            lost = play.keys() - kept
            async with asyncio.timeout(PATIENCE):
                while await play.differences():
                    await asyncio.sleep(0.1)
            assert lost <= play.keys_shown(), "every device has what will be lost"
            await asyncio.to_thread(here.primary.kill)
            await asyncio.to_thread(here.standby.start)
            await asyncio.to_thread(here.standby.promote)
            play.go_on()
            await play.more(30)
            gone = await play.forget_what_is_gone()
            assert lost & gone
            outcome = await play.end()
            print(f"{len(gone)} messages were lost; all equal after {outcome.seconds:.1f} s")
            assert outcome.wrong == []
            assert play.shown(gone) == []
            assert await play.notices() == [], "the control"


async def suffer(here: Installation, play: Play, fault: Fault) -> Outcome:
    """Have people write before, during and after a fault, and someone put out meanwhile."""
    await play.begin()
    await asyncio.to_thread(fault.begin, here)
    putting_out = asyncio.create_task(play.put_out())
    before = play.acknowledged_at_first
    await asyncio.sleep(SECONDS)
    if IS_LONG and fault.others_go_on:
        assert play.acknowledged_at_first > before + SECONDS, "others were held up"
    await asyncio.to_thread(fault.end, here)
    outcome = await play.end()
    await putting_out
    outcome.wrong += play.heard_too_late()
    return outcome


@pytest.mark.parametrize("name", [one for one in FAULTS if FAULTS[one].is_short or IS_LONG])
async def test_nothing_is_lost_and_all_become_equal(name: str, installation: Installation) -> None:
    fault = FAULTS[name]
    if fault.needs_machine and (why := why_no_namespaces()):
        pytest.skip(why)
    logged = [len(machine.log) for machine in installation.machines]
    async with play_on(installation.addresses) as play:
        outcome = await suffer(installation, play, fault)
        print(f"{name}: {outcome.sent} messages, all equal after {outcome.seconds:.1f} s")
        assert outcome.wrong == []
        assert outcome.sent > 20
        if IS_LONG:
            assert outcome.seconds < SECONDS_TO_BE_EQUAL
        assert await play.notices() == [], "the control"
    for machine, before in zip(installation.machines, logged, strict=True):
        log = machine.log[before:]
        refused = log.count("\nechosphere.core.errors.Unavailable: ")
        assert log.count("Traceback") == refused, f"something else failed: {log}"
