"""A text as it is shown, in pieces: what is text, what is code, a link or a mention."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from echosphere.richtext.addresses import addresses
from echosphere.richtext.markup import NO_QUOTE, MentionAt, has_markup
from echosphere.richtext.patterns import pattern

if TYPE_CHECKING:
    from markdown_it.token import Token

_TURNING = pattern("turning")
_LANGUAGE = pattern("language")

MAX_LINK = 2_000
"""Characters of an address that is looked at for a preview."""

Kind = Literal["text", "code", "link", "mention"]


class Piece(NamedTuple):
    """What is shown of a text: without the characters of its markup.

    Attributes:
        href: Where a link leads.
    """

    kind: Kind
    text: str
    href: str | None = None


def pieces(body: str, mention_at: MentionAt | None = None, *, styles: bool = True) -> list[Piece]:
    """Return a text's pieces; together they are the text without its markup.

    Args:
        body: As it was typed.
        mention_at: Finds who is mentioned at an `@`; without it nobody is.
        styles: Whether the characters of bold and its like are left out of the text.
    """
    if not has_markup(body):
        return _joined(_plain(body, mention_at))
    # Loaded with the first text that needs it: a tenth of a second that no start has to wait.
    from echosphere.richtext.parser import tokens_of  # noqa: PLC0415

    tokens = tokens_of(body, mention_at, styles=styles)
    found = [] if tokens is None else _joined(_Reader(tokens).blocks())
    return found or [Piece("text", body)]


def plain_text(body: str) -> str:
    """Return a text without its markup."""
    return "".join(piece.text for piece in pieces(body)) if has_markup(body) else body


def first_link(body: str) -> str | None:
    """Return the first web address of a text that is not too long; what stands in code is none."""
    if not may_hold_link(body):
        return None
    return next((one.href for one in pieces(body, styles=False) if _is_web(one.href)), None)


def may_hold_link(body: str) -> bool:
    """Return whether it is worth looking for a link: quick, for every message that is posted."""
    return "://" in body or "www." in body.lower()


def mentions(body: str, mention_at: MentionAt) -> list[str]:
    """Return what stands behind each `@` that mentions somebody."""
    found = pieces(body, mention_at, styles=False)
    return [piece.text[1:] for piece in found if piece.kind == "mention"]


def _is_web(href: str | None) -> bool:
    return href is not None and len(href) <= MAX_LINK and href[:4].lower() == "http"


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for is_text, group in groupby(pieces, lambda piece: piece.kind == "text"):
        if is_text:
            text = "".join(piece.text for piece in group)
            joined += [Piece("text", text)] if text else []
        else:
            joined += group
    return joined


def _plain(text: str, mention_at: MentionAt | None) -> Iterator[Piece]:
    """Read a text without markup: addresses, and mentions between them."""
    at = 0
    for address in addresses(text):
        yield from _between(text, at, address.start, mention_at)
        whole = text[address.start : address.end]
        yield Piece("text" if address.href is None else "link", whole, address.href)
        at = address.end
    yield from _between(text, at, len(text), mention_at)


def _between(text: str, at: int, end: int, mention_at: MentionAt | None) -> Iterator[Piece]:
    place = text.find("@", at, end) if mention_at is not None else -1
    while place >= 0 and mention_at is not None:
        found = mention_at(text, place)
        if found is not None and found[0] <= end:
            yield Piece("text", text[at:place])
            yield Piece("mention", f"@{found[1]}")
            at = found[0]
        place = text.find("@", max(at, place + 1), end)
    yield Piece("text", text[at:end])


class _Reader:
    """Reads the parser's tokens; blocks are lines."""

    def __init__(self, tokens: Sequence["Token"]) -> None:
        self._tokens = tokens
        self._numbers: list[int | None] = []

    def blocks(self) -> Iterator[Piece]:
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
                    yield Piece("text", lead)
                    yield from _inline(token.children or [])
                    lead = "\n"
                case "fence":
                    yield Piece("text", lead)
                    yield Piece("code", _fence(token))
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
    """One word behind the fence is the language; anything else there was meant as code."""
    info, content = _unmarked(token.info.strip()), _unmarked(token.content.removesuffix("\n"))
    if _LANGUAGE.match(info):
        return content
    return f"{info}\n{content}" if content else info


def _inline(tokens: Sequence["Token"]) -> Iterator[Piece]:
    href: str | None = None
    label = ""
    for token in tokens:
        piece = _piece(token)
        if token.type == "link_open":
            href, label = str(token.attrGet("href") or ""), ""
        elif token.type == "link_close" and href is not None:
            yield Piece("link", label or href, href)
            href = None
        elif href is None:
            yield piece
        else:
            label += _TURNING.sub("", piece.text)


def _piece(token: "Token") -> Piece:
    text = _unmarked(token.content)
    match token.type:
        case "code_inline":
            return Piece("code", text)
        case "mention":
            return Piece("mention", text)
        case "address" if token.meta["href"] is not None:
            return Piece("link", _TURNING.sub("", text), token.meta["href"])
        case _:
            return Piece("text", text)


def _unmarked(text: str) -> str:
    return text.replace(NO_QUOTE, "")
