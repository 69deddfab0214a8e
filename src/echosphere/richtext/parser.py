"""Markdown to a flat list of tokens: the browser's markdown-it in its Python port, set up alike.

Stricter than CommonMark where people would be surprised; docs/decisions/0029-markdown-as-a-tree.md
says how. `client/src/richtext/parser.ts` is the other half, and one table of cases and a
comparison on random texts hold both (`tests/richtext`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import MutableMapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

from echosphere.richtext.addresses import Address, find_addresses, is_web_address
from echosphere.richtext.markup import QUOTE_SUPPRESSOR, MentionAt
from echosphere.richtext.patterns import load_pattern

MAX_NESTING = 16
MAX_MARKS = 2_000
"""Lines and markup characters of one text; a text with more is shown as it was typed."""

_EMOTICON = load_pattern("face")
_STOP = load_pattern("stop")
_BLANK = load_pattern("blank")
_EDGE = load_pattern("edge")
_UNSPACED = load_pattern("unspacedCharacter")
_PUNCTUATION = load_pattern("punctuation")
_UNESCAPED = load_pattern("unescaped")


def parse_tokens(
    text: str, mention_at: MentionAt | None = None, *, styles: bool = True
) -> list[Token] | None:
    """Return the tokens of a text; None if it is too complex, and therefore shown as typed.

    Args:
        text: As it was typed.
        mention_at: Finds the mention at an `@`; None finds none.
        styles: Whether to parse bold and the like, which take most of the time.
    """
    if text.count("\n") + sum(1 for _ in _STOP.finditer(text)) > MAX_MARKS:
        return None
    # `>_<` and `>:(` are emoticons: only a `>` followed by a space is a quotation.
    plain_quotes = _EMOTICON.sub(rf"\1{QUOTE_SUPPRESSOR}", text)
    markdown = _STYLED if styles else _UNSTYLED
    tokens = markdown.parse(plain_quotes, {"mention_at": mention_at})
    # The parser drops what is nested too deeply, but no text may be lost.
    return None if any(token.level >= MAX_NESTING - 2 for token in tokens) else tokens


class _State(StateInline):
    def __init__(
        self, src: str, md: MarkdownIt, env: MutableMapping[str, Any], out: list[Token]
    ) -> None:
        super().__init__(src, md, env, out)
        self.addresses = find_addresses(src)
        self.starts = [address.start for address in self.addresses]

    def address_at(self, position: int) -> Address | None:
        """Return the address that begins at a position."""
        found = bisect_left(self.starts, position)
        begins = found < len(self.starts) and self.starts[found] == position
        return self.addresses[found] if begins else None

    def is_in_address(self, position: int) -> bool:
        """Return whether a position is part of an address."""
        before = bisect_right(self.starts, position) - 1
        return before >= 0 and position < self.addresses[before].end

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        """Say which delimiter runs open and close: never inside a word or a calculation."""
        source, end = self.src, start
        while end < self.posMax and source[end] == source[start]:
            end += 1
        before = source[start - 1] if start else " "
        after = source[end] if end < self.posMax else " "
        beyond = source[end + 1] if end + 1 < len(source) else " "
        dotted = after == "." and not _PUNCTUATION.match(beyond)
        inside = _UNSPACED.match(before) or _UNSPACED.match(after)
        opens = not _BLANK.match(after) and after not in ")]}"
        closes = not _BLANK.match(before) and before not in "([{"
        return Scanned(
            opens and bool(inside or _PUNCTUATION.match(before)),
            closes and bool(inside or (_PUNCTUATION.match(after) and not dotted)),
            end - start,
        )


def _trim(state: StateCore) -> None:
    """Trim the same white space from a paragraph as the browser does."""
    for token in state.tokens:
        if token.type == "inline":
            begin, end = 0, len(token.content)
            while begin < end and _EDGE.match(token.content[begin]):
                begin += 1
            while begin < end and _EDGE.match(token.content[end - 1]):
                end -= 1
            token.content = token.content[begin:end]


class _Inline(ParserInline):
    def parse(
        self, src: str, md: MarkdownIt, env: MutableMapping[str, Any], tokens: list[Token]
    ) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Allow only web and mail addresses."""
        return is_web_address(url) or url[:7].lower() == "mailto:"

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        """Keep the address as it was typed."""
        return url


def _text(state: StateInline, silent: bool) -> bool:
    """Consume text that cannot be markup, up to the next address."""
    assert isinstance(state, _State)  # noqa: S101 - made by _Inline
    stop = _STOP.search(state.src, state.pos, state.posMax)
    end = stop.start() if stop else state.posMax
    following = bisect_left(state.starts, state.pos)
    if following < len(state.starts):
        end = min(end, state.starts[following])
    if end == state.pos:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _address(state: StateInline, silent: bool) -> bool:
    """Consume a whole address, so that its characters are not read as markup."""
    assert isinstance(state, _State)  # noqa: S101 - made by _Inline
    found = state.address_at(state.pos)
    if found is None or state.linkLevel > 0 or found.end > state.posMax:
        return False
    if not silent:
        token = state.push("address", "", 0)
        token.content = state.src[found.start : found.end]
        token.meta = {"href": found.href}
    state.pos = found.end
    return True


def _mention(state: StateInline, silent: bool) -> bool:
    assert isinstance(state, _State)  # noqa: S101 - made by _Inline
    mention_at: MentionAt | None = state.env["mention_at"]
    if mention_at is None or state.src[state.pos] != "@" or state.linkLevel > 0:
        return False
    found = None if state.is_in_address(state.pos) else mention_at(state.src, state.pos)
    if found is None or found[0] > state.posMax:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.content = f"@{found[1]}"
    state.pos = found[0]
    return True


def _escaped(state: StateInline, silent: bool) -> bool:
    r"""Unescape a character, but not in C:\new\_folder and not in ¯\_(ツ)_/¯."""
    source, position = state.src, state.pos
    if source[position] != "\\":
        return False
    sign = source[position + 1 : position + 2]
    within = position > 0 and _UNESCAPED.match(source[position - 1]) is not None
    if not sign or (sign not in "*`" and (sign not in "_~[]>#-" or within)):
        return False
    if not silent:
        state.append_pending(sign)
    state.pos += 2
    return True


def _picture(state: StateInline, silent: bool) -> bool:
    """Leave a picture's markup what it is; its address is one like any other."""
    if not state.src.startswith("![", state.pos):
        return False
    if not silent:
        state.append_pending("![")
    state.pos += 2
    return True


def _make_parser(*styles: str) -> MarkdownIt:
    markdown = _Markdown("zero")
    markdown.inline = _Inline()
    markdown.configure("zero", {"maxNesting": MAX_NESTING})
    markdown.enable(["fence", "blockquote", "list", "paragraph"])
    markdown.enable(["backticks", "link", *styles])
    markdown.core.ruler.after("block", "trim", _trim)
    # Four spaces before a fence make none, as in the browser, though there is no code by indent.
    markdown.block.ruler.at("code", lambda *_: False)
    markdown.enable("code")
    rules = markdown.inline.ruler
    rules.at("text", _text)
    for name, rule in (("address", _address), ("escaped", _escaped), ("mention", _mention)):
        rules.before("backticks", name, rule)
    rules.before("link", "picture", _picture)
    return markdown


_STYLED = _make_parser("strikethrough", "emphasis")
_UNSTYLED = _make_parser()
