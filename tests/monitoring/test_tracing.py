"""Traces: the path of a message through one process and several, as a collector gets it."""

import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from echosphere.core import tracing
from echosphere.core.operator_error import OperatorError
from echosphere.monitoring import Tracing
from echosphere.monitoring.tracing import are_traces_collected
from tests.cluster.processes import Processes, at
from tests.monitoring.collector import Collector, Span, collecting
from tests.product.people import new_key, people_on
from tests.served import Served
from tests.waiting import until

BODY = "Nobody but us reads this sentence"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


def given_trace() -> tuple[str, str, dict[str, str]]:
    """Return a trace, a span of it, and the header by which a proxy passes them on."""
    trace, span = secrets.token_hex(16), secrets.token_hex(8)
    return trace, span, {"traceparent": f"00-{trace}-{span}-01"}


async def deliveries_of(collector: Collector, trace: str, count: int) -> list[Span]:
    """Wait for the spans that tell of a write, and return them."""
    await until(lambda: len(collector.of(trace, "deliver")) >= count)
    return collector.of(trace, "deliver")


async def test_a_message_is_followed_from_the_request_to_the_delivery(
    tmp_path: Path, collector: Collector
) -> None:
    proxies = {"ECHOSPHERE_TRUSTED_PROXIES": "127.0.0.0/8", "ECHOSPHERE_REGISTRATION": "open"}
    served = Served(tmp_path / "data", 1, **proxies, **collector.variables)
    trace, proxy, header = given_trace()
    async with people_on(served.start(), "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        socket = await ben.connect()
        post = {"key": new_key(), "body": BODY}
        path = f"/conversations/{conversation}/messages"
        assert (await ann.http.post(path, json=post, headers=header)).status_code == 201
        await until(lambda: socket.of("message"))
        await socket.say(conversation, BODY)
        [delivery] = await deliveries_of(collector, trace, 1)
        await until(lambda: collector.of(trace, "POST"))
        await until(lambda: [one for one in collector.spans if one.name == "call post"])
    [request], [write] = collector.of(trace, "POST"), collector.of(trace, "write")
    assert (request.parent, write.parent, delivery.parent) == (proxy, request.id, write.id)
    assert write.attributes["echosphere.command"] == "PostMessage"
    assert 0 < write.nanoseconds <= request.nanoseconds
    [call] = [one for one in collector.spans if one.name == "call post"]
    await deliveries_of(collector, call.trace, 1)
    assert call.parent == ""
    assert trace in served.log, "its lines in the log are found by the trace"
    assert served.stop() == 0
    assert "Traceback" not in served.log
    assert collector.services == {"echosphere"}
    told = b"".join(collector.bodies)
    for secret in (BODY, ann.token, ann.email, "Ann"):
        assert secret.encode() not in told


async def test_a_message_is_followed_through_the_process_that_writes_for_workers(
    tmp_path: Path, collector: Collector
) -> None:
    served = Served(tmp_path / "data", 2, ECHOSPHERE_REGISTRATION="open", **collector.variables)
    async with people_on(served.start(), "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        sockets = [await ben.connect() for _ in range(4)]
        await sockets[0].say(conversation, BODY)
        await until(lambda: all(socket.of("message") for socket in sockets))
        await until(lambda: [one for one in collector.spans if one.name == "call post"])
        [call] = [one for one in collector.spans if one.name == "call post"]
        delivered = await deliveries_of(collector, call.trace, 3)
    [handed], [write] = (
        collector.of(call.trace, "run for a worker"),
        collector.of(call.trace, "write"),
    )
    assert (handed.parent, write.parent) == (call.id, handed.id)
    assert handed.process == write.process != call.process
    assert {one.process for one in delivered} >= {write.process, call.process}
    assert served.stop() == 0


async def test_a_message_is_followed_to_another_machine(
    processes: Processes, collector: Collector
) -> None:
    here, there = (processes.add(**collector.variables) for _ in range(2))
    async with people_on(here.address, "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        away = at(there, ben)
        socket = await away.connect()
        said = await ann.connect()
        await said.say(conversation, BODY)
        await until(lambda: socket.of("message"))
        await until(lambda: [one for one in collector.spans if one.name == "call post"])
        [call] = [one for one in collector.spans if one.name == "call post"]
        delivered = await deliveries_of(collector, call.trace, 2)
        await away.http.aclose()
    assert len({one.process for one in delivered}) == 2
    [write] = collector.of(call.trace, "write")
    own = [one for one in delivered if one.process == write.process]
    assert own[0].parent == write.id


@pytest.mark.parametrize(
    ("environment", "collected"),
    [
        ({}, False),
        ({ENDPOINT: ""}, False),
        ({ENDPOINT: "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({ENDPOINT: "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, False),
        ({ENDPOINT: "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_SERVICE_NAME": "chat"}, False),
    ],
)
def test_traces_are_collected_where_a_collector_is_named(
    environment: dict[str, str], collected: bool
) -> None:
    assert are_traces_collected(environment) is collected


async def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:4318")
    monkeypatch.delitem(sys.modules, "echosphere.monitoring.opentelemetry_tracer", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(OperatorError, match=r"Install echosphere\[traces\]"):
        await Tracing().start()
    assert tracing.tracer is None


async def test_without_a_collector_nothing_is_recorded() -> None:
    await Tracing().start()
    assert tracing.tracer is None
    with tracing.span("anything", {}):
        assert tracing.current() is None
