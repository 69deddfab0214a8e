"""The shape of Slack's and Mattermost's incoming webhooks, as hundreds of tools send it."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from echosphere.webhooks.bodies.text import (
    bold,
    cut,
    is_address,
    lines,
    objects,
    quiet,
    string,
    sub,
)

SIGNS = ("attachments", "blocks", "username", "icon_url", "icon_emoji", "channel", "mrkdwn")
"""Fields by which this shape is told from our own, which has none of them."""

_SIGN = re.compile(r"<([^<>]*)>")
_LINK = re.compile(r"(https?://[^|\s]+|mailto:[^|\s]+)(?:\|(.*))?\Z", re.DOTALL)
_EVERYBODY = re.compile(r"!(?:here|channel|everyone)(?:\|.*)?\Z", re.DOTALL)
_OTHER = re.compile(r"[@#!][^|]*\|(.*)\Z", re.DOTALL)


def is_slack(payload: Mapping[str, Any]) -> bool:
    """Whether a body is of this shape."""
    return any(name in payload for name in SIGNS)


def slack_text(payload: Mapping[str, Any]) -> str:
    """Return the text of a body as Markdown."""
    parts = [_markdown(payload.get("text"), calls=True)]
    parts += _blocks(payload.get("blocks")) if not parts[0] else ()
    parts += (_attachment(one) for one in objects(payload.get("attachments")))
    return cut("\n\n".join(part for part in parts if part))


def _attachment(attachment: Mapping[str, Any]) -> str:
    title = _linked(_markdown(attachment.get("title")), attachment.get("title_link"))
    parts = [
        _markdown(attachment.get("pretext")),
        _markdown(attachment.get("author_name")),
        bold(title),
        _markdown(attachment.get("text")),
        *_blocks(attachment.get("blocks")),
        *(_field(one) for one in objects(attachment.get("fields"))),
        _markdown(attachment.get("footer")),
    ]
    return lines(parts) or _markdown(attachment.get("fallback"))


def _linked(words: str, url: Any) -> str:
    address = string(url)
    return f"[{words}]({address})" if words and is_address(address) else words


def _field(field: Mapping[str, Any]) -> str:
    title, value = _markdown(field.get("title")), _markdown(field.get("value"))
    return f"{bold(title)}: {value}" if title else value


def _blocks(blocks: Any) -> list[str]:
    return [text for block in objects(blocks, 50) for text in _block(block)]


def _block(block: Mapping[str, Any]) -> Iterator[str]:
    text = _markdown(sub(block, "text", "text"))
    yield bold(text) if block.get("type") == "header" else text
    for part in (*objects(block.get("fields")), *objects(block.get("elements"))):
        inner = part.get("text")
        words = inner if isinstance(inner, str) else sub(part, "text", "text")
        yield _linked(_markdown(words), part.get("url"))


def _markdown(value: Any, *, calls: bool = False) -> str:
    """Return a text with Slack's links and escapes as Markdown has them.

    What an `@` says is Slack's to tell: there only `<!channel>` and its like call somebody. Scripts
    that know Mattermost write `@all` in the text itself, which `calls` then; links and attachments
    have the words of strangers.
    """
    text = string(value).strip()
    parts, end = [], 0
    for found in _SIGN.finditer(text):
        parts += [_words(text[end : found.start()], calls=calls), _sign(found[1], calls=calls)]
        end = found.end()
    return "".join([*parts, _words(text[end:], calls=calls)])


def _words(text: str, *, calls: bool = False) -> str:
    unescaped = html.unescape(text)
    return unescaped if calls else quiet(unescaped)


def _sign(sign: str, *, calls: bool) -> str:
    """Return what stands between Slack's `<` and `>`."""
    if found := _LINK.match(sign):
        address = html.unescape(found[1])
        return f"[{_words(found[2])}]({address})" if found[2] else address
    if _EVERYBODY.match(sign):
        return "@all"
    if found := _OTHER.match(sign):
        return _words(found[1])
    return f"<{_words(sign, calls=calls)}>"
