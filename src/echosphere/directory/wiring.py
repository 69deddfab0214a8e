"""Puts the directory together."""

from echosphere.directory.indexer import DirectoryIndexer
from echosphere.directory.operations import DirectoryOperations
from echosphere.platform import Platform


def install(platform: Platform) -> DirectoryIndexer:
    """Serve the directory; return what is to be started."""
    database, on = platform.database, platform.settings.directory
    platform.operations.add(DirectoryOperations(database, on=on).all())
    indexer = DirectoryIndexer(database, on=on)
    indexer.register(platform.jobs)
    return indexer
