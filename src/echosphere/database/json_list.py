"""Passes any number of ids to a statement as one value, a JSON list.

SQLAlchemy takes ten times as long to compile a thousand placeholders as the database to run them.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class _Listed(ColumnElement[str]):
    """The values of the list that a parameter holds."""

    inherit_cache = False

    def __init__(self, name: str) -> None:
        self.type = String()
        self.parameter = bindparam(name, type_=String())


def among(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values of a parameter: `listed(…)`."""
    condition: ColumnElement[bool] = column.bool_op("IN")(_Listed(name))
    return condition


def listed(ids: Iterable[str]) -> str:
    """Return ids, each once, as the value of a parameter for `among`."""
    return json.dumps(sorted(set(ids)))


@compiles(_Listed, "sqlite")
def _on_sqlite(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    given = compiler.process(element.parameter, **options)
    return f"(SELECT value FROM json_each({given}))"  # noqa: S608 - a placeholder is put in


@compiles(_Listed, "postgresql")
def _on_postgresql(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    given = compiler.process(element.parameter, **options)
    return f"(SELECT json_array_elements_text(CAST({given} AS json)))"
