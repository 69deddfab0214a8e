"""Decodes JSON as other systems write it, with characters that no database stores replaced.

Half of an emoji that was cut off, as JavaScript writes it, a NUL and bytes that are not UTF-8 become
U+FFFD: one of them in one message is no reason to refuse the others.
"""

import json
import re
from typing import Any

import msgspec

REPLACEMENT = "\ufffd"
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""What may become one of them; most that it finds are halves of whole pairs."""


def decode_json(line: bytes, kind: Any = Any) -> Any:
    """Decode a value and check its shape.

    Raises:
        msgspec.DecodeError: It is not JSON, or has another shape.
    """
    try:
        if b"\\u0000" not in line:
            return msgspec.json.decode(line, type=kind)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError as error:
        problem: Exception = error
    else:
        problem = msgspec.DecodeError("JSON is malformed")
    try:
        value = json.loads(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise problem from None
    return msgspec.convert(storable(value), kind)


def storable_if_escaped(value: Any, text: str) -> Any:
    """Return a value that was decoded from a text, without what no database stores."""
    return storable(value) if _ESCAPED.search(text) else value


def storable(value: Any) -> Any:
    """Return a decoded value without what no database stores."""
    if isinstance(value, str):
        return _UNSTORABLE.sub(REPLACEMENT, value)
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    return value
