"""Puts together what administrators are served."""

from echosphere.administration.operations import AdministrationOperations
from echosphere.platform import Platform


def install(platform: Platform) -> None:
    """Serve the checklist."""
    platform.operations.add(AdministrationOperations(platform.settings).all())
