"""Finds the link of a message that a preview is made of, and says what a preview may look like."""

import re
from dataclasses import dataclass
from typing import Any

from echosphere.visible import visible_line

MAX_TITLE = 200
MAX_DESCRIPTION = 400
MAX_SITE = 100

_FENCED = re.compile(r"^(?:```|~~~).*?(?:^(?:```|~~~)[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_TICKS = re.compile("`+")
_LINK = re.compile(r"https?://[^\s<>\"'`\\^{}|]{3,2000}", re.IGNORECASE)
_CLOSING = {")": "(", "]": "[", "*": "*", "_": "_", "~": "~"}
_AFTER_A_LINK = ".,;:!?…\u3001\u3002\uff0c\uff01\uff1f"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that we made of the one of a page: WebP, sizes in pixels."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a link leads to."""

    url: str
    title: str
    description: str
    site: str
    picture: Picture | None = None

    def shape(self, image_url: str | None) -> dict[str, Any]:
        """Return what the message says of it, with the picture at an address of ours."""
        return {
            "url": self.url,
            "title": self.title,
            "description": self.description,
            "site": self.site,
            "image_url": image_url,
            "width": self.picture.width if self.picture else None,
            "height": self.picture.height if self.picture else None,
        }


def first_link(body: str) -> str | None:
    """Return the first link of a message, or None; what stands in code is no link."""
    if "://" not in body:
        return None
    match = _LINK.search(_without_code(body) if "`" in body or "~~~" in body else body)
    return None if match is None else _without_what_follows(match[0])


def cleaned(text: str, most: int) -> str:
    """Return a stranger's text in one line, without invisible and direction-changing characters."""
    line = visible_line(text[: most * 4])
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _without_code(body: str) -> str:
    """Cut out what stands between fences, then what stands between as many ticks as before it.

    Each run of ticks is looked at once: a search for its partner from every one of them would take
    seconds for a message that is made of ticks.
    """
    text = _FENCED.sub(" ", body)
    runs = list(_TICKS.finditer(text))
    partner, last = {}, dict[int, int]()
    for place, run in reversed(list(enumerate(runs))):
        partner[place] = last.get(len(run[0]))
        last[len(run[0])] = place
    kept, begin, place = [], 0, 0
    while place < len(runs):
        closing = partner[place]
        if closing is not None:
            kept.append(text[begin : runs[place].start()])
            begin, place = runs[closing].end(), closing
        place += 1
    return " ".join([*kept, text[begin:]])


def _without_what_follows(link: str) -> str:
    """Cut off the punctuation of the sentence and the markup around a link."""
    while link:
        last = link[-1]
        opening = _CLOSING.get(last)
        if last in _AFTER_A_LINK or (
            opening is not None and (opening == last or link.count(last) > link.count(opening))
        ):
            link = link[:-1]
        else:
            break
    # `[text](link)` within a sentence: what comes after the bracket is not of the link.
    depth = 0
    for place, character in enumerate(link):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return link[:place]
    return link
