"""Puts presence together."""

from echosphere.platform import Platform
from echosphere.presence.live import PresenceLive
from echosphere.presence.operations import presence_operations


def install(platform: Platform) -> PresenceLive:
    """Serve presence; return what is to be stopped."""
    presence = PresenceLive(platform.database, platform.fan_out, platform.cluster)
    presence.serve(platform.devices)
    platform.operations.add(presence_operations(presence))
    return presence
