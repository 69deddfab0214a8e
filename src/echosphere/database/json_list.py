"""Passes any number of ids to a statement as one value, a JSON list.

For a thousand placeholders, SQLAlchemy takes ten times as long to compile the statement as the
database does to run it.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class _ListValues(ColumnElement[str]):
    """The values of a JSON list that is passed as a parameter."""

    inherit_cache = False

    def __init__(self, name: str) -> None:
        self.type = String()
        self.parameter = bindparam(name, type_=String())


def in_list(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values in a parameter made by `as_list`."""
    condition: ColumnElement[bool] = column.bool_op("IN")(_ListValues(name))
    return condition


def as_list(ids: Iterable[str]) -> str:
    """Return distinct ids as the value of a parameter for `in_list`."""
    return json.dumps(sorted(set(ids)))


@compiles(_ListValues, "sqlite")
def _on_sqlite(element: _ListValues, compiler: SQLCompiler, **options: Any) -> str:
    given = compiler.process(element.parameter, **options)
    return f"(SELECT value FROM json_each({given}))"  # noqa: S608 - a placeholder is put in


@compiles(_ListValues, "postgresql")
def _on_postgresql(element: _ListValues, compiler: SQLCompiler, **options: Any) -> str:
    given = compiler.process(element.parameter, **options)
    return f"(SELECT json_array_elements_text(CAST({given} AS json)))"
