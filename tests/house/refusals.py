"""Every sentence that the server can answer with when it refuses, collected from its code.

What is given to a class of `echosphere.core.errors`, and to what ends in one, is followed to the texts
that it can be: through names, conditions, tables, functions and their parameters. What a text
computes is `{}`, and so is a part that is a text of its own: that one is collected, too.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from echosphere.core import errors
from tests.house.repository import PACKAGE

LEFT_OUT = ("commands/", "settings/", "cli.py", "startup_errors.py", "i18n/")
"""What speaks to those who run the server, at its command line; and what translates."""


def _is_error(one: object) -> bool:
    return isinstance(one, type) and issubclass(one, Exception)


SENTENCE = {
    **{name: 0 for name, one in vars(errors).items() if _is_error(one)},
    "too_many_requests": 0,
    "InvalidValueError": 0,
    "TooBigError": 0,
    "gettext": 0,
    "translate": 1,
}
"""From each callable that takes a sentence to the place of the sentence in its arguments."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Module:
    """One file of the package, and what it names at its top."""

    path: str
    name: str
    values: dict[str, ast.expr] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    calls: list["Call"] = field(default_factory=list)


class Scope(NamedTuple):
    """Where an expression stands."""

    module: Module
    functions: tuple[Function, ...] = ()


class Call(NamedTuple):
    """A call, and where it stands."""

    scope: Scope
    node: ast.Call


Source = tuple[ast.expr, Scope]


class Refusals:
    """The sentences of the package.

    Attributes:
        sentences: From each to a place where it is said.
        passed_on: What could not be followed to a text, with the file it stands in.
    """

    def __init__(self, folder: Path = PACKAGE) -> None:
        self.sentences: dict[str, str] = {}
        self.passed_on: set[tuple[str, str]] = set()
        read = [_read(file, folder) for file in sorted(folder.rglob("*.py"))]
        self._modules = {module.name: module for module in read}
        for module in read:
            if not module.path.startswith(LEFT_OUT):
                for call in module.calls:
                    self._hear(call)

    def _hear(self, call: Call) -> None:
        name = call.node.func.id if isinstance(call.node.func, ast.Name) else ""
        which = SENTENCE.get(name)
        if which is None:
            return
        given = call.node.args[which : which + 1]
        fields = (one.value for one in call.node.keywords if one.arg == "fields")
        for table in fields:
            given += table.values if isinstance(table, ast.Dict) else [table]
        for expression in given:
            self._add(expression, call.scope, ())

    def _add(self, node: ast.expr, scope: Scope, seen: tuple[ast.AST, ...]) -> None:
        for text in self._texts(node, scope, seen):
            if any(map(str.isalpha, text)):  # else it holds nothing but other texts
                self.sentences.setdefault(text, f"{scope.module.path}:{node.lineno}")

    def _texts(self, node: ast.expr, scope: Scope, seen: tuple[ast.AST, ...]) -> Iterator[str]:
        """Return what an expression can be."""
        seen = (*seen, node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(self._part(part, scope, seen) for part in node.values)
        else:
            sources = [one for one in self._sources(node, scope) if one[0] not in seen]
            if not sources and not _is_number(node):
                self.passed_on.add((scope.module.path, ast.unparse(node)))
            for source, where in sources:
                yield from self._texts(source, where, seen)

    def _part(self, part: ast.expr, scope: Scope, seen: tuple[ast.AST, ...]) -> str:
        if isinstance(part, ast.Constant):
            return str(part.value)
        assert isinstance(part, ast.FormattedValue)
        if part.conversion == -1:  # else it is quoted: a name that someone gave
            self._add(part.value, scope, seen)
        return "{}"

    def _sources(self, node: ast.expr, scope: Scope) -> Iterator[Source]:
        """Return the expressions that another one can stand for."""
        if isinstance(node, ast.IfExp):
            yield from ((one, scope) for one in (node.body, node.orelse))
        elif isinstance(node, ast.Name):
            yield from self._named(node.id, scope)
        elif isinstance(node, ast.Call) and _name(node.func) in ("get", "format"):
            assert isinstance(node.func, ast.Attribute)
            yield from self._within(node.func.value, scope)
            yield from ((one, scope) for one in node.args[1:] if _name(node.func) == "get")
        elif isinstance(node, ast.Call):
            yield from self._returned(node, scope)

    def _within(self, node: ast.expr, scope: Scope) -> Iterator[Source]:
        """Return the values of a table, or what else an expression is."""
        for table, where in self._sources(node, scope):
            values = table.values if isinstance(table, ast.Dict) else [table]
            yield from ((one, where) for one in values if one is not None)

    def _named(self, name: str, scope: Scope) -> Iterator[Source]:
        for function in scope.functions:
            yield from ((one, scope) for one in _assigned(function, name))
            yield from self._items(function, name, scope)
            yield from self._arguments(function, name, scope.module)
        value, module = self._find(scope.module, name, "values")
        if isinstance(value, ast.expr):
            yield value, Scope(module)

    def _items(self, function: Function, name: str, scope: Scope) -> Iterator[Source]:
        """Return the values of a table whose items a loop gives."""
        for node in ast.walk(function):
            if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple):
                names, table = [_name(one) for one in node.target.elts], node.iter
                if name == names[-1] and isinstance(table, ast.Call):
                    assert isinstance(table.func, ast.Attribute)
                    yield from self._within(table.func.value, scope)

    def _returned(self, node: ast.Call, scope: Scope) -> Iterator[Source]:
        function, module = self._find(scope.module, _name(node.func), "functions")
        if isinstance(function, Function):
            for one in ast.walk(function):
                if isinstance(one, ast.Return) and one.value is not None:
                    yield one.value, Scope(module, (function,))

    def _arguments(self, function: Function, name: str, module: Module) -> Iterator[Source]:
        """Return what a parameter is given wherever its function is called."""
        names = [one.arg for one in function.args.args]
        if names[:1] == ["self"]:
            names = names[1:]
        for call in self._calls_of(function, module):
            given = {one.arg: one.value for one in call.node.keywords}
            given |= dict(zip(names, call.node.args, strict=False))
            if name in given:
                yield given[name], call.scope

    def _calls_of(self, function: Function, module: Module) -> Iterator[Call]:
        for other in self._modules.values():
            if self._find(other, function.name, "functions")[0] is function:
                yield from (one for one in other.calls if _name(one.node.func) == function.name)
        assert module.functions[function.name]

    def _find(self, module: Module, name: str, kind: str) -> tuple[ast.AST | None, Module]:
        """Return what a name stands for at the top of a module, and the module that says so."""
        known: dict[str, ast.AST] = getattr(module, kind)
        if name in known:
            return known[name], module
        source = self._modules.get(module.imports.get(name, ""))
        return (None, module) if source is None else self._find(source, name, kind)


def _read(file: Path, folder: Path) -> Module:
    path = file.relative_to(folder).as_posix()
    dotted = path.removesuffix(".py").removesuffix("__init__").strip("/").replace("/", ".")
    module = Module(path, f"{folder.name}.{dotted}".strip("."))
    tree = ast.parse(file.read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign):
            module.values.update((_name(one), node.value) for one in node.targets)
        elif isinstance(node, ast.ImportFrom) and node.module:
            module.imports.update((one.asname or one.name, node.module) for one in node.names)
    _note(module, tree, ())
    return module


def _note(module: Module, node: ast.AST, functions: tuple[Function, ...]) -> None:
    for child in ast.iter_child_nodes(node):
        inside = functions
        if isinstance(child, Function):
            module.functions[child.name] = child
            inside = (*functions, child)
        elif isinstance(child, ast.Call):
            module.calls.append(Call(Scope(module, functions), child))
        _note(module, child, inside)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _assigned(function: Function, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.NamedExpr):
            targets = [node.target]
        if isinstance(node, ast.Assign | ast.NamedExpr) and name in map(_name, targets):
            yield node.value


def _is_number(node: ast.expr) -> bool:
    """Whether an expression without a text behind it is a number: computed, or a bound."""
    is_bound = _name(node).isupper() and bool(_name(node))
    counted = isinstance(node, ast.Call) and _name(node.func) in ("len", "ceil", "max")
    return isinstance(node, ast.BinOp) or is_bound or counted or isinstance(node, ast.Constant)
