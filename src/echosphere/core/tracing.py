"""Spans: how long each part of a request took, and what it was part of.

Nothing is recorded until `tracer` is set, which `monitoring` does where an operator collects traces.
Code that runs for every message looks at `tracer` itself first, so that it costs one comparison.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

Attributes = Mapping[str, str | int | float]

Parents = Sequence[str]
"""Spans, each as W3C's Trace Context writes it (`traceparent`): the first is the parent, the others
are causes, too."""


class Tracer(Protocol):
    """Records spans."""

    def span(
        self, name: str, attributes: Attributes, *, parents: Parents = (), kind: str = "internal"
    ) -> AbstractContextManager[None]:
        """Record what runs in the context; an exception that leaves it is noted.

        Args:
            name: One of few names, without ids.
            attributes: What is worth knowing of it; nothing that people wrote.
            parents: Without any, the span that is current is the parent.
            kind: "server", "client" or "internal".
        """
        ...

    def record(self, name: str, seconds: float, attributes: Attributes, *, parents: Parents) -> str:
        """Record what ends now and took some seconds, and return it as a `traceparent`."""
        ...

    def current(self) -> str | None:
        """Return the span that is current, as a `traceparent`; None if there is none."""
        ...


tracer: Tracer | None = None

_NOTHING: AbstractContextManager[None] = nullcontext()


def span(
    name: str, attributes: Attributes, *, parents: Parents = (), kind: str = "internal"
) -> AbstractContextManager[None]:
    """Record what runs in the context, if someone collects traces; see `Tracer.span`."""
    if tracer is None:
        return _NOTHING
    return tracer.span(name, attributes, parents=parents, kind=kind)


def current() -> str | None:
    """Return the span that is current, as a `traceparent`; None if there is none."""
    return None if tracer is None else tracer.current()


def span_from(
    name: str, attributes: Attributes, causes: Iterable[str | None]
) -> AbstractContextManager[None]:
    """As `span`, for what is done on behalf of others: without a cause, nothing is recorded."""
    if tracer is None:
        return _NOTHING
    parents = [one for one in causes if one is not None]
    return tracer.span(name, attributes, parents=parents) if parents else _NOTHING
