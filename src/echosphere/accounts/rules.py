"""What breaks a rule of accounts."""


class BrokenRuleError(Exception):
    """A value that an account cannot have; the text says why."""
