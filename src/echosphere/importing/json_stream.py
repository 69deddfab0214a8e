"""Reads JSON that does not fit into memory: containers are walked through, values decoded whole."""

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from echosphere.importing.errors import UnreadableSource
from echosphere.importing.json_values import storable_if_escaped

CHUNK = 256 * 1024
MAX_VALUE = 32 * 1024 * 1024
"""Characters of one value, such as a message."""

BROKEN = "A JSON file is damaged or truncated. Export it again, or copy it again."
WHITESPACE = " \t\r\n"
ENDINGS = ",]}" + WHITESPACE


class JsonStream:
    """Pulls values out of a file; whoever opens a container reads it to its end.

    Args:
        file: Bytes in UTF-8, with or without a byte order mark.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode
        self._parse = json.JSONDecoder().raw_decode
        self._text = ""
        self._at = 0
        self._ended = False

    def value(self) -> Any:
        """Decode the next value.

        Raises:
            UnreadableSource: There is none, or it is too long.
        """
        self.peek()
        while True:
            try:
                value, end = self._parse(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if not self._more():
                    raise UnreadableSource(BROKEN) from error
                continue
            # A number could go on behind what is held of the text.
            if end == len(self._text) and self._more():
                continue
            text, self._at = self._text[self._at : end], end
            return storable_if_escaped(value, text)

    def object(self) -> Iterator[str]:
        """Open an object and give its keys; between two of them the value must be read."""
        yield from self._items("{", "}", self._key)

    def array(self) -> Iterator[None]:
        """Open an array and stop before each of its values, which must be read."""
        yield from self._items("[", "]", lambda: None)

    def peek(self) -> str:
        """Return the next character that is not white space; empty at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in WHITESPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def _key(self) -> str:
        key = self.value()
        if not isinstance(key, str):
            raise UnreadableSource(BROKEN)
        self._take(":")
        return key

    def _items(self, begin: str, end: str, item: Any) -> Iterator[Any]:
        self._take(begin)
        if self.peek() == end:
            self._take(end)
            return
        while True:
            yield item()
            if self.peek() == end:
                self._take(end)
                return
            self._take(",")

    def _take(self, expected: str) -> None:
        if self.peek() != expected:
            raise UnreadableSource(BROKEN)
        self._at += 1

    def _more(self) -> bool:
        """Read on; return False at the end of the file."""
        if self._ended:
            return False
        held = len(self._text) - self._at
        if held > MAX_VALUE:
            raise UnreadableSource("A JSON file has a value that is too long.")
        chunk = self._file.read(
            max(CHUNK, held)
        )  # twice as much each time: a long value is parsed anew
        self._ended = not chunk
        self._text = self._text[self._at :] + self._decode(chunk, final=self._ended)
        self._at = 0
        return True
