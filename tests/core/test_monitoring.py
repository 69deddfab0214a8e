"""Logs, metrics and health: enough for operators, nothing for outsiders."""

import json
import logging
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from echosphere.monitoring import Metrics, ObserveRequests
from echosphere.monitoring.logs import escape_control_characters

PROGRAM = """
import logging, sys
from pathlib import Path
from echosphere.monitoring import configure_logging
from echosphere.settings import load_settings

configure_logging(load_settings({"ECHOSPHERE_DATA": sys.argv[1], "ECHOSPHERE_LOG_FORMAT": sys.argv[2]}))

def check(password):
    raise ValueError("no")

log = logging.getLogger("echosphere.test")
log.warning("two\\nlines and \\x1b[31m colours: %s", "\\u2028")
try:
    check("".join(["hun", "ter2"]))
except ValueError:
    log.exception("it failed")
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_logs_keep_one_line_each_and_no_variables(tmp_path: Any, form: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), form],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    first = done.stderr.splitlines()[0]
    assert "colours" in first
    assert "\x1b[31m" not in done.stderr
    assert "ValueError: no" in done.stderr
    assert "hunter2" not in done.stderr
    if form == "json":
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        assert [line["level"] for line in lines] == ["warning", "error"]
        assert lines[0]["logger"] == "echosphere.test"


def test_what_callers_send_forges_no_further_lines() -> None:
    event = {"path": "/a\r\nlevel=error\x85\u2028\x00", "status": 200}
    escaped = escape_control_characters(None, "info", event)
    assert escaped["path"] == "/a\\r\\nlevel=error\\x85\\u2028\\x00"
    assert escaped["status"] == 200


async def observed(
    metrics: Metrics,
    headers: list[tuple[bytes, bytes]],
    path: str = "/api/v1/me",
    app: Callable[..., Awaitable[None]] | None = None,
) -> list[Any]:
    """Make a request through the observer and return what was sent."""
    sent: list[Any] = []

    async def fine(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "method": "GET", "headers": headers}
    await ObserveRequests(app or fine, metrics, "/socket.io/")(scope, None, send)  # type: ignore[arg-type]
    return sent


async def test_each_request_has_an_id_and_a_proxys_own_is_kept() -> None:
    metrics = Metrics()
    given = [(b"x-request-id", b"from-the-proxy")]
    assert (await observed(metrics, given))[0]["headers"] == given
    for forged in (b"short", b"x" * 65, b"with space and more", b"line\nline-line"):
        sent = await observed(metrics, [(b"x-request-id", forged)])
        ((name, value),) = sent[0]["headers"]
        assert (name, len(value)) == (b"x-request-id", 20)


async def test_answers_are_counted_and_polling_is_not_timed() -> None:
    metrics = Metrics()
    await observed(metrics, [])
    await observed(metrics, [], "/socket.io/")

    async def broken(*_: Any) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await observed(metrics, [], app=broken)
    shown = metrics.exposition().decode()
    assert 'echosphere_http_requests_total{method="GET",status="200"} 2.0' in shown
    assert 'echosphere_http_requests_total{method="GET",status="500"} 1.0' in shown
    assert "echosphere_http_request_seconds_count 2.0" in shown


def test_parts_show_their_own_numbers() -> None:
    metrics = Metrics()
    metrics.read_from("echosphere", lambda: {"sockets": 3, "deliveries_total": 7})
    shown = metrics.exposition().decode()
    assert "# TYPE echosphere_sockets gauge" in shown
    assert "echosphere_sockets 3.0" in shown
    assert "# TYPE echosphere_deliveries_total counter" in shown
    assert "echosphere_deliveries_total 7.0" in shown
    logging.getLogger("echosphere.test").debug("seen")
