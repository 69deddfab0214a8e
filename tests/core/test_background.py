"""Background tasks end by themselves, or are cancelled; a failure is logged."""

import asyncio

import pytest

from echosphere.core.background import BackgroundTasks


async def test_a_task_that_nothing_refers_to_runs_to_its_end() -> None:
    tasks, done = BackgroundTasks(), asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0)
        done.set()

    tasks.start(work())

    await done.wait()


async def test_cancelling_waits_until_tasks_have_cleaned_up() -> None:
    tasks, said = BackgroundTasks(), list[str]()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            said.append("cleaned up")

    task = tasks.start(work())
    await asyncio.sleep(0)

    await tasks.cancel()

    assert said == ["cleaned up"]
    assert task.cancelled()


async def test_a_failure_is_logged_with_what_failed(caplog: pytest.LogCaptureFixture) -> None:
    tasks = BackgroundTasks()

    async def work() -> None:
        raise ValueError("no such thing")

    task = tasks.start(work())
    await asyncio.wait({task})
    await asyncio.sleep(0)

    (record,) = caplog.records
    assert "work" in record.getMessage()
    assert record.exc_info is not None
    assert "no such thing" in str(record.exc_info[1])


async def test_a_cancelled_task_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    tasks = BackgroundTasks()
    tasks.start(asyncio.sleep(60))

    await tasks.cancel()

    assert caplog.records == []
