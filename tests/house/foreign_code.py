"""What our source takes from other packages, as far as its syntax tree tells."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

NAMEDTUPLE = {"_asdict", "_fields", "_make", "_replace"}
"""Public, in spite of their first letter."""


@dataclass
class Source:
    """One parsed file: which of its names come from other packages."""

    file: Path
    tree: ast.Module
    names: dict[str, str] = field(default_factory=dict)

    def full_name(self, node: ast.expr) -> str | None:
        """Return `package.module.Name` for what an expression names of another package."""
        first, _, rest = ast.unparse(node).partition(".")
        if first not in self.names:
            return None
        return f"{self.names[first]}.{rest}" if rest else self.names[first]


def is_foreign(module: str) -> bool:
    """Whether a module is neither ours nor Python's own."""
    top = module.partition(".")[0]
    return top not in sys.stdlib_module_names and top not in (
        "echosphere",
        "tests",
        "bench",
        "hatch_build",
    )


def read(files: list[Path]) -> list[Source]:
    """Parse files and note what they import."""
    sources = []
    for file in files:
        source = Source(file, ast.parse(file.read_text(encoding="utf-8")))
        for module, name, known_as in imports(source.tree):
            whole = f"{module}.{name}" if name else module
            source.names[known_as] = whole if known_as != module.partition(".")[0] else known_as
        sources.append(source)
    return sources


def imports(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Yield the module, the name taken from it and the name it gets here, of foreign imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if is_foreign(alias.name):
                    known_as = alias.asname or alias.name.partition(".")[0]
                    yield alias.name, "", known_as
        elif isinstance(node, ast.ImportFrom) and not node.level and is_foreign(node.module or ""):
            for alias in node.names:
                yield node.module or "", alias.name, alias.asname or alias.name


def own_underscored(sources: list[Source]) -> set[str]:
    """Return every `_name` that our own source defines."""
    found = set(NAMEDTUPLE)
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                found.add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
    return {name for name in found if name.startswith("_")}


def underscored_uses(source: Source) -> Iterator[str]:
    """Yield each `_name` that is asked of an object, also by `getattr`; no `__name__`."""
    for node in ast.walk(source.tree):
        name: object = None
        if isinstance(node, ast.Attribute) and node.attr != "_exit":
            name = node.attr
        elif isinstance(node, ast.Call) and _called(node) in ("getattr", "setattr"):
            name = getattr(node.args[1], "value", None)
        if isinstance(name, str) and name.startswith("_") and not name.startswith("__"):
            yield name


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def foreign_bases(source: Source) -> Iterator[tuple[ast.ClassDef, str]]:
    """Yield the classes that inherit from another package's class, with the name of that."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                name = source.full_name(base)
                if name is not None:
                    yield node, name


def private_overrides(node: ast.ClassDef, base: str) -> list[str]:
    """Return the `_methods` that a class replaces in another package's class."""
    module, _, name = base.rpartition(".")
    foreign = getattr(import_module(module), name)
    methods = [one for one in node.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [
        method.name
        for method in methods
        if method.name.startswith("_")
        and not method.name.startswith("__")
        and hasattr(foreign, method.name)
    ]
