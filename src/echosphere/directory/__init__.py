"""The directory of users: they find each other by name, if the operator turns it on."""

from echosphere.directory.indexer import DirectoryIndexer
from echosphere.directory.search import finder
from echosphere.directory.wiring import install

__all__ = ["DirectoryIndexer", "finder", "install"]
