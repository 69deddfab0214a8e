"""Puts the directory together."""

from echosphere.directory.indexer import DirectoryIndexer
from echosphere.directory.operations import DirectoryOperations
from echosphere.platform import Platform


def install(platform: Platform) -> DirectoryIndexer:
    """Serve the directory; return what is to be started."""
    database, live = platform.database, platform.live_settings
    platform.operations.add(DirectoryOperations(database, live).all())
    indexer = DirectoryIndexer(database, live)
    indexer.register(platform.jobs)
    return indexer
