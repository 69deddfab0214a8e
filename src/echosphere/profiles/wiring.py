"""Puts profiles together."""

from echosphere.platform import Platform
from echosphere.profiles.live import ProfilesLive
from echosphere.profiles.operations import ProfilesOperations
from echosphere.profiles.profile import FindsInDirectory


def install(platform: Platform, finds: FindsInDirectory) -> None:
    """Serve profiles, and announce their changes."""
    ProfilesLive(platform.database).serve(platform.fan_out)
    platform.operations.add(ProfilesOperations(platform.database, finds).all())
