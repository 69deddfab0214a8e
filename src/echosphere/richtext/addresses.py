"""Finds web and mail addresses in a text, without the punctuation that follows them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from echosphere.richtext.patterns import load_pattern

if TYPE_CHECKING:
    import regex

MAX_LOCAL = 80
"""Characters before an `@` that are examined: 64 and a `mailto:` may belong to the address."""

_CANDIDATE = load_pattern("candidate")
_WEB = load_pattern("web")
_WWW = load_pattern("www")
_OTHER = load_pattern("other")
_BARE = load_pattern("bare")
_LOCAL = load_pattern("local")
_REST = load_pattern("rest")
_RUN_ON = load_pattern("runOn")
_TAIL = load_pattern("tail")
_OPENING = {")": "(", "]": "[", "}": "{"}


class Address(NamedTuple):
    """An address in a text.

    Attributes:
        href: The target of the link; None for what only looks like an address: `@me@social.example`.
    """

    start: int
    end: int
    href: str | None


def find_addresses(text: str) -> list[Address]:
    """Return the addresses in a text, in their order."""
    # Most texts have none, and searching for a few characters is faster than matching.
    if "@" not in text and "/" not in text and "www." not in text.lower():
        return []
    return list(_addresses(text))


def is_web_address(text: str) -> bool:
    """Return whether a text begins with a scheme and a host that can exist."""
    head = _WEB.match(text)
    return head is not None and _is_host(head[1], head[2])


def _addresses(text: str) -> Iterator[Address]:
    at = 0
    while (candidate := _CANDIDATE.search(text, at)) is not None:
        found = _address_at(text, candidate, at)
        if found is None:
            at = candidate.end() if candidate[0][0] != "@" else candidate.start() + 1
        else:
            yield found
            at = found.end


def _address_at(text: str, candidate: "regex.Match[str]", floor: int) -> Address | None:
    start, end = candidate.span()
    if text[start] == "@":
        return _mail_address(text, start, end, floor)
    if (head := _WEB.match(text, start)) is not None:
        prefix = ""
    elif (head := _WWW.match(text, start)) is not None:
        prefix = "https://"
    elif (other := _OTHER.match(text, start) or _BARE.match(text, start)) is not None:
        return Address(start, _end(text, start, other.end()), None)
    if head is None or text.startswith("@", head.end()):
        return None
    if not _is_host(head[1], head[2]):
        return Address(start, _end(text, start, head.end()), None)
    run_on = _RUN_ON.search(head[1])
    if run_on is not None:  # a word that follows without a space, not a domain
        end = head.start(1) + run_on.start()
        return Address(start, end, prefix + text[start:end])
    end = _end(text, start, head.end())
    return Address(start, end, prefix + text[start:end])


def _mail_address(text: str, at: int, end: int, floor: int) -> Address | None:
    begin = max(floor, at - MAX_LOCAL)
    local = _LOCAL.search(text[begin:at])
    if local is None:
        return None
    start = begin + local.start()
    while text[end - 1] in "-_":
        end -= 1
    if start > floor and text[start - 1] == "@":
        return Address(start - 1, end, None)
    address = text[start:end]
    return Address(start, end, address if address.startswith("mailto:") else f"mailto:{address}")


def _end(text: str, start: int, head: int) -> int:
    """Return where an address ends: unbalanced brackets at its end do not belong to it."""
    rest = _REST.match(text, head)
    end = _before_unopened(text, start, head if rest is None else rest.end())
    while end > start and _TAIL.match(text[end - 1]):
        end -= 1
    return end


def _before_unopened(text: str, start: int, end: int) -> int:
    open_brackets = dict.fromkeys("([{", 0)
    for position in range(start, end):
        character = text[position]
        if character in open_brackets:
            open_brackets[character] += 1
        elif (opening := _OPENING.get(character)) is not None:
            if open_brackets[opening] == 0:
                return position
            open_brackets[opening] -= 1
    return end


def _is_host(host: str, port: str | None) -> bool:
    if port is not None and int(port) > 65_535:
        return False
    last = host.rpartition(".")[2]
    if host.startswith("[") or not last.isascii() or not last.isdigit():
        return True
    parts = host.split(".")
    return len(parts) == 4 and all(
        part.isascii() and part.isdigit() and int(part) < 256 for part in parts
    )
