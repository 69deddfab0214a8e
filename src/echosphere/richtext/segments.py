"""Splits a text into segments of visible text, code, links and mentions, without markup."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from echosphere.richtext.addresses import find_addresses
from echosphere.richtext.markup import QUOTE_SUPPRESSOR, MentionAt, has_markup
from echosphere.richtext.patterns import load_pattern

if TYPE_CHECKING:
    from markdown_it.token import Token

_DIRECTION_CONTROLS = load_pattern("turning")
_LANGUAGE = load_pattern("language")

MAX_LINK = 2_000
"""Characters of an address that can get a preview."""

Kind = Literal["text", "code", "link", "mention"]


class Segment(NamedTuple):
    """Part of a text as it is displayed, without markup.

    Attributes:
        href: The target of a link.
    """

    kind: Kind
    text: str
    href: str | None = None


def parse_segments(
    body: str, mention_at: MentionAt | None = None, *, styles: bool = True
) -> list[Segment]:
    """Return the segments of a text; together they are the text without its markup.

    Args:
        body: The text as it was typed.
        mention_at: Finds the mention at an `@`; None finds none.
        styles: Whether the markup of bold and the like is removed.
    """
    if not has_markup(body):
        return _merge_text(_read_plain_text(body, mention_at))
    # Loaded with the first text that needs it, since it would delay the start by 0.1 seconds.
    from echosphere.richtext.parser import parse_tokens  # noqa: PLC0415

    tokens = parse_tokens(body, mention_at, styles=styles)
    found = [] if tokens is None else _merge_text(_TokenReader(tokens).blocks())
    return found or [Segment("text", body)]


def plain_text(body: str) -> str:
    """Return a text without its markup."""
    return "".join(segment.text for segment in parse_segments(body)) if has_markup(body) else body


def first_link(body: str) -> str | None:
    """Return the first web address of a text, without long ones and those in code, or None."""
    if not may_have_link(body):
        return None
    return next((one.href for one in parse_segments(body, styles=False) if _is_web(one.href)), None)


def may_have_link(body: str) -> bool:
    """Return whether a text may contain a link; fast, since it is called for every posted message."""
    return "://" in body or "www." in body.lower()


def mentioned_names(body: str, mention_at: MentionAt) -> list[str]:
    """Return the name behind each `@` that is a mention."""
    found = parse_segments(body, mention_at, styles=False)
    return [segment.text[1:] for segment in found if segment.kind == "mention"]


def _is_web(href: str | None) -> bool:
    return href is not None and len(href) <= MAX_LINK and href[:4].lower() == "http"


def _merge_text(segments: Iterator[Segment]) -> list[Segment]:
    merged: list[Segment] = []
    for is_text, group in groupby(segments, lambda segment: segment.kind == "text"):
        if is_text:
            text = "".join(segment.text for segment in group)
            merged += [Segment("text", text)] if text else []
        else:
            merged += group
    return merged


def _read_plain_text(text: str, mention_at: MentionAt | None) -> Iterator[Segment]:
    """Yield the segments of a text without markup: addresses, and mentions between them."""
    at = 0
    for address in find_addresses(text):
        yield from _read_mentions(text, at, address.start, mention_at)
        whole = text[address.start : address.end]
        yield Segment("text" if address.href is None else "link", whole, address.href)
        at = address.end
    yield from _read_mentions(text, at, len(text), mention_at)


def _read_mentions(text: str, at: int, end: int, mention_at: MentionAt | None) -> Iterator[Segment]:
    position = text.find("@", at, end) if mention_at is not None else -1
    while position >= 0 and mention_at is not None:
        found = mention_at(text, position)
        if found is not None and found[0] <= end:
            yield Segment("text", text[at:position])
            yield Segment("mention", f"@{found[1]}")
            at = found[0]
        position = text.find("@", max(at, position + 1), end)
    yield Segment("text", text[at:end])


class _TokenReader:
    """Turns the parser's tokens into segments; each block begins on a new line."""

    def __init__(self, tokens: Sequence["Token"]) -> None:
        self._tokens = tokens
        self._numbers: list[int | None] = []

    def blocks(self) -> Iterator[Segment]:
        lead = ""
        for token in self._tokens:
            match token.type:
                case "bullet_list_open":
                    self._numbers.append(None)
                case "ordered_list_open":
                    start = token.attrGet("start")
                    self._numbers.append(1 if start is None else int(start))
                case "bullet_list_close" | "ordered_list_close":
                    self._numbers.pop()
                case "list_item_open":
                    lead += self._marker()
                case "inline":
                    yield Segment("text", lead)
                    yield from _inline(token.children or [])
                    lead = "\n"
                case "fence":
                    yield Segment("text", lead)
                    yield Segment("code", _fence(token))
                    lead = "\n"
                case _:
                    pass

    def _marker(self) -> str:
        number = self._numbers[-1]
        if number is None:
            return "- "
        self._numbers[-1] = number + 1
        return f"{number}. "


def _fence(token: "Token") -> str:
    """Return the code; one word behind the fence is the language, anything else is code too."""
    info, content = (
        _without_suppressors(token.info.strip()),
        _without_suppressors(token.content.removesuffix("\n")),
    )
    if _LANGUAGE.match(info):
        return content
    return f"{info}\n{content}" if content else info


def _inline(tokens: Sequence["Token"]) -> Iterator[Segment]:
    href: str | None = None
    label = ""
    for token in tokens:
        segment = _segment(token)
        if token.type == "link_open":
            href, label = str(token.attrGet("href") or ""), ""
        elif token.type == "link_close" and href is not None:
            yield Segment("link", label or href, href)
            href = None
        elif href is None:
            yield segment
        else:
            label += _DIRECTION_CONTROLS.sub("", segment.text)


def _segment(token: "Token") -> Segment:
    text = _without_suppressors(token.content)
    match token.type:
        case "code_inline":
            return Segment("code", text)
        case "mention":
            return Segment("mention", text)
        case "address" if token.meta["href"] is not None:
            return Segment("link", _DIRECTION_CONTROLS.sub("", text), token.meta["href"])
        case _:
            return Segment("text", text)


def _without_suppressors(text: str) -> str:
    return text.replace(QUOTE_SUPPRESSOR, "")
