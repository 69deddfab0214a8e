"""The directory of users: they find each other by name, if the operator turns it on."""

from echosphere.directory.indexer import DirectoryIndexer
from echosphere.directory.operations import DirectoryOperations
from echosphere.directory.search import finds_in_directory

__all__ = ["DirectoryIndexer", "DirectoryOperations", "finds_in_directory"]
