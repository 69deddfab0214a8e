"""Patterns of the `regex` package, which takes 3 MB, without loading it at the start."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import regex


def lazy_pattern(source: Callable[[], str]) -> "regex.Pattern[str]":
    """Return a pattern that is compiled when one of its methods is first used."""
    return cast("regex.Pattern[str]", _LazyPattern(source))


class _LazyPattern:
    """Keeps each method of the compiled pattern, so that later uses cost nothing more."""

    def __init__(self, source: Callable[[], str]) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        import regex  # noqa: PLC0415 - what a start does without

        method = getattr(regex.compile(self._source()), name)
        setattr(self, name, method)
        return method
