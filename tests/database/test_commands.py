"""Commands, their results and refusals are plain data: another process can ask for them."""

import ast
import importlib
import pkgutil
from collections.abc import Callable
from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import echosphere
from echosphere.core.caller import Caller
from echosphere.core.errors import REFUSAL_TYPES, FactorNeeded, Refusal, RefusalData
from echosphere.database import Command, Database, Transaction, decode_command, encode_command
from echosphere.database import commands as registered
from tests.database.plain_data import values_of
from tests.house.repository import PACKAGE

NOT_IMPORTED = ("echosphere.database.migrations", "echosphere.__main__", "echosphere.gunicorn")


def product_commands() -> list[type[Command[Any]]]:
    """Return the command classes of the product, wherever they stand."""
    for module in pkgutil.walk_packages(echosphere.__path__, "echosphere."):
        if not module.name.startswith(NOT_IMPORTED):
            importlib.import_module(module.name)
    found: list[Any] = [Command]
    seen: list[type[Command[Any]]] = []
    while found:
        below = found.pop().__subclasses__()
        found.extend(below)
        seen.extend(kind for kind in below if kind.__module__.startswith("echosphere."))
    return sorted(seen, key=lambda kind: kind.__name__)


COMMANDS = product_commands()
each_command = pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)


def result_of(kind: type[Command[Any]]) -> Any:
    """Return the declared type of a command's result."""
    return get_type_hints(kind.run)["return"]


@each_command
def test_a_command_arrives_as_it_was_sent(kind: type[Command[Any]]) -> None:
    assert registered[kind.__name__] is kind

    @given(values_of(kind))
    @settings(max_examples=5, database=None)
    def travels(command: Command[Any]) -> None:
        arrived = decode_command(encode_command(command))
        assert arrived == command
        assert kind.lane_of(arrived) == kind.lane_of(command)

    travels()


@each_command
def test_a_result_arrives_as_it_was_returned(kind: type[Command[Any]]) -> None:
    declared = result_of(kind)

    @given(values_of(declared))
    @settings(max_examples=5, database=None)
    def travels(result: Any) -> None:
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(result), type=declared) == result

    travels()


@pytest.mark.parametrize("kind", REFUSAL_TYPES[1:])
@given(st.text(), st.dictionaries(st.text(), st.text()), st.none() | st.integers(0, 9999))
@settings(max_examples=5, database=None)
def test_a_refusal_arrives_as_it_was_raised(
    kind: type[Refusal], detail: str, fields: dict[str, str], retry_after: int | None
) -> None:
    refusal = kind(detail, fields=fields, retry_after=retry_after)
    if isinstance(refusal, FactorNeeded):
        refusal.caller = Caller("ada", "session", "owner")
    encoded = msgspec.msgpack.encode(RefusalData.of(refusal))
    arrived = msgspec.msgpack.decode(encoded, type=RefusalData).refusal()
    assert type(arrived) is kind
    assert vars(arrived) == vars(refusal)
    assert str(arrived) == detail


def test_what_is_not_plain_data_is_found() -> None:
    class CallBack(Command[None]):
        tell: Callable[[str], None]

    class Leak(Command[Transaction]):
        def run(self, transaction: Transaction) -> Transaction:
            return transaction

    for kind in (CallBack, result_of(Leak)):
        with pytest.raises(TypeError, match="not plain data"):
            values_of(kind)


def test_a_lane_is_a_field_and_a_name_is_given_once() -> None:
    with pytest.raises(TypeError, match="no field 'conversation'"):

        class Astray(Command[None], lane="conversation"):
            user_id: str

    def define() -> None:
        class PostMessage(Command[None]):
            pass

    with pytest.raises(TypeError, match="two commands PostMessage"):
        define()


async def test_a_command_is_run_in_its_lane(database: Database) -> None:
    class Note(Command[str], lane="place"):
        place: str

        def run(self, _transaction: Transaction) -> str:
            return f"noted in {self.place}"

    assert Note.lane_of(Note("here")) == "here"
    assert await database.write(Note("here")) == "noted in here"


def test_the_product_writes_commands_and_nothing_else() -> None:
    functions = [
        f"{file.relative_to(PACKAGE)}:{node.lineno}"
        for file in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _writes_a_function(node)
    ]
    assert functions == [], "make a command of what is given to database.write here"


def _writes_a_function(call: ast.Call) -> bool:
    """Whether something is given to a database that is neither made of a command nor one."""
    called = ast.unparse(call.func)
    if called == "partial" and ast.unparse(call.args[0]).endswith("database.write"):
        return not isinstance(call.args[1], ast.Call)
    if not isinstance(call.func, ast.Attribute) or "database" not in called:
        return False
    return call.func.attr == "write" and len(call.args) != 1
