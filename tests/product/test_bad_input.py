"""Bad input to every route and every call: a clear refusal, never a fault, and the server keeps working."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import msgspec
import pytest

from echosphere.web import bounded_http
from echosphere.web.api import MAX_BODY, PREFIX
from tests.product.conftest import Running, settings_for
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, register
from tests.product.raw_http import request_bytes, send_raw
from tests.product.samples import SAMPLES, address, calls_of, fitting_body, routes_with, shape_of
from tests.realtime.clients import RawWebSocket, greeted

STRANGE_VALUES = {
    "an object": b'{"a": {"b": 1}}',
    "an array": b'[1, "2", null]',
    "null": b"null",
    "a number": b"12",
    "a negative number": b"-12",
    "a fraction": b"1.5",
    "a boolean": b"true",
    "a huge whole number": b"9" * 400,
    "a number too large for the database": b"9223372036854775808",
    "a huge exponent": b"1e999",
    "NaN": b"NaN",
    "Infinity": b"-Infinity",
    "a lone surrogate": b'"\\ud800"',
    "an escaped NUL": b'"a\\u0000b"',
    "a bare NUL": b'"a\x00b"',
    "invalid UTF-8": b'"\xff\xfe"',
    "an encoded surrogate": b'"\xed\xa0\x80"',
    "a long text": b'"' + b"x" * 30_000 + b'"',
    "an empty text": b'""',
}

BROKEN_BODIES = {
    "nothing": b"",
    "spaces": b"  ",
    "null": b"null",
    "an array": b"[]",
    "a text": b'"hello"',
    "a number": b"1",
    "half an object": b'{"a":',
    "single quotes": b"{'a': 1}",
    "an unknown field": b'{"no_such_field": 1}',
    "a field of Python": b'{"__class__": "x", "__proto__": {}}',
    "invalid UTF-8": b'{"\xff": 1}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a comment": b"{/* hello */}",
    "a nest without end": b'{"a":' * 20_000,
    "an array without end": b"[" * 100_000,
    "a deep nest": b"[" * 100_000 + b"]" * 100_000,
    "more than allowed": b" " * (MAX_BODY + 1) + b"{}",
}

STRANGE_NAMES = [
    "%00",
    "a%00b",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "x" * 65,
    "x" * 5_000,
    "%F0%9F%92%A9",
    "%ff%fe",
    "%ed%a0%80",
    "-1",
    "1e999",
    "%27%20OR%201=1--",
    "%0d%0aX-Evil:%201",
    "*",
    "null",
    "%E2%80%AE",
    "{}",
]

STRANGE_QUERIES = [
    "",
    "x",
    "-1",
    "1.5",
    "1e999",
    "NaN",
    "9" * 400,
    "%00",
    "%ff",
    "[]",
    "{}",
    "null",
]
FITTING_QUERIES = {
    ("clearings", "{}"),
    ("versions", "{}"),
    # An epoch that this server does not know: it may be from before a backup came back.
    *(("epoch", value) for value in ("x", "-1", "1e999", "NaN", "null")),
}


@pytest.fixture(autouse=True)
def _no_fault_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    faults = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not faults, faults[0].getMessage()


@pytest.fixture
async def ada(server: str) -> AsyncIterator[Person]:
    """Someone who is signed in and sends nonsense."""
    person = await register(server, "Ada Example")
    yield person
    await person.close()


def body_with(
    shape: type[msgspec.Struct], field: msgspec.structs.FieldInfo, literal: bytes
) -> bytes:
    """Return a fitting body but for one field, which is given as it is."""
    others = {
        other.encode_name: SAMPLES[other.encode_name]
        for other in msgspec.structs.fields(shape)
        if other.required and other.name != field.name
    }
    start = json.dumps(others)[:-1].encode()
    comma = b", " if others else b""
    return start + comma + json.dumps(field.encode_name).encode() + b": " + literal + b"}"


def fits(kind: Any, literal: bytes) -> bool:
    """Whether a value is one that the field is declared to take."""
    try:
        msgspec.json.decode(literal, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return b"u0000" not in literal


def complaint(answer: httpx.Response, *, must_refuse: bool = True) -> str | None:
    """Return what is wrong with an answer to nonsense, or None."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {answer.text[:200]}"
    if answer.status_code < 400:
        return f"accepted with {answer.status_code}" if must_refuse else None
    if answer.headers["content-type"] != "application/problem+json":
        return f"{answer.status_code} is no problem document: {answer.text[:200]}"
    problem = answer.json()
    if problem["status"] != answer.status_code or not problem["code"] or not problem["detail"]:
        return f"an incomplete problem document: {problem}"
    if len(answer.content) > 2_000:
        return f"a refusal of {len(answer.content)} bytes"
    return None


async def still_answers(person: Person) -> None:
    """The server lives and the person is still who they were."""
    assert (await person.get("/me"))["user"]["id"] == person.id


async def test_every_field_of_every_route_refuses_what_it_is_not(
    running: Running, ada: Person
) -> None:
    complaints = []
    for route in routes_with(running.application.api, "body"):
        for field in msgspec.structs.fields(shape_of(route.body)):
            for what, literal in STRANGE_VALUES.items():
                answer = await ada.http.request(
                    route.method,
                    ada.base + address(route),
                    content=body_with(shape_of(route.body), field, literal),
                    headers={"content-type": "application/json"},
                )
                wrong = complaint(answer, must_refuse=not fits(field.type, literal))
                if wrong:
                    complaints.append(f"{route.method} {route.path} {field.name} {what}: {wrong}")
    assert complaints == []
    await still_answers(ada)


@on_one_database
async def test_every_route_refuses_bodies_that_are_no_fitting_json(
    running: Running, ada: Person
) -> None:
    complaints = []
    for route in routes_with(running.application.api, "body"):
        shape = shape_of(route.body)
        needs_nothing = all(not field.required for field in msgspec.structs.fields(shape))
        bodies = dict(BROKEN_BODIES)
        first = next(iter(msgspec.structs.fields(shape)))
        whole = body_with(shape, first, json.dumps(SAMPLES[first.encode_name]).encode())
        bodies["trailing garbage"] = whole + b" x"
        bodies["two documents"] = whole + whole
        bodies["an unknown field beside the known"] = whole[:-1] + b', "x": 1}'
        bodies["a deep nest in a field"] = body_with(shape, first, b"[" * 100_000 + b"]" * 100_000)
        bodies["an endless text in a field"] = body_with(shape, first, b'"%b"' % (b"x" * 200_000))
        bodies["an endless unknown field"] = b'{"' + b"x" * 200_000 + b'": 1}'
        if not needs_nothing:
            bodies["an empty object"] = b"{}"
        for what, body in bodies.items():
            answer = await ada.http.request(
                route.method,
                ada.base + address(route),
                content=body,
                headers={"content-type": "application/json"},
            )
            if wrong := complaint(answer):
                complaints.append(f"{route.method} {route.path} {what}: {wrong}")
    assert complaints == []
    await still_answers(ada)


@on_one_database
async def test_a_field_given_twice_is_no_fault(running: Running, ada: Person) -> None:
    complaints = []
    for route in routes_with(running.application.api, "body"):
        shape = shape_of(route.body)
        field = next(iter(msgspec.structs.fields(shape)))
        once = body_with(shape, field, json.dumps(SAMPLES[field.encode_name]).encode())
        twice = once[:-1] + b", " + once.rpartition(b", ")[2].removeprefix(b"{")
        answer = await ada.http.request(
            route.method,
            ada.base + address(route),
            content=twice,
            headers={"content-type": "application/json"},
        )
        if wrong := complaint(answer, must_refuse=False):
            complaints.append(f"{route.method} {route.path}: {wrong}")
    assert complaints == []


@on_one_database
async def test_a_body_must_be_declared_as_json(running: Running, ada: Person) -> None:
    complaints = []
    for route in routes_with(running.application.api, "body"):
        shape = shape_of(route.body)
        field = next(iter(msgspec.structs.fields(shape)))
        body = body_with(shape, field, json.dumps(SAMPLES[field.encode_name]).encode())
        for kind in (
            None,
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/json",
            "application/jsonp",
            "application/json, text/plain",
            "\xe4pplication/json",
        ):
            headers = {} if kind is None else {b"content-type": kind.encode("latin-1")}
            answer = await ada.http.request(
                route.method, ada.base + address(route), content=body, headers=headers
            )
            if wrong := complaint(answer):
                complaints.append(f"{route.method} {route.path} {kind}: {wrong}")
    assert complaints == []


async def test_strange_names_in_paths_name_nothing(running: Running, ada: Person) -> None:
    complaints = []
    for route in running.application.api.routes:
        if "<" not in route.path:
            continue
        harmless = (route.method, route.path) == ("DELETE", "/blocks/<user>")  # nothing to undo
        for name in STRANGE_NAMES:
            body = json.dumps(fitting_body(route)).encode() if route.body else b""
            answer = await send_raw(
                ada.base,
                request_bytes(
                    route.method,
                    address(route, name),
                    {
                        "Authorization": f"Bearer {ada.token}",
                        "Content-Type": "application/json",
                    },
                    body,
                ),
            )
            is_fine = harmless and answer.status == 204
            if not is_fine and not (400 <= answer.status < 500 and answer.is_problem):
                complaints.append(f"{route.method} {route.path} {name[:20]}: {answer}")
    assert complaints == []
    await still_answers(ada)


async def test_query_parameters_out_of_range_are_refused(running: Running, ada: Person) -> None:
    complaints = []
    for route in routes_with(running.application.api, "query"):
        shape = shape_of(route.query)
        for field in msgspec.structs.fields(shape):
            for value in STRANGE_QUERIES:
                target = f"{address(route)}?{field.encode_name}={value}"
                headers = {"Authorization": f"Bearer {ada.token}"}
                answer = await send_raw(ada.base, request_bytes(route.method, target, headers))
                # Someone may search for that; it may be someone's id.
                free = field.encode_name in ("q", "query", "users", "person")
                fitting = (field.encode_name, value) in FITTING_QUERIES
                allowed = 200 if free or fitting else 0
                refused = 400 <= answer.status < 500 and answer.is_problem
                if not refused and answer.status != allowed:
                    complaints.append(f"{target}: {answer}")
        target = f"{address(route)}?no_such_parameter=1"
        unknown = await ada.http.request(route.method, ada.base + target)
        assert unknown.status_code == 400
    assert complaints == []


async def test_pages_of_a_real_conversation_have_bounds(server: str, ada: Person) -> None:
    ben = await register(server, "Ben Example")
    try:
        conversation = await ada.talk_to(ben)
        path = f"/conversations/{conversation}/messages"
        for name, value in (("limit", 0), ("limit", 101), ("before", -1), ("after", 2**53 + 1)):
            await ada.get(path, 400, **{name: value})
        await ada.get(path, 400, before=1, after=1)
        for name, value in (("limit", 100), ("before", 0), ("after", 2**53), ("around", 2**53)):
            assert (await ada.get(path, **{name: value}))["messages"] == []
        await ada.put(f"/conversations/{conversation}/read", {"seq": 2**53})
    finally:
        await ben.close()


async def test_a_text_of_nothing_but_oddities_is_kept_as_it_is(server: str, ada: Person) -> None:
    ben = await register(server, "Ben Example")
    try:
        conversation = await ada.talk_to(ben)
        for body in (
            "<script>alert(1)</script>",
            "\u202egnihtemos",
            "🧑‍🤝‍🧑" * 100,
            "a\u0301" * 50,
            "'; DROP TABLE messages; --",
            "\ufeff\ufffe x",
            "\x1b[31m red \x07",
            "𐍈" * 10_000,
        ):
            stored = await ada.say(conversation, body)
            assert stored["body"] == body
        page = await ben.get(f"/conversations/{conversation}/messages")
        assert page["messages"][-1]["body"] == "𐍈" * 10_000
        for body in ("", " \n\t ", "x" * 10_001, "a\0b"):
            await ada.post(
                f"/conversations/{conversation}/messages",
                {"key": "key-of-nothing", "body": body},
                400,
            )
    finally:
        await ben.close()


async def test_every_call_refuses_wrong_values_in_every_field(
    running: Running, ada: Person
) -> None:
    application = running.application
    assert set(application.server.handlers) == set(calls_of(application))
    client = await _signed_in(ada)
    complaints: list[str] = []
    for name, shape in calls_of(application).items():
        arguments = [
            (f"{field.name} {what}", body_with(shape, field, literal), fits(field.type, literal))
            for field in msgspec.structs.fields(shape)
            for what, literal in STRANGE_VALUES.items()
        ]
        arguments += [(what, body, False) for what, body in BROKEN_BODIES.items()]
        for what, argument, may_fit in arguments:
            text = argument.decode("utf-8", "surrogateescape")
            if len(argument) > 90_000 or text.encode("utf-8", "replace") != argument:
                continue  # frames have their own bounds, below
            client.send(f'42{len(complaints)}["{name}",{text}]')
            answer = await _answer_or_close(client)
            if answer is None:  # not JSON at all: the connection is broken off
                client = await _signed_in(ada)
            elif (answer["ok"] and not may_fit) or not _is_ok_or_a_refusal(answer):
                complaints.append(f"{name} {what}: {answer}")
    assert complaints == []
    await client.close()
    await still_answers(ada)


@on_one_database
async def test_frames_that_are_no_calls_are_refused_or_break_off_that_connection_only(
    server: str, ada: Person
) -> None:
    bystander = await ada.connect()
    for frame in (
        "x",
        "4",
        "49",
        "42",
        "42{}",
        "42[]",
        "42[1]",
        "42[null]",
        "42[{}]",
        "42[[]]",
        '42["connect"]',
        '42["disconnect"]',
        '42/other,["post"]',
        '421["post"',
        '42999999999999999999["post",{}]',
        '451-["post",{"_placeholder":true,"num":0}]',
        '4599999-["post"]',
        "43",
        "431",
        '431["nobody asked"]',
        "44{}",
        "40{}",
        "40/admin,{}",
        "0{}",
        "6" * 100,
        "4" * 99_999,
        "42" + "[" * 90_000,
        '42["post",' + "[" * 40_000 + "]" * 40_000 + "]",
        b"\x00\xff" * 10,
        b"\x00" * 99_999,
    ):
        client = await _signed_in(ada)
        client.send(frame)
        await _answer_or_close(client, last=True)
    assert (await bystander.call("sync", {"versions": {}}))["gone"] == []
    await still_answers(ada)


@on_one_database
async def test_a_frame_above_the_limit_ends_the_connection(server: str, ada: Person) -> None:
    client = await _signed_in(ada)
    client.send('42["post",{"body":"' + "x" * 100_001 + '"}]')
    assert await client.until_closed() in (0, 1009, 1002)
    await still_answers(ada)


@on_one_database
@pytest.mark.own_product
async def test_calls_with_more_or_fewer_arguments_are_refused(
    running: Running, ada: Person
) -> None:
    client = await _signed_in(ada)
    for name in calls_of(running.application):
        for arguments in ("", ",{},{}", ",null,null,null", ',"x"'):
            client.send(f'427["{name}"{arguments}]')
            answer = await _answer_or_close(client)
            assert answer is not None
            assert answer["error"]["code"] == "invalid"
    client.send('427["no_such_call",{}]')
    answer = await _answer_or_close(client)
    assert answer is not None
    assert answer["error"]["code"] == "invalid"
    await client.close()


@on_one_database
async def test_a_length_that_lies_takes_nothing_from_the_next_request(
    server: str, ada: Person
) -> None:
    path, token = f"{PREFIX}/contacts", f"Bearer {ada.token}"
    body = b'{"email": "somebody@example.org"}'
    told = {"Authorization": token, "Content-Type": "application/json"}
    short = request_bytes("POST", path, told | {"Content-Length": "5"}, body)
    assert (await send_raw(server, short)).status == 400
    for length in ("-1", "1e3", "0x10", "99999999999999999999", "5, 6", "+5"):
        answer = await send_raw(
            server, request_bytes("POST", path, told | {"Content-Length": length}, body), end=True
        )
        assert answer.status in (0, 400, 413), (length, answer)
    both = told | {"Content-Length": "5", "Transfer-Encoding": "chunked"}
    smuggled = b"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
    assert (await send_raw(server, request_bytes("POST", path, both, smuggled))).status in (0, 400)
    await still_answers(ada)


@on_one_database
async def test_a_body_without_a_declared_length_has_the_same_bound(
    server: str, ada: Person
) -> None:
    told = {
        "Authorization": f"Bearer {ada.token}",
        "Content-Type": "application/json",
        "Transfer-Encoding": "chunked",
    }
    chunk = b"%x\r\n" % 65_536 + b" " * 65_536 + b"\r\n"
    answer = await send_raw(
        server, request_bytes("POST", f"{PREFIX}/contacts", told, chunk * 40 + b"0\r\n\r\n")
    )
    assert answer.status in (0, 413)  # closed while we are still sending
    declared = {**told, "Content-Length": str(10**12)}
    del declared["Transfer-Encoding"]
    answer = await send_raw(server, request_bytes("POST", f"{PREFIX}/contacts", declared, b"{"))
    assert answer.status == 413
    await still_answers(ada)


@on_one_database
async def test_a_body_that_never_ends_is_not_awaited_for_ever(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.web.body.BODY_TIMEOUT", 0.2)
    told = {
        "Authorization": f"Bearer {ada.token}",
        "Content-Type": "application/json",
        "Content-Length": "100",
    }
    answer = await send_raw(
        ada.base, request_bytes("POST", f"{PREFIX}/contacts", told, b'{"email"')
    )
    assert answer.status == 408
    await still_answers(ada)


@on_one_database
async def test_a_head_that_never_ends_is_not_awaited_for_ever(
    server: str, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ada.http.aclose()
    monkeypatch.setattr(bounded_http, "HEAD_TIMEOUT", 0.2)
    assert (await send_raw(server, b"")).status == 0
    assert (await send_raw(server, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX:")).status == 408
    fitting = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    both = await send_raw(server, fitting + b"GET /healthz HTT")
    assert both.status == 200


@on_one_database
async def test_endless_addresses_and_headers_are_refused(server: str, ada: Person) -> None:
    endless = b"x" * 2_000_000
    requests = {
        "an address": b"GET /" + endless + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        "a header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + endless + b"\r\n\r\n",
        "a header's name": b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + endless + b": 1\r\n\r\n",
        "many headers": b"GET /healthz HTTP/1.1\r\n"
        + b"".join(b"X-%d: 1\r\n" % number for number in range(20_000))
        + b"\r\n",
        "a header that has not ended": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + endless,
        "a trailer": b"POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"1\r\nx\r\n0\r\nX: " + endless,
    }
    for what, request in requests.items():
        answer = await send_raw(server, request)
        assert answer.status in (0, 400, 405, 413, 414, 431), (what, answer)
    fitting = {"Authorization": f"Bearer {ada.token}", "X-Long": "x" * 8_000}
    assert (await send_raw(server, request_bytes("GET", f"{PREFIX}/me", fitting))).status == 200


@on_one_database
async def test_what_is_no_http_is_refused(server: str, ada: Person) -> None:
    for request in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
        b"HELLO / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET http://other.example/api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nHost: [\r\nOrigin: http://[\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/me?%ff=%00 HTTP/1.1\r\nHost: \xff\xfe\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"TRACE /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nCookie: \xff=\xfe; ;;; =\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/me?a=\xff&\xfe=\xc3\x28 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET //api//v1//me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xe9\r\n\r\n",
    ):
        answer = await send_raw(server, request, end=True)
        assert answer.status == 0 or answer.status < 500, (request, answer)
    await still_answers(ada)


@on_one_database
async def test_hosts_that_are_no_addresses_open_no_door(server: str) -> None:
    body = json.dumps({"email": "x@example.org", "password": PASSWORD}).encode()
    for host in ("[", "[::1", "]", "[v1.x]", "::1", "%", "a" * 5_000):
        told = {"Host": host, "Origin": f"http://{host}", "Content-Type": "application/json"}
        answer = await send_raw(server, request_bytes("POST", f"{PREFIX}/sessions", told, body))
        assert answer.status in (400, 403), (host, answer)
        poll = {"Host": host, "Origin": f"http://{host}"}
        target = "/socket.io/?EIO=4&transport=polling"
        assert (await send_raw(server, request_bytes("GET", target, poll))).status in (400, 403)
        upgrade = poll | {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        target = "/socket.io/?EIO=4&transport=websocket"
        assert (await send_raw(server, request_bytes("GET", target, upgrade))).status in (400, 403)


async def test_metrics_are_closed_unless_they_have_a_token_or_an_address(tmp_path: Any) -> None:
    database = f"sqlite:///{tmp_path / 'app.db'}"
    listen = {"ECHOSPHERE_METRICS_LISTEN": "127.0.0.1:0"}
    running = Running(settings_for(tmp_path / "data", database, **listen))
    base = await running.start()
    listener = running.application.metrics_listener
    assert listener is not None
    own = f"http://127.0.0.1:{listener.port}"
    try:
        # From this machine, without a header that a proxy would add: so it looks behind one, too.
        assert (await send_raw(base, request_bytes("GET", "/metrics"))).status == 404
        shown = await send_raw(own, request_bytes("GET", "/metrics"))
        assert (shown.status, b"echosphere_http_requests_total" in shown.body) == (200, True)
        assert (await send_raw(own, request_bytes("HEAD", "/metrics"))).status == 200
        for method, path in (("GET", "/"), ("GET", "/api/v1/me"), ("POST", "/metrics")):
            assert (await send_raw(own, request_bytes(method, path))).status == 404
        assert (await send_raw(own, b"x" * 20_000)).status == 0
    finally:
        await running.stop()


async def test_metrics_stay_closed_to_strange_tokens(tmp_path: Any) -> None:
    token = "a-token-that-only-the-operator-has"
    settings = settings_for(
        tmp_path / "data", f"sqlite:///{tmp_path / 'app.db'}", ECHOSPHERE_METRICS_TOKEN=token
    )
    running = Running(settings)
    base = await running.start()
    try:
        for given in ("Bearer \xe9", "Bearer ", "Bearer x", "Basic eDp5", ""):
            told = {"Authorization": given}
            assert (await send_raw(base, request_bytes("GET", "/metrics", told))).status == 404
        told = {"Authorization": f"Bearer {token}"}
        assert (await send_raw(base, request_bytes("GET", "/metrics", told))).status == 200
    finally:
        await running.stop()


def _is_ok_or_a_refusal(answer: dict[str, Any]) -> bool:
    return answer["ok"] or answer["error"]["code"] in ("invalid", "not_found")


async def _signed_in(person: Person) -> RawWebSocket:
    client = await greeted(f"{person.base}/socket.io/")
    person.closes(client)
    client.send("40" + json.dumps({"token": person.token}))
    answer = await client.expect()
    assert isinstance(answer, str)
    assert answer.startswith("40"), answer
    return client


async def _answer_or_close(client: RawWebSocket, *, last: bool = False) -> dict[str, Any] | None:
    """Return the acknowledgement of the last call, or None when the connection was ended.

    With `last` a further call follows, so that there is something to wait for in any case.
    """
    if last:
        client.send('428["sync",{"versions":{}}]')
    while True:
        if client.closed.done() and client.messages.empty():
            return None
        waiting = _first_of(client)
        message = await waiting
        if message is None:
            return None
        found = re.match(r"43\d+\[(.*)\]\Z", message, re.DOTALL)
        if found:
            answer: dict[str, Any] = json.loads(found[1])
            return answer


async def _first_of(client: RawWebSocket) -> str | None:
    receiving = asyncio.ensure_future(client.messages.get())
    closing = asyncio.ensure_future(client.until_closed())
    done, _ = await asyncio.wait({receiving, closing}, return_when=asyncio.FIRST_COMPLETED)
    if receiving in done:
        closing.cancel()
        return str(receiving.result())
    receiving.cancel()
    closing.result()
    return None
