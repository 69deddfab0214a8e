"""Answers for administrators."""

from echosphere.wire import Shape


class Check(Shape, frozen=True):
    """A check: whether it is done, its value, and the settings that change it."""

    name: str
    done: bool
    value: str | None
    settings: list[str]


class ChecklistAnswer(Shape, frozen=True):
    """All checks, the most important first."""

    checks: list[Check]
