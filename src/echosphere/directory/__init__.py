"""The directory of an instance: people find each other by name, if the operator wants it so."""

from echosphere.directory.find import is_found
from echosphere.directory.keep import DirectoryKeeper
from echosphere.directory.operations import DirectoryOperations

__all__ = ["DirectoryKeeper", "DirectoryOperations", "is_found"]
