"""What is wrong with a backup, or keeps one from being made: a sentence that says what to do."""

from echosphere.core.operator_error import OperatorError


class BackupError(OperatorError):
    """The sentence is for the operator."""


class DamagedError(BackupError):
    """A backup is not as it was written."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This backup is damaged: {what}. Use another one, and check the disk.")
