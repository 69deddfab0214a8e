"""Two contract types of Import Linter that state many walls in one table each.

`.importlinter` names them under `contract_types`. Every line of a table ends with its reason, which
is shown when the wall is broken; a line that no import needs any more breaks the contract too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


@dataclass(frozen=True)
class Row:
    """One line of a table; `left` and `right` hold module expressions."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    reason: str


class RowField(fields.Field[Row]):
    """Reads `module, module -> module, module | reason`."""

    def parse(self, raw_data: str | list[str]) -> Row:
        line = fields.StringField().parse(raw_data)
        modules, _, reason = (part.strip() for part in line.partition("|"))
        sides = [
            tuple(name for part in side.split(",") if (name := part.strip()))
            for side in modules.split("->")
        ]
        if len(sides) != 2 or not all(sides) or not reason:
            raise fields.ValidationError(f"Must be 'module -> module | reason', not {line!r}.")
        return Row(sides[0], sides[1], reason)


class TableContract(Contract):
    """A contract that reports sentences."""

    type_name: ClassVar[str]

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = list(self.violations(graph))
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for sentence in check.metadata["broken"]:
            output.print_error(f"- {sentence}", bold=False)
        output.new_line()

    def violations(self, graph: ImportGraph) -> Iterator[str]:
        """Yield a sentence for each import that is forbidden and each row that is stale."""
        raise NotImplementedError


class EntranceContract(TableContract):
    """Every package directly below the root, or a group, is entered through its `__init__.py`.

    `groups` lists packages that only hold others. `exceptions` lists importers, with everything below them, and the packages they may look into.
    """

    type_name = "entrance"
    groups: Any = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    exceptions: Any = fields.ListField(subfield=RowField(), required=False, default=[])

    def violations(self, graph: ImportGraph) -> Iterator[str]:
        pairs = [(a, b) for row in self.exceptions for a in row.left for b in row.right]
        allowed = {
            (importer, package): f"{left} -> {right}"
            for left, right in pairs
            for importer in _with_descendants(graph, left)
            for package in _matching(graph, right)
        }
        stale = {f"{left} -> {right}" for left, right in pairs}
        for root in self.session_options["root_packages"]:
            packages = graph.find_children(root).union(*map(graph.find_children, self.groups))
            for package in sorted(packages.difference(self.groups)):
                for importer, inside in _imports_into(graph, graph.find_descendants(package)):
                    if importer == package or importer.startswith(f"{package}."):
                        continue
                    if (importer, package) in allowed:
                        stale.discard(allowed[importer, package])
                    else:
                        yield f"{importer} imports {inside}: {package} is entered through its __init__"
        yield from (f"no import needs the exception {row}" for row in sorted(stale))


class OwnersContract(TableContract):
    """Each part, a package of ours or of others, is imported only by its owners.

    `parts` lists owners, with everything below them, and the parts they own.
    """

    type_name = "owners"
    parts: Any = fields.ListField(subfield=RowField())

    def violations(self, graph: ImportGraph) -> Iterator[str]:
        for row in self.parts:
            owners = {owner: _with_descendants(graph, owner) for owner in row.left}
            stale = set(owners)
            for part in row.right:
                inside = (
                    {part} if graph.is_module_squashed(part) else _with_descendants(graph, part)
                )
                for importer, imported in _imports_into(graph, inside):
                    by = {owner for owner, modules in owners.items() if importer in modules}
                    stale -= by
                    if not by and importer not in inside:
                        yield f"{importer} imports {imported}: {row.reason}"
            yield from (
                f"{owner} imports none of {', '.join(row.right)}" for owner in sorted(stale)
            )


def _matching(graph: ImportGraph, expression: str) -> set[str]:
    return graph.find_matching_modules(expression) if "*" in expression else {expression}


def _with_descendants(graph: ImportGraph, expression: str) -> set[str]:
    modules = _matching(graph, expression) & graph.modules
    return modules.union(*(graph.find_descendants(module) for module in modules))


def _imports_into(graph: ImportGraph, modules: set[str]) -> Iterator[tuple[str, str]]:
    """Yield who imports which of these modules, in a steady order."""
    for module in sorted(modules):
        for importer in sorted(graph.find_modules_that_directly_import(module)):
            yield importer, module
