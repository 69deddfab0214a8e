"""Puts moderation together."""

from echosphere.moderation.operations import ModerationOperations
from echosphere.platform import Platform
from echosphere.profiles import FindsInDirectory


def install(platform: Platform, finds: FindsInDirectory) -> None:
    """Take reports."""
    platform.operations.add(ModerationOperations(platform.database, finds).all())
