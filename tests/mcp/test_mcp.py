"""The MCP endpoint, used by the official client: every tool, every refusal, both kinds of revisions."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import httpx2
import pytest
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent

from echosphere.mcp.protocol import HANDSHAKE_VERSIONS, STATELESS_VERSION
from echosphere.mcp.tools import TOOLS
from mcp import Client
from tests.bots.programs import bot_of, let_in
from tests.product.groups import Group
from tests.product.people import Person, new_key

READS = ["messages:read"]
WRITES = ["messages:write"]

on_both_kinds = pytest.mark.parametrize("mode", ["legacy", "auto"])


async def key_of(person: Person, *scopes: str) -> tuple[str, str]:
    """Create a key; return its id and what makes it one."""
    made = await person.post("/me/keys", {"name": "assistant", "scopes": list(scopes)})
    return made["key"]["id"], made["secret"]


@asynccontextmanager
async def assistant(base: str, secret: str, mode: str = "auto") -> AsyncIterator[Client]:
    """Connect the official client with a key."""
    headers = {"Authorization": f"Bearer {secret}"}
    async with (
        httpx2.AsyncClient(headers=headers, trust_env=False, timeout=30, verify=False) as http,
        Client(streamable_http_client(f"{base}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


def found(result: CallToolResult) -> Any:
    """Return what a tool found; programs and models are told the same."""
    said = result.content[0]
    assert isinstance(said, TextContent)
    assert not result.is_error, said.text
    assert json.loads(said.text) == result.structured_content
    return result.structured_content


def refusal(result: CallToolResult) -> str:
    """Return why a tool did not do it."""
    said = result.content[0]
    assert isinstance(said, TextContent)
    assert result.is_error, said.text
    assert result.structured_content is None
    return said.text


async def raw(base: str, secret: str | None, content: Any, **headers: str) -> httpx.Response:
    """Send something as no client would."""
    given = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    given |= {} if secret is None else {"Authorization": f"Bearer {secret}"}
    body = content if isinstance(content, (bytes, str)) else json.dumps(content)
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=30) as http:
        return await http.post(f"{base}/mcp", content=body, headers=given | headers)


def request(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}


@on_both_kinds
async def test_a_person_s_assistant_reads_searches_and_posts(group: Group, mode: str) -> None:
    ada, here = group.owner, group.id
    for number in range(3):
        await group.member.say(here, f"The train number {number} leaves at noon")
    _, secret = await key_of(ada, *READS, *WRITES)
    async with assistant(ada.base, secret, mode) as client:
        expected = STATELESS_VERSION if mode == "auto" else HANDSHAKE_VERSIONS[-1]
        assert client.protocol_version == expected
        assert {one.name for one in (await client.list_tools()).tools} == set(TOOLS)

        listed = found(await client.call_tool("list_conversations", {"limit": 1}))
        assert [one["id"] for one in listed["conversations"]] == [here]

        page = found(await client.call_tool("read_messages", {"conversation": here, "limit": 2}))
        assert [one["text"][:18] for one in page["messages"]] == [
            "The train number 1",
            "The train number 2",
        ]
        assert page["more"] is True
        last = page["messages"][-1]
        assert last["author"] == {"id": group.member.id, "name": group.member.user["name"]}
        around = {"conversation": here, "around": last["seq"] - 1, "limit": 1}
        page = found(await client.call_tool("read_messages", around))
        assert [one["seq"] for one in page["messages"]] == [last["seq"] - 1]

        sent = {
            "conversation": here,
            "text": "I take it",
            "key": new_key(),
            "reply_to": last["seq"],
        }
        posted = found(await client.call_tool("post_message", sent))
        assert found(await client.call_tool("post_message", sent)) == posted
        shown = (await ada.get(f"/conversations/{here}/messages/{posted['seq']}"))["message"]
        assert (shown["body"], shown["author"], shown["reply_to"]) == (
            *("I take it", ada.id),
            last["seq"],
        )


@on_both_kinds
async def test_a_search_says_where_and_by_whom(group: Group, mode: str) -> None:
    await group.member.say(group.id, "Zeppelins are quiet")
    await group.member.say(group.id, "A zeppelin was here")
    _, secret = await key_of(group.owner, *READS)
    async with assistant(group.owner.base, secret, mode) as client:
        asked: dict[str, Any] = {"query": "zeppelin", "limit": 1}
        first = found(await client.call_tool("search_messages", asked))
        assert [one["text"] for one in first["messages"]] == ["A zeppelin was here"]
        assert first["messages"][0]["author"]["name"] == group.member.user["name"]
        assert list(first["titles"]) == [group.id]
        asked["cursor"] = first["cursor"]
        second = found(await client.call_tool("search_messages", asked))
        assert [one["text"] for one in second["messages"]] == ["Zeppelins are quiet"]
        asked = {"query": "zeppelin", "conversation": "0" * 20}
        assert (
            "conversation not found"
            in refusal(await client.call_tool("search_messages", asked)).lower()
        )


async def test_a_direct_conversation_has_the_name_of_the_other(group: Group) -> None:
    here = await group.owner.talk_to(group.member)
    _, secret = await key_of(group.owner, *READS)
    async with assistant(group.owner.base, secret) as client:
        asked = {"name": group.member.user["name"].upper()}
        listed = found(await client.call_tool("list_conversations", asked))
        assert [(one["id"], one["title"]) for one in listed["conversations"]] == [
            (here, group.member.user["name"])
        ]
        assert listed["more"] is False


async def test_long_texts_are_whole_only_by_themselves(group: Group) -> None:
    said = await group.member.say(group.id, "word " * 1_900)
    _, secret = await key_of(group.owner, *READS)
    async with assistant(group.owner.base, secret) as client:
        asked = {"conversation": group.id, "limit": 2}
        page = found(await client.call_tool("read_messages", asked))
        assert (len(page["messages"][-1]["text"]), page["messages"][-1]["truncated"]) == (
            4_000,
            True,
        )
        asked = {"conversation": group.id, "around": said["seq"], "limit": 1}
        page = found(await client.call_tool("read_messages", asked))
        assert page["messages"][0]["text"] == said["body"]
        assert "truncated" not in page["messages"][0]


async def test_a_key_is_offered_what_it_may_and_refused_the_rest(group: Group) -> None:
    _, reading = await key_of(group.owner, *READS)
    _, writing = await key_of(group.owner, *WRITES)
    posting = {"conversation": group.id, "text": "Hello"}
    async with assistant(group.owner.base, reading) as client:
        assert "post_message" not in {one.name for one in (await client.list_tools()).tools}
        said = refusal(await client.call_tool("post_message", posting))
        assert said == "The API key lacks the scope 'messages:write'."
    async with assistant(group.owner.base, writing) as client:
        assert {one.name for one in (await client.list_tools()).tools} == {"post_message"}
        for name in ("list_conversations", "read_messages", "search_messages"):
            asked = {"read_messages": {"conversation": group.id}, "search_messages": {"query": "x"}}
            said = refusal(await client.call_tool(name, asked.get(name, {})))
            assert said == "The API key lacks the scope 'messages:read'."
        assert found(await client.call_tool("post_message", posting))["held"] is False


async def test_an_outsider_s_key_learns_nothing(group: Group) -> None:
    _, secret = await key_of(group.outsider, *READS, *WRITES)
    said = await group.owner.say(group.id, "A secret zeppelin")
    async with assistant(group.owner.base, secret) as client:
        assert found(await client.call_tool("list_conversations", {}))["conversations"] == []
        assert (
            found(await client.call_tool("search_messages", {"query": "zeppelin"}))["messages"]
            == []
        )
        sentences = set()
        for conversation in (group.id, "0" * 20):
            for name, more in (
                ("read_messages", {"around": said["seq"]}),
                ("post_message", {"text": "x"}),
            ):
                result = await client.call_tool(name, {"conversation": conversation, **more})
                sentences.add(refusal(result))
        assert len(sentences) == 1


async def test_a_bot_sees_what_is_addressed_to_it_and_nothing_else(group: Group) -> None:
    async with bot_of(group.owner) as bot:
        await let_in(group, bot)
        await group.member.say(group.id, "Nothing for programs")
        await group.member.say(group.id, "@Echo when is the train?")
        async with assistant(group.owner.base, bot.key) as client:
            page = found(await client.call_tool("read_messages", {"conversation": group.id}))
            assert [one["text"] for one in page["messages"]] == ["@Echo when is the train?"]
            searched = await client.call_tool("search_messages", {"query": "program"})
            assert found(searched)["messages"] == []
            answer = {"conversation": group.id, "text": "At noon"}
            posted = found(await client.call_tool("post_message", answer))
        path = group.path(f"/messages/{posted['seq']}")
        shown = (await group.owner.get(path))["message"]
        assert (shown["author"], shown["automated"]) == (bot.id, True)


async def test_arguments_that_do_not_fit_are_explained(group: Group) -> None:
    _, secret = await key_of(group.owner, *READS, *WRITES)
    async with assistant(group.owner.base, secret) as client:
        for name, given, said in (
            (
                "read_messages",
                {"conversation": group.id, "limit": 51},
                "'limit' must be at most 50",
            ),
            ("read_messages", {}, "'conversation' is missing"),
            ("list_conversations", {"colour": "red"}, "'colour' is unknown"),
            ("post_message", {"conversation": group.id, "text": "x", "key": "short"}, "'key'"),
            ("search_messages", {"query": ""}, "search"),
        ):
            assert said in refusal(await client.call_tool(name, given)), name


async def test_a_revoked_key_and_a_missing_one_are_refused(group: Group) -> None:
    base = group.owner.base
    key, secret = await key_of(group.owner, *READS)
    answer = await raw(base, secret, request("ping"))
    assert answer.json() == {"jsonrpc": "2.0", "id": 7, "result": {}}
    await group.owner.delete(f"/me/keys/{key}")
    for token in (secret, None, "esb_" + "0" * 43, group.owner.token):
        answer = await raw(base, token, request("tools/list"))
        assert answer.status_code == 401, token
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="EchoSphere"'
        assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_cookie_is_no_key(group: Group) -> None:
    cookie = f"echosphere_session={group.owner.token}"
    answer = await raw(group.owner.base, None, request("tools/list"), Cookie=cookie)
    assert answer.status_code == 401


async def test_pages_of_other_sites_are_refused(group: Group) -> None:
    _, secret = await key_of(group.owner, *READS)
    base = group.owner.base
    for origin in ("https://evil.example", "null", "http://localhost:1"):
        answer = await raw(base, secret, request("ping"), Origin=origin)
        assert answer.status_code == 403, origin


async def test_other_methods_are_refused_as_the_protocol_says(group: Group) -> None:
    _, secret = await key_of(group.owner, *READS)
    headers = {"Authorization": f"Bearer {secret}", "Accept": "text/event-stream"}
    async with httpx.AsyncClient(trust_env=False, verify=False, headers=headers) as http:
        for method in ("GET", "DELETE"):
            answer = await http.request(method, f"{group.owner.base}/mcp")
            assert answer.status_code == 405
            assert "POST" in answer.headers["Allow"]


async def test_malformed_messages_get_the_errors_of_json_rpc(group: Group) -> None:
    _, secret = await key_of(group.owner, *READS)
    base = group.owner.base
    deep = b'{"jsonrpc":"2.0","id":7,"method":"ping","params":' + b'{"a":' * 50_000
    for content, code in (
        (b"{", -32700),
        (b"\xff\xfe", -32700),
        (deep, -32700),
        ([request("ping")], -32600),
        ("7", -32600),
        ({"id": 7, "method": "ping"}, -32600),
        ({"jsonrpc": "1.0", "id": 7, "method": "ping"}, -32600),
        ({"jsonrpc": "2.0", "id": 7, "method": "ping", "params": [1]}, -32600),
        ({"jsonrpc": "2.0", "id": {}, "method": "ping"}, -32600),
    ):
        answer = await raw(base, secret, content)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code), content
        assert answer.json()["id"] is None
    for content, code in (
        (request("resources/list"), -32601),
        (request("tools/call", name="delete_everything"), -32602),
        (request("tools/call", name="read_messages", arguments=[1]), -32602),
    ):
        answer = await raw(base, secret, content)
        assert (answer.status_code, answer.json()["error"]["code"]) == (200, code), content
        assert answer.json()["id"] == 7
    assert (await raw(base, secret, b" " * 300_000)).status_code == 413
    odd = await raw(base, secret, request("ping"), **{"Content-Type": "text/plain"})
    assert odd.status_code == 400


async def test_notifications_and_responses_are_taken_and_nothing_is_said(group: Group) -> None:
    _, secret = await key_of(group.owner, *READS)
    for content in (
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 1, "result": {}},
    ):
        answer = await raw(group.owner.base, secret, content)
        assert (answer.status_code, answer.content) == (202, b"")


async def test_revisions_are_agreed_upon(group: Group) -> None:
    _, secret = await key_of(group.owner, *READS)
    base = group.owner.base
    for wanted, agreed in (
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        ("2024-11-05", "2025-11-25"),
        (None, "2025-11-25"),
    ):
        answer = await raw(base, secret, request("initialize", protocolVersion=wanted))
        assert answer.json()["result"]["protocolVersion"] == agreed
    answer = await raw(base, secret, request("ping"), **{"MCP-Protocol-Version": "1999-01-01"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32022)
    assert STATELESS_VERSION in answer.json()["error"]["data"]["supported"]
    stateless = request(
        "tools/list", _meta={"io.modelcontextprotocol/protocolVersion": "2030-01-01"}
    )
    same = {"MCP-Protocol-Version": "2030-01-01", "MCP-Method": "tools/list"}
    answer = await raw(base, secret, stateless, **same)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32022)
    answer = await raw(base, secret, stateless, **(same | {"MCP-Method": "ping"}))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32020)


class TestWithRates:
    """What it costs."""

    @pytest.fixture
    def more_settings(self) -> dict[str, str]:
        """Rates as they are by default."""
        return {"ECHOSPHERE_RATE_LIMITS": "on"}

    async def test_posting_has_the_rate_that_it_has_everywhere(self, group: Group) -> None:
        _, secret = await key_of(group.owner, *WRITES)
        async with assistant(group.owner.base, secret) as client:
            for number in range(200):
                given = {"conversation": group.id, "text": f"Number {number}"}
                result = await client.call_tool("post_message", given)
                if result.is_error:
                    break
            assert "Too many requests." in refusal(result)
            assert "Retry-After" in refusal(result)
