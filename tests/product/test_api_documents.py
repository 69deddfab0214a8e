"""The OpenAPI document is fit for generators of clients, and its examples are what is sent."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from echosphere.app import create_app
from echosphere.core.scopes import Scope
from echosphere.web.operation_ids import NAMES, operation_id
from echosphere.web.route import Route
from echosphere.web.tags import TITLES
from tests.product.conftest import settings_for
from tests.product.once import on_one_database
from tests.product.people import Person, people_on

Document = dict[str, Any]
Found = tuple[str, Document]

DOCUMENTS = ("openapi", "asyncapi")


@pytest.fixture
async def ada(server: str) -> AsyncIterator[Person]:
    """Who reads the documents and sends the examples."""
    async with people_on(server, "Ada Example") as people:
        yield people[0]


@pytest.fixture
async def openapi(ada: Person) -> Document:
    """The served document."""
    document: Document = await ada.get("/openapi.json")
    return document


@pytest.fixture
async def asyncapi(ada: Person) -> Document:
    """The served document of the socket."""
    document: Document = await ada.get("/asyncapi.json")
    return document


def routes_in(folder: Path) -> list[Route]:
    return create_app(settings_for(folder / "data", f"sqlite:///{folder}/app.db")).api.routes


def operations_of(document: Document) -> Iterator[Document]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield operation | {"where": f"{method} {path}"}


def with_examples(document: Document) -> Iterator[tuple[str, Document, Any]]:
    """Return where each example is, its schema and the example."""
    for operation in operations_of(document):
        where = operation["where"]
        contents = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in contents:
            for one in content.get("content", {}).values():
                if "example" in one:
                    yield where, one["schema"], one["example"]
        for parameter in operation["parameters"]:
            if "example" in parameter:
                yield f"{where} {parameter['name']}", parameter["schema"], parameter["example"]


def faults_of(document: Document, schema: Document, value: Any) -> list[str]:
    validator = Draft202012Validator(schema | {"components": document["components"]})
    return [f"{one.json_path}: {one.message}" for one in validator.iter_errors(value)]


@on_one_database
async def test_the_document_is_valid_openapi(openapi: Document) -> None:
    validate(openapi)
    assert openapi["openapi"] == "3.1.0"


@on_one_database
async def test_generators_of_all_languages_can_read_the_schemas(
    openapi: Document, asyncapi: Document
) -> None:
    for document in (openapi, asyncapi):
        text = json.dumps(document)
        assert "\\\\Z" not in text, "a pattern of Python's"
        assert '"items": false' not in text
        for name in document["components"]["schemas"]:
            assert re.fullmatch(r"[A-Z][A-Za-z]+", name), name
            assert not name.endswith("Shape"), name
    assert "By default `20`." in json.dumps(openapi)
    for name, schema in openapi["components"]["schemas"].items():
        assert not any("default" in one for one in schema.get("properties", {}).values())
        assert name.lower() not in schema.get("properties", {}), f"{name} has a field of its name"


@on_one_database
async def test_every_operation_has_a_name_a_tag_and_a_sentence(openapi: Document) -> None:
    operations = list(operations_of(openapi))
    names = Counter(one["operationId"] for one in operations)
    assert [name for name, count in names.items() if count > 1] == []
    described = {one["name"]: one["description"] for one in openapi["tags"]}
    for one in operations:
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", one["operationId"]), one["operationId"]
        assert one["summary"].endswith("."), one["where"]
        assert described[one["tags"][0]], one["tags"]
    assert set(described) == {one["tags"][0] for one in operations}
    assert {"listMessages", "postMessage", "editMessage", "listEvents", "createBot"} <= set(names)


def test_every_exception_to_the_rule_names_a_route(tmp_path: Path) -> None:
    routes = routes_in(tmp_path)
    assert set(NAMES) <= {f"{one.method} {one.path}" for one in routes}
    features = {one.source.__module__.split(".")[1] for one in routes}
    assert features == set(TITLES), "each feature with operations has its title"


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/conversations/<conversation>/messages", "listMessages"),
        ("GET", "/conversations/<conversation>", "getConversation"),
        ("POST", "/bots/<bot>/keys", "createBotKey"),
        ("POST", "/conversations/<conversation>/messages/<seq>/forward", "forwardMessage"),
        ("PUT", "/me/avatar", "setOwnAvatar"),
        ("PATCH", "/administration/announcements/<announcement>", "updateAnnouncement"),
        ("DELETE", "/administration/people/<user>/sessions", "deletePersonSessions"),
        ("GET", "/replies/<reply>", "getReply"),
        ("POST", "/new-things", "createNewThing"),
        ("POST", "/bots/<bot>/endpoints/<endpoint>/rotate", "rotateBotEndpoint"),
    ],
)
def test_a_name_follows_from_the_method_and_the_path(method: str, path: str, name: str) -> None:
    assert operation_id(method, path) == name


@on_one_database
async def test_scopes_and_refusals_are_declared(openapi: Document) -> None:
    operations = {one["operationId"]: one for one in operations_of(openapi)}
    session: list[Document] = [{"session": []}, {"bearer": []}]
    posting = operations["postMessage"]
    assert posting["security"] == [*session, {"apiKey": ["messages:write"]}]
    assert operations["signIn"]["security"] == []
    assert "security" not in operations["createBot"]
    assert openapi["security"] == session
    assert set(posting["responses"]) == {
        *("200", "201", "400", "401", "403", "404", "413", "429", "default")
    }
    assert "401" not in operations["signIn"]["responses"]
    named = {
        scope
        for one in operations.values()
        for way in one.get("security", ())
        for scope in way.get("apiKey", ())
    }
    assert named == {one.value for one in Scope}
    schemes = openapi["components"]["securitySchemes"]
    assert set(schemes) == {"session", "bearer", "apiKey"}


@on_one_database
async def test_numbers_in_paths_are_numbers(openapi: Document) -> None:
    operations = {one["operationId"]: one for one in operations_of(openapi)}
    found = {one["name"]: one for one in operations["getMessage"]["parameters"]}
    assert found["seq"]["schema"]["type"] == "integer"
    assert found["conversation"]["schema"] == {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{1,64}$",
    }
    for one in operations.values():
        assert all(each.get("description") for each in one["parameters"] if each["in"] == "path")


@on_one_database
async def test_every_example_fits_its_schema(openapi: Document) -> None:
    examples = list(with_examples(openapi))
    faults = {
        where: found
        for where, schema, example in examples
        if (found := faults_of(openapi, schema, example))
    }
    assert faults == {}
    for operation in operations_of(openapi):
        for sent in operation.get("requestBody", {}).get("content", {}).values():
            assert "example" in sent or "file" in sent["schema"]["properties"]


@on_one_database
async def test_every_example_of_the_socket_fits_its_schema(asyncapi: Document) -> None:
    faults = {
        f"{name}: {fault}"
        for name, message in asyncapi["components"]["messages"].items()
        for example in message["examples"]
        for fault in faults_of(asyncapi, message["payload"], example["payload"])
    }
    assert faults == set()
    tags = {one["name"] for one in asyncapi["info"]["tags"]}
    for name, operation in asyncapi["operations"].items():
        assert operation["summary"], name
        assert {one["name"] for one in operation["tags"]} <= tags
    assert asyncapi["operations"]["post"]["x-scopes"] == ["messages:write"]


SENT_IN_ORDER = (
    "createConversation",
    "updateConversation",
    "postMessage",
    "editMessage",
    "addReaction",
    "getMessage",
    "listMessages",
    "listMessageVersions",
    "createInvite",
    "createWebhook",
    "updateMe",
    "getMe",
    "search",
    "createBot",
    "createOwnKey",
)
"""What a program does first, as it is in the document."""


@on_one_database
async def test_what_the_examples_say_is_what_the_server_does(
    ada: Person, openapi: Document
) -> None:
    operations = {one["operationId"]: one for one in operations_of(openapi)}
    known: dict[str, Any] = {"emoji": "👍"}
    for name in SENT_IN_ORDER:
        operation = operations[name]
        method, path = operation["where"].split(" ", 1)
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        sent = {"json": body["example"] | REAL.get(name, {})} if body else {}
        sent |= {"params": {"q": "train"}} if name == "search" else {}
        answer = await ada.http.request(
            method, path.removeprefix("/api/v1").format(**known), **sent
        )
        assert answer.status_code < 300, (name, answer.text)
        described = operation["responses"][str(answer.status_code)]["content"]["application/json"]
        assert faults_of(openapi, described["schema"], answer.json()) == [], name
        assert set(described["example"]) <= set(answer.json()), name
        if name == "createConversation":
            known["conversation"] = answer.json()["conversation"]["id"]
        if name == "postMessage":
            known["seq"] = answer.json()["message"]["seq"]
            assert answer.json()["message"]["body"] == body["example"]["body"]


REAL: dict[str, Document] = {"createConversation": {"members": []}}
"""What can be no example: the ids of people who are there."""
