"""What probes and metrics report about writing."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from echosphere.database import WriteState
from echosphere.monitoring import Measurements
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import Person, new_key, people_on

PATIENCE = 60
TOKEN = {"Authorization": "Bearer what only Prometheus knows"}


@pytest.fixture
def more_settings() -> dict[str, str]:
    """Metrics may be read by whoever has the token."""
    return {"ECHOSPHERE_METRICS_TOKEN": TOKEN["Authorization"].removeprefix("Bearer ")}


@on_one_database
async def test_a_process_that_cannot_write_is_not_ready_until_it_can(
    running: Running, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.database.writer.LOCK_TIMEOUT", 0.2)
    monkeypatch.setattr("echosphere.monitoring.health.FAILING_FOR", 0.5)
    server = await running.start()
    async with people_on(server, "Ada") as (ada,), httpx.AsyncClient(base_url=server) as probe:
        notes = await ada.post("/conversations", {"kind": "direct", "user": ada.id})
        where = f"/conversations/{notes['conversation']['id']}/messages"
        assert (await probe.get("/readyz")).json()["status"] == "ok"
        intruder = sqlite3.connect(Path(database_url.removeprefix("sqlite:///")))
        intruder.execute("BEGIN IMMEDIATE")
        refused = await ada.http.post(where, json={"key": new_key(), "body": "hello"})
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        answer = await until(probe, 503)
        assert answer["cause"] == "locked"
        assert answer["parts"] == {"database": "ok", "storage": "ok", "writing": "unavailable"}
        # The process itself is well, and not to be restarted.
        assert (await probe.get("/healthz")).status_code == 200
        intruder.rollback()
        intruder.close()
        assert (await until(probe, 200))["parts"]["writing"] == "ok"
        metrics = (await probe.get("/metrics", headers=TOKEN)).text
        assert 'echosphere_write_refusals_total{cause="locked"}' in metrics


@on_one_database
async def test_the_time_that_a_refused_write_waited_counts(
    running: Running, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise half a minute passes in which people wait in vain, and no one is told."""
    monkeypatch.setattr("echosphere.database.writer.LOCK_TIMEOUT", 1.5)
    monkeypatch.setattr("echosphere.monitoring.health.FAILING_FOR", 1.0)
    monkeypatch.setattr("echosphere.monitoring.health.PROBE_TIMEOUT", 0.1)
    server = await running.start()
    async with people_on(server, "Ada") as (ada,):
        notes = await ada.post("/conversations", {"kind": "direct", "user": ada.id})
        where = f"/conversations/{notes['conversation']['id']}/messages"
        intruder = sqlite3.connect(Path(database_url.removeprefix("sqlite:///")))
        intruder.execute("BEGIN IMMEDIATE")
        refused = await ada.http.post(where, json={"key": new_key(), "body": "hello"})
        assert refused.status_code == 503
        answer = await get(f"{server}/readyz")
        assert (answer.status_code, answer.json()["cause"]) == (503, "locked")
        intruder.rollback()
        intruder.close()


def test_no_write_fails_for_longer_than_since_the_last_one_that_succeeded() -> None:
    now = 100.0
    state = WriteState(clock=lambda: now)
    now = 130.0
    state.record_commit()
    now = 133.0
    state.record_refusal("locked", waited=5.0)
    assert state.failing_for() == 3.0
    now = 140.0
    state.record_refusal("locked", waited=5.0)
    assert state.failing_for() == 10.0
    state.record_commit()
    now = 160.0
    state.record_refusal("locked", waited=5.0)
    assert state.failing_for() == 5.0


@on_one_database
async def test_many_who_ask_whether_writing_works_share_one_try(
    running: Running, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anyone may ask, and each try is a write."""
    monkeypatch.setattr("echosphere.database.writer.LOCK_TIMEOUT", 0.2)
    monkeypatch.setattr("echosphere.monitoring.health.FAILING_FOR", 0.0)
    server = await running.start()
    intruder = sqlite3.connect(Path(database_url.removeprefix("sqlite:///")))
    intruder.execute("BEGIN IMMEDIATE")
    tries = 0
    probe = running.application.database.probe

    async def counted() -> None:
        nonlocal tries
        tries += 1
        await probe()

    monkeypatch.setattr(running.application.database, "probe", counted)
    answers = await asyncio.gather(*(get(f"{server}/readyz") for _ in range(20)))
    assert {one.status_code for one in answers} == {503}
    assert tries < 20 / 2
    intruder.rollback()
    intruder.close()
    assert (await get(f"{server}/readyz")).status_code == 200


async def until(probe: httpx.AsyncClient, status: int) -> Any:
    """Ask as a load balancer does, until the answer has that status."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await probe.get("/readyz")
            if answer.status_code == status:
                return answer.json()
            await asyncio.sleep(0.05)


async def get(url: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(headers=headers) as client:
        return await client.get(url)


async def test_a_write_that_failed_once_is_no_reason_to_take_the_process_away(
    running: Running,
) -> None:
    server = await running.start()
    running.application.database.writing.record_refusal("locked")
    answer = await get(f"{server}/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


async def test_metrics_tell_how_writing_goes(running: Running, server: str) -> None:
    await running.application.measurements.measure()
    text = (await get(f"{server}/metrics", **TOKEN)).text
    found = {line.split("{")[0].split(" ")[0] for line in text.splitlines() if line[:1] != "#"}
    numbers = {
        "write_last_commit_timestamp_seconds",
        "write_failing_seconds",
        "write_queue_length",
        "write_queue_age_seconds",
        "disk_free_bytes",
        "job_age_seconds",
        "endpoints_failing",
        "endpoints_failing_seconds",
        "endpoints_disabled",
        "search_lag_messages",
        "loop_lag_seconds",
    }
    if running.application.database.dialect.single_process:
        numbers.add("wal_bytes")
    assert {f"echosphere_{name}" for name in numbers} <= found


@on_one_database
async def test_a_log_that_grows_because_someone_reads_for_ever_is_warned_of(
    running: Running,
    server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("echosphere.monitoring.measurements.LARGE_WAL", 1)
    measurements = Measurements(running.application.database, tmp_path, {})
    async with people_on(server, "Ada"):
        for _ in range(3):
            await measurements.measure()
    warnings = [one for one in caplog.messages if "write-ahead log has grown" in one]
    assert len(warnings) == 1
    assert measurements.numbers()["wal_bytes"] > 0


class TestReserve:
    """A disk that is nearly full."""

    @pytest.fixture
    def more_settings(self) -> dict[str, str]:
        """A reserve that no disk has."""
        return {"ECHOSPHERE_DISK_RESERVE_MIB": "1048576"}

    @on_one_database
    async def test_stops_files_before_words(self, cast: tuple[Person, Person, Person]) -> None:
        ada, ben, _ = cast
        conversation = await ada.talk_to(ben)
        refused = await ada.http.post("/attachments", files={"file": ("note.txt", b"a note")})
        assert refused.status_code == 503
        assert "Messages still can" in refused.json()["detail"]
        assert (await ada.say(conversation, "still here"))["body"] == "still here"
