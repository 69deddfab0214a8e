"""EchoSphere under Gunicorn, for those who must use it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.house.repository import ROOT
from tests.house.serving import (
    PATIENCE,
    connected,
    free_port,
    running,
    settings_for,
    wait_until,
)

GUNICORN = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py")]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = settings_for(tmp_path / "data", port, url)
    with running(GUNICORN, f"{url}/healthz", environment, tmp_path) as process:
        yield url, process
    assert process.returncode == 0


async def test_gunicorn_serves_http_and_websockets(
    server: tuple[str, subprocess.Popen[str]],
) -> None:
    url, _ = server
    person = {"email": "ada@example.org", "name": "Ada", "password": "correct horse battery"}
    async with httpx.AsyncClient(base_url=url, headers={"Origin": url}) as member:
        assert (await member.post("/api/v1/accounts", json=person)).status_code == 201
    async with connected(url, dict(member.cookies), "websocket") as client:
        answer = await client.call("sync", {"versions": {}}, timeout=10)
    assert answer["ok"] is True


def test_a_reload_replaces_the_worker_although_only_one_may_have_the_database(
    server: tuple[str, subprocess.Popen[str]],
) -> None:
    url, master = server
    (before,) = workers_of(master.pid)
    master.send_signal(signal.SIGHUP)
    wait_until(lambda: workers_of(master.pid) not in ([], [before]))
    assert httpx.get(f"{url}/readyz", timeout=20).status_code == 200


def test_several_workers_are_refused_with_a_sentence(tmp_path: Path) -> None:
    port = free_port()
    finished = subprocess.run(
        [*GUNICORN, "--workers", "2"],
        env=settings_for(tmp_path / "data", port, f"http://127.0.0.1:{port}"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert finished.returncode != 0
    assert "EchoSphere runs in one process" in finished.stderr
    assert "Traceback" not in finished.stderr


def workers_of(master: int) -> list[int]:
    children = Path(f"/proc/{master}/task/{master}/children")
    return [int(child) for child in children.read_text().split()]
