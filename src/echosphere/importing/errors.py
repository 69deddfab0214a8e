"""Why something cannot be imported."""

from echosphere.core.errors import Invalid


class UnreadableSource(Invalid):
    """What is to be imported is damaged, dangerous or of another format."""
