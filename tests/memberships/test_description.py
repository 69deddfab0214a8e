"""The interface describes itself in OpenAPI and AsyncAPI, completely, to everyone who asks."""

import asyncio
import re
from typing import Any

import httpx

from echosphere.web.api import PREFIX
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import Person


@on_one_database
async def test_every_call_is_described_to_all_who_ask_at_once(
    running: Running, server: str
) -> None:
    async with httpx.AsyncClient(base_url=server, timeout=30) as anybody:
        answers = await asyncio.gather(
            *(anybody.get(f"{PREFIX}/openapi.json") for _ in range(3)),
        )
    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].json() == answers[1].json() == answers[2].json()
    described = {
        (method.upper(), path)
        for path, operations in answers[0].json()["paths"].items()
        for method in operations
    }
    routes = running.application.api.routes
    served = {(one.method, PREFIX + re.sub(r"<(\w+)>", r"{\1}", one.path)) for one in routes}
    assert described == served


async def asyncapi_of(server: str) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=server, timeout=30) as anybody:
        answer = await anybody.get(f"{PREFIX}/asyncapi.json")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def fitting(described: dict[str, Any], name: str, payload: dict[str, Any]) -> bool:
    """Whether a payload has the fields of one of the shapes that its event may have."""
    schema = described["components"]["messages"][f"{name}.event"]["payload"]
    for one in schema.get("oneOf", [schema]):
        shape = described["components"]["schemas"][one["$ref"].rpartition("/")[2]]
        if set(shape["required"]) <= payload.keys() <= set(shape["properties"]):
            return True
    return False


@on_one_database
async def test_every_socket_call_is_described(running: Running, server: str) -> None:
    described = await asyncapi_of(server)
    received = {name for name, one in described["operations"].items() if one["action"] == "receive"}
    assert received == set(running.application.server.handlers)
    messages = described["components"]["messages"]
    assert described["channels"]["socket"]["messages"].keys() == messages.keys()


@on_one_database
async def test_what_is_sent_looks_as_it_is_described(
    server: str, cast: tuple[Person, Person, Person]
) -> None:
    ada, ben, _ = cast
    described = await asyncapi_of(server)
    ours = [await ada.connect(), await ada.connect(), await ben.connect()]
    here = await ada.talk_to(ben)
    said = await ours[0].say(here, "Hello")
    at = {"conversation": here, "seq": said["seq"]}
    await ours[2].call("react", {**at, "emoji": "👍", "on": True})
    await ours[2].call("read", at)
    await ours[2].call("typing", {"conversation": here, "on": True})
    await ours[0].call("save", {**at, "on": True})
    await ours[0].call("hide", {"conversation": here, "seqs": [said["seq"]]})
    await ada.patch("/me", {"about": "Bees"})
    await ada.put(f"/blocks/{ben.id}")
    expected = {
        "contact",
        "conversation",
        "hidden",
        "me",
        "message",
        "own",
        "receipt",
        "saved",
        "typing",
        "user",
    }
    await ours[1].next("contact", blocked=ben.id)
    seen = [event for one in ours for event in one.events]
    assert expected <= {name for name, _ in seen}
    for name, payload in seen:
        assert fitting(described, name, payload), (name, payload)
