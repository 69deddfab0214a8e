"""What tests replace in the product is there: a renamed function must not leave a test behind."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.repository import ROOT

TESTS = sorted((ROOT / "tests").rglob("*.py"))


def imported_modules(tree: ast.Module) -> dict[str, str]:
    """Return the modules and names that a file imports from the product, by their local name."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("echosphere"):
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return found


def patches(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of what a test replaces."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = imported_modules(tree)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr != "setattr" or not node.args:
            continue
        target, *rest = node.args
        if isinstance(target, ast.Constant) and str(target.value).startswith("echosphere."):
            yield node.lineno, str(target.value)
        elif isinstance(target, ast.Name) and target.id in modules:
            name = rest[0] if rest else None
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield node.lineno, f"{modules[target.id]}.{name.value}"


def is_there(dotted: str) -> bool:
    """Whether a module, a class or something in one of them has this name."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


REPLACING = [path for path in TESTS if ".setattr(" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", REPLACING, ids=lambda path: path.name)
def test_what_tests_replace_is_there(path: Path) -> None:
    missing = [f"{line}: {name}" for line, name in patches(path) if not is_there(name)]
    assert not missing


def test_a_missing_name_is_noticed() -> None:
    assert is_there("echosphere.messages.change.visibility_of")
    assert not is_there("echosphere.messages.change.unsighted")
    assert not is_there("echosphere.nothing.at_all")
