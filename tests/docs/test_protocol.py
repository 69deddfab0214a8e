"""The tables in `docs/protocol.md` match the code exactly."""

import ast
import re
from pathlib import Path

import pytest

from echosphere.app import Application, create_app
from echosphere.core.errors import Refusal
from echosphere.settings import load_settings
from echosphere.web.route import Route
from tests.house.repository import PACKAGE, ROOT

TEXT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
SENDERS = {
    "emit_to": 1,
    "ToMembers": 2,
    "ToUser": 1,
    "ToUsers": 1,
    "ToEverybody": 0,
    "emit": 0,
    "json_event_frame": 0,
}
"""By function, the place of the argument that names an event."""


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """The product, put together and not started."""
    folder = tmp_path_factory.mktemp("product")
    return create_app(load_settings({"ECHOSPHERE_DATA": str(folder)}))


def table_of(heading: str) -> list[list[str]]:
    """Return the rows of the first table under a heading."""
    section = re.split(rf"^#+ {heading}$", TEXT, flags=re.MULTILINE)[1]
    section = re.split(r"^#", section, flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def written_as(route: Route) -> str:
    """Return how the page names a route."""
    path = re.sub(r"<(\w+)>", r"{\1}", route.path)
    return f"{route.method} {path}"


def names_in(heading: str) -> list[str]:
    return [row[0].strip("`") for row in table_of(heading)]


def test_every_route_is_listed_and_every_listed_route_is_served(application: Application) -> None:
    served = [written_as(route) for route in application.api.routes]
    assert sorted(names_in("REST")) == sorted(served)


def test_the_answers_name_the_status_of_success(application: Application) -> None:
    written = {row[0].strip("`"): row[2] for row in table_of("REST")}
    for route in application.api.routes:
        if route.status != 200:
            assert str(route.status) in written[written_as(route)]


def test_every_field_of_a_request_is_listed(application: Application) -> None:
    written = {row[0].strip("`"): row[1] for row in table_of("REST")}
    for route in application.api.routes:
        for shape in (route.body, route.query):
            for field in getattr(shape, "__struct_fields__", ()):
                assert field in written[written_as(route)], (route.path, field)


def test_the_calls_of_the_socket_are_those_that_are_listed(application: Application) -> None:
    assert sorted(names_in("Calls")) == sorted(application.server.handlers)


def test_every_field_of_a_call_is_listed(application: Application) -> None:
    written = {row[0].strip("`"): row[1] for row in table_of("Calls")}
    for operation in application.operations.served:
        if operation.name is not None:
            for field in operation.shape.__struct_encode_fields__:
                assert field in written[operation.name], (operation.name, field)


def test_the_calls_that_answer_something_say_what(application: Application) -> None:
    written = {row[0].strip("`"): row[2] for row in table_of("Calls")}
    for operation in application.operations.served:
        if operation.name is not None:
            assert bool(written[operation.name]) is (operation.answer is not None)


def test_the_events_are_those_that_the_code_sends() -> None:
    assert set(names_in("Events")) == set(_events_in_code())


def test_every_event_is_described_with_the_fields_that_are_listed(
    application: Application,
) -> None:
    written = {row[0].strip("`"): row[1] for row in table_of("Events")}
    described = {event.name: event.shapes for event in application.operations.events}
    assert described.keys() == written.keys()
    for name, shapes in described.items():
        for shape in shapes:
            for field in shape.__struct_encode_fields__:
                assert field in written[name], (name, field)


def test_the_codes_of_refusals_are_those_of_the_code() -> None:
    codes = {kind.code for kind in Refusal.__subclasses__()}
    assert set(names_in("Conventions")) == codes


def _events_in_code() -> list[str]:
    """Return the literal names given to what sends, outside of `engineio/` and `socketio/`."""
    return [
        name
        for file in PACKAGE.rglob("*.py")
        if not {"engineio", "socketio"} & set(file.parts)
        for name in _sent_in(file)
    ]


def _sent_in(file: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            place = SENDERS.get(called)
            if place is not None and len(node.args) > place:
                event = node.args[place]
                if isinstance(event, ast.Constant) and isinstance(event.value, str):
                    found.append(event.value)
    return found
