"""Errors that prevent an operator's command from doing what it was asked to."""


class OperatorError(RuntimeError):
    """The sentence says so to the operator, and what to do."""
