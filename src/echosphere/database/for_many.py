"""Statements that take many sets of values at once, made from those that take one, for PostgreSQL."""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import Executable, Insert
from sqlalchemy.sql.elements import ClauseElement

_PLACE = re.compile(r"%\((\w+)\)s")
_VALUES = re.compile(r" VALUES \((.*?)\)(?= ON CONFLICT|$)")

_encode = msgspec.json.Encoder().encode


class ForMany(NamedTuple):
    """A statement for many sets of values.

    Attributes:
        sql: The text; a query's rows end with `n`, which is a value of the set that each is for.
        key_of: Returns the values of a set, in an order of its own.
    """

    sql: str
    key_of: Callable[[Mapping[str, Any]], Any]

    @staticmethod
    def parameters(sets: Sequence[Mapping[str, Any]]) -> tuple[str, int]:
        """Return the parameters of the text: the sets as JSON, and their number.

        By the number PostgreSQL estimates that a few rows are wanted, and takes an index.
        """
        return _encode(sets).decode(), len(sets)


def compile_for_many(statement: Executable, dialect: Dialect) -> ForMany:
    """Put columns of a table of the given values in the place of each value of a statement.

    A query is made for each set in turn, so that it locks rows in the order of the sets, and always
    finds them as a query for one set does: `OFFSET 0` keeps it from being joined otherwise.
    """
    if isinstance(statement, Insert):
        statement = statement.inline()  # no one wants to know the new row's number
    assert isinstance(statement, ClauseElement)  # noqa: S101 - for the type checker
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    if any(value is not None for value in compiled.params.values()):
        raise TypeError(f"All values must be given: {statement}")
    names = sorted(compiled.binds)
    columns = [f'"{name}" {_type_of(compiled.binds[name], dialect)}' for name in names]
    if statement.is_select:
        columns.append("n INTEGER")
    table = f"json_to_recordset(%s::json) AS sets({', '.join(columns)})"
    given = f"(SELECT * FROM {table} LIMIT %s) AS given"  # noqa: S608 - no values are put in
    return ForMany(_with_table(statement, str(compiled), given), itemgetter(*names))


def _with_table(statement: Executable, sql: str, given: str) -> str:
    """Return the text of a statement with the values from this table."""
    sql = _PLACE.sub(r'given."\1"', sql)
    if statement.is_select:
        end = "" if sql.endswith("FOR UPDATE") else " OFFSET 0"
        return f"SELECT found.*, given.n FROM {given} CROSS JOIN LATERAL ({sql}{end}) AS found"  # noqa: S608
    if statement.is_insert:
        head, values, conflict = _VALUES.split(sql, maxsplit=1)
        # Without a condition PostgreSQL would take ON CONFLICT for that of a join.
        return f"{head} SELECT {values} FROM {given} WHERE true{conflict}"  # noqa: S608
    head, condition = sql.split(" WHERE ", 1)
    return f"{head} FROM {given} WHERE {condition}"


def _type_of(bind: Any, dialect: Dialect) -> str:
    """Return the type of a value, without a length: who asks for what is too long finds nothing."""
    return str(bind.type.compile(dialect=dialect)).partition("(")[0]
