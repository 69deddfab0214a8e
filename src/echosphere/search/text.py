"""What a message is found by."""

from collections.abc import Iterable

from echosphere.search.folding import folded


def search_text(body: str, files: Iterable[str]) -> str:
    """Return the folded words, then each file's name on a line: no phrase reaches over its end."""
    return "\n".join(map(folded, (body, *files)))
