"""A process that could not work as one of several does not start, and says what to do."""

import os
from pathlib import Path

import pytest

from echosphere.settings import SettingsError, load_settings
from tests import launcher
from tests.cluster.nats_server import NatsServer
from tests.cluster.processes import Processes
from tests.house.serving import free_port
from tests.served import QUICK, Served
from tests.waiting import until

PATIENCE = 60


def refused(folder: Path, workers: int = 1, **settings: str) -> str:
    """Start a server that must not start; return what it says."""
    clean = launcher.without_settings()
    own = {"ECHOSPHERE_DATA": str(folder), "ECHOSPHERE_PORT": "0"}
    done = launcher.run(
        ["serve", "--workers", str(workers)], clean | QUICK | own | settings, timeout=PATIENCE
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "ECHOSPHERE_DATABASE_URL must point to PostgreSQL"),
        ({"ECHOSPHERE_DATABASE_URL": "postgresql://db/chat"}, "ECHOSPHERE_STORAGE_SHARED=on"),
        ({"ECHOSPHERE_BUS_URL": "redis://bus"}, "such as nats://10.0.0.5:4222"),
    ],
)
def test_half_a_cluster_is_refused(settings: dict[str, str], says: str, tmp_path: Path) -> None:
    given = {"ECHOSPHERE_DATA": str(tmp_path), "ECHOSPHERE_BUS_URL": "nats://bus", **settings}
    with pytest.raises(SettingsError, match=says):
        load_settings(given)


def test_without_a_bus_it_does_not_start_and_tells_no_password(
    tmp_path: Path, postgresql_url: str
) -> None:
    said = refused(
        tmp_path,
        ECHOSPHERE_DATABASE_URL=postgresql_url,
        ECHOSPHERE_STORAGE_SHARED="on",
        ECHOSPHERE_BUS_URL="nats://user:hidden@127.0.0.1:9",
    )
    assert "There is no bus at 127.0.0.1:9" in said
    assert "hidden" not in said


def test_a_server_without_a_bus_is_refused_beside_those_that_have_one(
    two: tuple[Served, Served], tmp_path: Path, postgresql_url: str
) -> None:
    assert two
    said = refused(tmp_path / "third", ECHOSPHERE_DATABASE_URL=postgresql_url)
    assert "set ECHOSPHERE_BUS_URL here as well" in said


def test_a_server_with_a_bus_is_refused_beside_one_that_has_none(
    tmp_path: Path, postgresql_url: str, nats: NatsServer
) -> None:
    alone = Served(tmp_path / "data", ECHOSPHERE_DATABASE_URL=postgresql_url)
    alone.start()
    try:
        said = refused(
            tmp_path / "second",
            ECHOSPHERE_DATABASE_URL=postgresql_url,
            ECHOSPHERE_STORAGE_SHARED="on",
            ECHOSPHERE_BUS_URL=nats.url,
        )
    finally:
        alone.stop()
    assert "set ECHOSPHERE_BUS_URL for each of them" in said


def test_a_process_with_other_keys_is_refused(
    processes: Processes, tmp_path: Path, postgresql_url: str, nats: NatsServer
) -> None:
    processes.add()
    said = refused(
        tmp_path / "other",
        ECHOSPHERE_DATABASE_URL=postgresql_url,
        ECHOSPHERE_STORAGE_SHARED="on",
        ECHOSPHERE_BUS_URL=nats.url,
    )
    assert "a different SECRET_KEY" in said


def test_the_doctor_hears_who_serves_and_who_is_on_another_bus(
    processes: Processes, tmp_path: Path
) -> None:
    processes.add(ECHOSPHERE_PROCESS_NAME="a")
    processes.add(ECHOSPHERE_PROCESS_NAME="b")
    assert "ok    processes: 2 running, all answering on the bus: a, b\n" in processes.doctor()
    told = processes.doctor(ECHOSPHERE_BUS_URL="", ECHOSPHERE_STORAGE_SHARED="off")
    assert "FAIL  processes: the running processes use a bus" in told
    assert "FAIL  processes: There is no bus at" in processes.doctor(
        ECHOSPHERE_BUS_URL=f"nats://127.0.0.1:{free_port()}"
    )
    apart = NatsServer(make_folder(tmp_path / "apart"))
    apart.start()
    try:
        told = processes.doctor(ECHOSPHERE_BUS_URL=apart.url)
        assert "2 processes use the database, but 0 answer on the bus (none)" in told
    finally:
        apart.stop()
    processes.add(ECHOSPHERE_PROCESS_NAME="a")
    assert (
        "FAIL  processes: several processes are called a; give each its own" in processes.doctor()
    )


async def test_the_log_tells_of_a_process_whose_folder_is_not_that_of_the_others(
    processes: Processes, tmp_path: Path
) -> None:
    first, second = processes.add(), processes.add()
    assert (first.stop(), second.stop()) == (0, 0)
    told = "has a different folder at ECHOSPHERE_STORAGE_URL. Give all processes the same one"
    assert told not in first.log + second.log
    first = processes.add()
    apart = processes.add(ECHOSPHERE_STORAGE_URL=make_folder(tmp_path / "apart").as_uri())
    await until(lambda: told in first.log and told in apart.log)


def make_folder(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_the_data_folder_is_made_and_commands_reach_the_process(processes: Processes) -> None:
    served = processes.add()
    given = {"ECHOSPHERE_DATA": str(served.data)}
    listed = launcher.run(["user", "list"], os.environ | given)
    assert listed.returncode == 0, listed.stderr
    assert served.stop() == 0
    assert "[error" not in served.log
    assert "[warning" not in served.log
