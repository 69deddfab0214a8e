"""Imports: conversations of other systems and servers, with people who have no account here."""

from echosphere.importing.claim import LinkPlaceholder
from echosphere.importing.files import SourceFiles
from echosphere.importing.report import Losses, Report
from echosphere.importing.run import Importer, Progress
from echosphere.importing.sources import SOURCES, open_source
from echosphere.importing.store import ImportedPerson, placeholders
from echosphere.importing.wiring import install

__all__ = [
    "SOURCES",
    "ImportedPerson",
    "Importer",
    "LinkPlaceholder",
    "Losses",
    "Progress",
    "Report",
    "SourceFiles",
    "install",
    "open_source",
    "placeholders",
]
