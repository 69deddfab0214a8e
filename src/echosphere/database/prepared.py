"""Statements that are compiled once per dialect and run on the driver, for the hot paths."""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.sql import Executable
from sqlalchemy.sql.elements import ClauseElement

from echosphere.database.for_many import ForMany, compile_for_many

Row = tuple[Any, ...]
Bind = Callable[[Mapping[str, Any]], Any]


class Prepared:
    """A statement of SQLAlchemy Core, ready for the driver's cursor.

    For a small statement, SQLAlchemy's execution takes several times as long as SQLite's. A prepared
    statement is written once in Core for both dialects and skips the rest: there is no type
    conversion, so its columns must be plain text and numbers.
    """

    __slots__ = ("_compiled", "_for_many", "erases", "statement")

    def __init__(self, statement: Executable, *, erases: bool = False) -> None:
        self.statement = statement
        self.erases = erases or statement.is_delete
        """Whether the data that it removes or replaces must leave the disk soon."""
        self._compiled: dict[str, tuple[str, Bind]] = {}
        self._for_many: ForMany | None = None

    def compiled(self, name: str, dialect: Dialect) -> tuple[str, Bind]:
        """Return the SQL text and the function that turns named values into its parameters."""
        known = self._compiled.get(name)
        if known is None:
            known = self._compiled[name] = _compile(self.statement, dialect)
        return known

    def for_many(self, dialect: Dialect) -> ForMany:
        """Return its form that takes many sets of values at once, which PostgreSQL has."""
        if self._for_many is None:
            self._for_many = compile_for_many(self.statement, dialect)
        return self._for_many


def _compile(statement: Executable, dialect: Dialect) -> tuple[str, Bind]:
    assert isinstance(statement, ClauseElement)  # noqa: S101 - for the type checker
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    names = getattr(compiled, "positiontup", None)
    constants = {
        name: value for name, value in (compiled.params or {}).items() if value is not None
    }
    if names is None:
        return str(compiled), lambda values: {**constants, **values}
    if constants:
        return str(compiled), lambda values: [
            values[name] if name in values else constants[name] for name in names
        ]
    if len(names) == 1:
        return str(compiled), lambda values: (values[names[0]],)
    return str(compiled), itemgetter(*names) if names else lambda _values: ()
