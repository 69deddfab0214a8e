"""Renders message texts as HTML that is safe to show: every tag and attribute is written here."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from echosphere.richtext.markup import QUOTE_SUPPRESSOR, has_markup
from echosphere.richtext.segments import Segment, parse_segments

if TYPE_CHECKING:
    from markdown_it.token import Token

TAGS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "strong": "strong",
    "em": "em",
    "s": "s",
}


def to_html(body: str) -> str:
    """Return a text as HTML: blocks, styles, code, and links to web and mail addresses.

    Line breaks stay line breaks, to be shown with `white-space: pre-wrap`.
    """
    tokens = None
    if has_markup(body):
        # Loaded with the first text that needs it, since it would delay the start by 0.1 seconds.
        from echosphere.richtext.parser import parse_tokens  # noqa: PLC0415

        tokens = parse_tokens(body)
        if tokens is None:  # too complex, and shown as typed
            return f"<p>{escape(body)}</p>"
    if tokens is None:
        return f"<p>{''.join(map(_plain, parse_segments(body)))}</p>"
    return "".join(_blocks(tokens))


def _plain(segment: Segment) -> str:
    return escape(segment.text) if segment.href is None else _link(segment.href, segment.text)


def _link(href: str, label: str) -> str:
    return f'<a href="{escape(href)}" rel="noopener noreferrer nofollow">{escape(label)}</a>'


def _blocks(tokens: Sequence["Token"]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield from map(_inline, token.children or ())
        elif token.type == "fence":
            info = f"{token.info.strip()}\n" if " " in token.info.strip() else ""
            yield f"<pre><code>{_text(info + token.content)}</code></pre>"
        elif not token.hidden:
            yield _tag(token)


def _inline(token: "Token") -> str:
    match token.type:
        case "code_inline":
            return f"<code>{_text(token.content)}</code>"
        case "softbreak" | "hardbreak":
            return "\n"
        case "address" if token.meta["href"] is not None:
            return _link(token.meta["href"], token.content)
        case "link_open":
            href = escape(str(token.attrGet("href") or ""))
            return f'<a href="{href}" rel="noopener noreferrer nofollow">'
        case "link_close":
            return "</a>"
        case _:
            return _tag(token) or _text(token.content)


def _tag(token: "Token") -> str:
    """Return an opening or closing tag; empty for what has none."""
    kind, _, side = token.type.rpartition("_")
    tag = TAGS.get(kind)
    if tag is None or side not in ("open", "close"):
        return ""
    if side == "close":
        return f"</{tag}>"
    start = token.attrGet("start")
    return f'<{tag} start="{int(start)}">' if isinstance(start, int) else f"<{tag}>"


def _text(text: str) -> str:
    return escape(text.replace(QUOTE_SUPPRESSOR, ""))
