"""The rows of a whole database: read at one moment, and written to a new one."""

from echosphere.backup.store.open import (
    ELSEWHERE,
    Source,
    open_source,
    require_empty,
    sqlite_path,
)
from echosphere.backup.store.sqlite import integrity_problem
from echosphere.backup.store.tables import FileRef, TableShape
from echosphere.backup.store.target import SOURCE, Loader, Target

__all__ = [
    "ELSEWHERE",
    "SOURCE",
    "FileRef",
    "Loader",
    "Source",
    "TableShape",
    "Target",
    "integrity_problem",
    "open_source",
    "require_empty",
    "sqlite_path",
]
