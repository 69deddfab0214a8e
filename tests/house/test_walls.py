"""The walls that Import Linter cannot express; the others stand in `.importlinter`."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.house.repository import PACKAGE

CORE = [
    "asgi",
    "bounded_cache",
    "caller",
    "clock",
    "emoji",
    "errors",
    "ids",
    "lazy_pattern",
    "rate_limits",
    "scopes",
    "text",
]
PURE = {
    "regex",  # properties of Unicode, which `re` does not know
    "echosphere.richtext",  # reads texts, and knows nothing else
}
"""What the plain core may import besides: neither web nor sockets nor SQL."""

FEATURES = {
    "accounts": "account",
    "attachments": "attachment",
    "contacts": "contact",
    "conversations": "conversation",
    "messages": "message",
}


def module_name(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports_of(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import hides which wall it crosses"
            found.add(node.module or "")
    return found


def plain_files() -> list[Path]:
    core = [PACKAGE / "core" / f"{name}.py" for name in CORE]
    things = [PACKAGE / feature / f"{thing}.py" for feature, thing in FEATURES.items()]
    return [file for file in core + things if file.exists()]


@pytest.mark.parametrize("file", plain_files(), ids=module_name)
def test_the_plain_core_imports_only_the_standard_library(file: Path) -> None:
    plain = {module_name(plain_file) for plain_file in plain_files()}
    foreign = {
        name
        for name in imports_of(file)
        if name.partition(".")[0] not in sys.stdlib_module_names and name not in plain | PURE
    }
    assert not foreign


def test_the_plain_core_is_where_it_is_looked_for() -> None:
    plain = {module_name(file) for file in plain_files()}
    assert {f"echosphere.core.{name}" for name in CORE} <= plain
    assert {"echosphere.messages.message", "echosphere.conversations.conversation"} <= plain


def test_every_feature_has_its_tables_in_its_own_store() -> None:
    """A table defined elsewhere would be found by no one who looks for it."""
    with_tables = {
        module_name(file)
        for file in PACKAGE.rglob("*.py")
        if "migrations" not in file.parts and _defines_a_table(file)
    }
    strangers = {name for name in with_tables if not {"store", "database"} & set(name.split("."))}
    assert {"echosphere.messages.store.tables", "echosphere.moderation.store"} <= with_tables
    assert not strangers


def test_bodies_are_read_in_bounded_memory_only() -> None:
    """Quart sees empty bodies (web/body.py): whoever asked it for one would get nothing."""
    asks = re.compile(r"\brequest\.(body|data|form|files|json|values|get_data|get_json)\b")
    doors = [file for file in PACKAGE.rglob("*.py") if "web" in module_name(file).split(".")]
    assert len(doors) > 10
    assert [module_name(file) for file in doors if asks.search(file.read_text())] == []


def _defines_a_table(file: Path) -> bool:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Table"
        for node in ast.walk(tree)
    )
