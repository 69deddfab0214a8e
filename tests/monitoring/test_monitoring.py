"""Logs, metrics and health: enough for operators, nothing for outsiders."""

import json
import logging
import subprocess
import sys
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echosphere.core.ids import new_token
from echosphere.monitoring import Metrics, ObserveRequests
from echosphere.monitoring.logs import sanitize
from echosphere.monitoring.redaction import redact_path
from echosphere.web.proxies import ProxyHeaders

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
    escaped = sanitize(None, "info", event)
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
    metrics.add_source("echosphere", lambda: {"sockets": 3, "deliveries_total": 7})
    shown = metrics.exposition().decode()
    assert "# TYPE echosphere_sockets gauge" in shown
    assert "echosphere_sockets 3.0" in shown
    assert "# TYPE echosphere_deliveries_total counter" in shown
    assert "echosphere_deliveries_total 7.0" in shown
    logging.getLogger("echosphere.test").debug("seen")


async def left_by_its_client(metrics: Metrics, app: Callable[..., Awaitable[None]]) -> None:
    """Make a request whose client goes away before it is answered."""

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    async def send(_message: Any) -> None:
        raise AssertionError("nobody is there")

    scope = {"type": "http", "path": "/api/v1/me", "method": "GET", "headers": []}
    await ObserveRequests(app, metrics, "/socket.io/")(scope, gone, send)


async def test_a_client_that_disconnects_is_not_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    async def waits(_scope: Any, receive: Any, _send: Any) -> None:
        assert (await receive())["type"] == "http.disconnect"

    async def complains(_scope: Any, receive: Any, _send: Any) -> None:
        await receive()
        raise ExceptionGroup("of the framework", [ConnectionError("the client is gone")])

    metrics = Metrics()
    await left_by_its_client(metrics, waits)
    await left_by_its_client(metrics, complains)
    shown = metrics.exposition().decode()
    assert 'echosphere_http_requests_total{method="GET",status="499"} 2.0' in shown
    assert 'status="500"' not in shown
    assert [record for record in caplog.records if record.exc_info] == []


TOKENS = st.builds(new_token)
PREFIXES = st.sampled_from(
    ["/unsubscribe/", "/join/", "//join/", "/JOIN/", "/api/v1//invites/", "/x?token=", "/c/", "/"]
)


def spelled(token: str, percent: list[bool]) -> str:
    return "".join(f"%{ord(c):02X}" if p else c for c, p in zip(token, percent, strict=True))


@given(
    PREFIXES,
    TOKENS,
    st.lists(st.booleans(), min_size=43, max_size=43),
    st.sampled_from(["", "/", "//", ".", "..", ";", "%00", "?x", " ", "é", "/members", "A" * 30]),
    st.integers(0, 2),
)
def test_no_token_is_logged_however_its_path_is_spelled(
    prefix: str, token: str, percent: list[bool], suffix: str, decoded: int
) -> None:
    path = f"{prefix}{spelled(token, percent)}{suffix}"
    for _ in range(decoded):
        path = unquote(path)
    logged = redact_path(path)
    assert token not in unquote(unquote(logged))
    whole = sanitize(None, "info", {"event": f"GET {prefix}{token}{suffix} failed"})["event"]
    assert token not in whole


def test_logs_are_short_and_keep_what_is_not_secret() -> None:
    assert len(redact_path("/api/" + "a/" * 15_000)) <= 201
    kept = "/api/v1/conversations/0123456789abcdef0123/messages"
    assert redact_path(kept) == kept
    sentence = "The function a_very_long_name_of_a_function_without_any_digits failed"
    assert sanitize(None, "info", {"event": sentence})["event"] == sentence
    assert len(sanitize(None, "info", {"event": "word " * 10_000})["event"]) <= 2001


@pytest.mark.parametrize("named", [b"x-request-id", b"traceparent"])
async def test_what_names_a_request_is_believed_from_our_proxies_only(named: bytes) -> None:
    seen: list[Any] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append([value for name, value in scope["headers"] if name == named])

    for proxies in ((), (ip_network("10.0.0.0/8"),)):
        for client in (("10.1.2.3", 1), ("192.0.2.1", 1), None):
            headers = [(named, b"chosen-by-somebody")]
            scope = {"type": "http", "client": client, "scheme": "http", "headers": headers}
            await ProxyHeaders(app, proxies)(scope, None, None)
    assert seen == [[], [], [], [b"chosen-by-somebody"], [], []]
