"""What keeps a second process from the database."""


class InUseError(RuntimeError):
    """Another process has the database; the sentence says so to the operator, and what to do."""
