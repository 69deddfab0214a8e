"""Jobs: run once by one of all processes, retried after a failure or a crash, and then given up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import select

from echosphere.core.clock import DAY, HOUR, MINUTE
from echosphere.core.errors import RetryLater, Unavailable
from echosphere.database import Database, Snapshot, Transaction, jobs
from echosphere.jobs import JobRunner
from echosphere.jobs.job import DEAD, MAX_ATTEMPTS, MAX_BACKOFF, backoff_after
from echosphere.jobs.runner import LEASE
from echosphere.jobs.store import ClaimDue
from tests.conftest import SetClock


def leave(transaction: Transaction, number: int, after: int = 0) -> None:
    """Leave a job."""
    transaction.enqueue("count", {"number": number}, after=after)


def rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return all jobs that are in the table."""
    return [dict(row) for row in snapshot.execute(select(jobs)).mappings()]


class Crew:
    """Several runners on one database, as several processes would have them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.runners: list[JobRunner] = []
        self.done: list[int] = []

    async def hire(
        self, work: Callable[[dict[str, Any]], Any] | None = None, lease: int = LEASE
    ) -> JobRunner:
        """Start one more runner that does the `count` jobs."""

        async def count(payload: dict[str, Any]) -> None:
            await asyncio.sleep(0)
            self.done.append(payload["number"])

        runner = JobRunner(self.database, lease=lease)
        runner.register("count", work or count)
        await runner.start()
        self.runners.append(runner)
        return runner

    def wake(self) -> None:
        """Have all look for jobs now."""
        for runner in self.runners:
            runner.wake()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to become true, waking the runners meanwhile."""
        async with asyncio.timeout(10):
            while not condition():
                self.wake()
                await asyncio.sleep(0.01)

    async def until_empty(self) -> None:
        """Wait until no job is left."""
        async with asyncio.timeout(10):
            while await self.database.read(rows):
                await asyncio.sleep(0.01)


@pytest.fixture
async def crew(database: Database) -> AsyncIterator[Crew]:
    """No one yet."""
    crew = Crew(database)
    yield crew
    for runner in crew.runners:
        await runner.stop(grace=0.1)


async def test_a_job_is_done_after_the_commit_and_then_forgotten(crew: Crew) -> None:
    await crew.hire()
    await crew.database.write(leave, 7)  # the commit itself wakes the runner
    await crew.until_empty()
    assert crew.done == [7]


async def test_a_job_left_before_the_start_is_done(crew: Crew) -> None:
    await crew.database.write(leave, 7)
    await crew.hire()
    await crew.until_empty()
    assert crew.done == [7]


async def test_many_runners_do_each_job_once(crew: Crew) -> None:
    for number in range(40):
        await crew.database.write(leave, number)
    for _ in range(4):
        await crew.hire()
    await crew.until_empty()
    assert sorted(crew.done) == list(range(40))


async def test_a_job_waits_for_its_time(crew: Crew, clock: SetClock) -> None:
    await crew.hire()
    await crew.database.write(leave, 1, HOUR)
    await crew.database.write(leave, 2)
    await crew.until(lambda: crew.done == [2])
    clock.advance(HOUR + 1)
    await crew.until(lambda: crew.done == [2, 1])


async def test_a_failed_job_is_tried_again_with_growing_pauses(crew: Crew, clock: SetClock) -> None:
    tries = 0

    async def fail_twice(_payload: dict[str, Any]) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise OSError(f"failure {tries}")

    await crew.hire(fail_twice)
    await crew.database.write(leave, 1)
    for number in (1, 2):
        await crew.until(lambda number=number: tries == number)  # type: ignore[misc]
        async with asyncio.timeout(10):
            while not (row := (await crew.database.read(rows))[0])["last_error"]:
                await asyncio.sleep(0.01)
            while row["last_error"] != f"OSError: failure {number}":
                row = (await crew.database.read(rows))[0]
        assert row["run_at"] > clock.now
        clock.advance(MINUTE)
    await crew.until(lambda: tries == 3)
    await crew.until_empty()


@pytest.mark.parametrize(
    ("failure", "traceback"),
    [
        (RetryLater("the push service is away"), False),
        (Unavailable("not now"), False),
        (ConnectionError("refused"), False),
        (KeyError("a fault of ours"), True),
    ],
)
async def test_a_traceback_is_logged_for_faults_of_ours_only(
    crew: Crew, caplog: pytest.LogCaptureFixture, failure: Exception, traceback: bool
) -> None:
    async def fail(_payload: dict[str, Any]) -> None:
        raise failure

    await crew.hire(fail)
    await crew.database.write(leave, 1)
    logger = "echosphere.jobs.runner"
    await crew.until(lambda: any(record.name == logger for record in caplog.records))
    (record,) = [record for record in caplog.records if record.name == logger]
    assert (record.exc_info is not None) is traceback
    assert "\n" not in record.getMessage()


async def test_a_job_that_always_fails_is_given_up_and_kept_with_its_error(
    crew: Crew, clock: SetClock
) -> None:
    tries = 0

    async def fail(_payload: dict[str, Any]) -> None:
        nonlocal tries
        tries += 1
        raise OSError("the disk is away")

    await crew.hire(fail)
    await crew.database.write(leave, 1)
    async with asyncio.timeout(20):
        while (row := (await crew.database.read(rows))[0])["run_at"] < DEAD:
            clock.advance(MAX_BACKOFF)
            crew.wake()
            await asyncio.sleep(0.01)
    assert tries == MAX_ATTEMPTS
    assert row["last_error"] == "OSError: the disk is away"
    clock.advance(1000 * DAY)
    crew.wake()
    await crew.database.write(leave, 2)
    await crew.until(lambda: tries == MAX_ATTEMPTS + 1)  # others go on, this one does not


async def test_the_job_of_a_dead_process_is_taken_over_when_its_lease_ends(
    crew: Crew, clock: SetClock
) -> None:
    await crew.database.write(leave, 7)
    claimed = await crew.database.write(ClaimDue(["count"], 5, LEASE))
    assert [job.kind for job in claimed] == ["count"]
    await crew.hire()
    await crew.database.write(leave, 8)
    await crew.until(lambda: crew.done == [8])
    clock.advance(LEASE + 1)
    await crew.until(lambda: crew.done == [8, 7])


async def test_a_process_killed_again_and_again_by_a_job_is_spared_in_the_end(
    crew: Crew, clock: SetClock
) -> None:
    await crew.database.write(leave, 7)
    for _ in range(MAX_ATTEMPTS):
        assert await crew.database.write(ClaimDue(["count"], 5, LEASE))
        clock.advance(LEASE + 1)
    await crew.hire()
    async with asyncio.timeout(10):
        while (row := (await crew.database.read(rows))[0])["run_at"] < DEAD:
            await asyncio.sleep(0.01)
    assert crew.done == []
    assert "every process" in row["last_error"]


async def test_a_long_job_keeps_its_lease(crew: Crew, clock: SetClock) -> None:
    may_end, started = asyncio.Event(), 0

    async def take_long(_payload: dict[str, Any]) -> None:
        nonlocal started
        started += 1
        await may_end.wait()

    await crew.hire(take_long, lease=60)
    await crew.hire(take_long, lease=60)
    await crew.database.write(leave, 7)
    await crew.until(lambda: started == 1)
    first = (await crew.database.read(rows))[0]["run_at"]
    async with asyncio.timeout(10):
        while (await crew.database.read(rows))[0]["run_at"] == first:  # renewed by itself
            await asyncio.sleep(0.01)
    may_end.set()
    await crew.until_empty()
    assert started == 1


async def test_a_runner_that_stops_gives_its_jobs_back(crew: Crew) -> None:
    started = asyncio.Event()

    async def never_end(_payload: dict[str, Any]) -> None:
        started.set()
        await asyncio.Event().wait()

    runner = await crew.hire(never_end)
    await crew.database.write(leave, 7)
    await started.wait()
    await runner.stop(grace=0)
    row = (await crew.database.read(rows))[0]
    assert (row["attempts"], row["last_error"]) == (0, None)
    await crew.hire()
    await crew.until(lambda: crew.done == [7])


async def test_a_kind_that_no_one_here_knows_is_left_alone(crew: Crew) -> None:
    def leave_unknown(transaction: Transaction) -> None:
        transaction.enqueue("of a newer version", {})

    await crew.database.write(leave_unknown)
    await crew.hire()
    await crew.database.write(leave, 7)
    await crew.until(lambda: crew.done == [7])
    async with asyncio.timeout(10):
        while len(left := await crew.database.read(rows)) > 1:
            await asyncio.sleep(0.01)
    assert (left[0]["kind"], left[0]["attempts"]) == ("of a newer version", 0)


async def test_a_recurring_job_runs_once_per_interval_over_all_processes(
    database: Database, clock: SetClock
) -> None:
    runs: list[int] = []

    async def sweep() -> None:
        runs.append(clock.now)

    runners = [JobRunner(database) for _ in range(3)]
    for runner in runners:
        runner.every("sweep", HOUR, sweep)
        await runner.start()
    for interval in range(1, 4):
        async with asyncio.timeout(10):
            while len(runs) < interval or not await _rests(database, clock):
                await asyncio.sleep(0.01)
        for runner in runners:
            runner.wake()
        await asyncio.sleep(0.05)
        assert len(runs) == interval
        clock.advance(HOUR + 1)
        for runner in runners:
            runner.wake()
    for runner in runners:
        await runner.stop()
    assert len(await database.read(rows)) == 1


async def _rests(database: Database, clock: SetClock) -> bool:
    """Whether the recurring job has ended and waits for its next time."""
    row = (await database.read(rows))[0]
    return bool(row["attempts"] == 0 and row["run_at"] > clock.now)


async def test_a_recurring_job_that_fails_is_tried_again_and_never_given_up(
    database: Database, clock: SetClock
) -> None:
    runs = 0

    async def fail() -> None:
        nonlocal runs
        runs += 1
        raise OSError("no luck")

    runner = JobRunner(database)
    runner.every("sweep", DAY, fail)
    await runner.start()
    async with asyncio.timeout(20):
        while runs < MAX_ATTEMPTS + 3:
            clock.advance(DAY)
            runner.wake()
            await asyncio.sleep(0.01)
    await runner.stop()
    row = (await database.read(rows))[0]
    assert row["last_error"] == "OSError: no luck"
    assert row["run_at"] < DEAD


def test_pauses_grow_to_an_hour_and_are_spread() -> None:
    assert all(2_500 <= backoff_after(1) <= 5_000 for _ in range(100))
    assert all(HOUR // 2 <= backoff_after(30) <= HOUR for _ in range(100))
    assert len({backoff_after(20) for _ in range(20)}) > 1
