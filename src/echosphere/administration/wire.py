"""The shapes of what administrators are told."""

from echosphere.wire import Shape


class Check(Shape, frozen=True):
    """One thing of the server: whether it is set, to what, and by which settings."""

    name: str
    done: bool
    value: str | None
    settings: list[str]


class ChecklistAnswer(Shape, frozen=True):
    """All of them, in the order in which they are best looked at."""

    checks: list[Check]
