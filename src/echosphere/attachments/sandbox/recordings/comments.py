"""Vorbis comments, as FLAC and Ogg have them: `NAME=value` texts behind the name of the encoder."""

from echosphere.attachments.sandbox.outcome import UnreadableError
from echosphere.attachments.sandbox.recordings.song_tags import kept_comments


def cleaned_comments(packet: bytes, lead: int = 0, trail: bytes = b"") -> bytes:
    """Return a comment packet of the same length with what may stay.

    The name of the encoder is a text of any length: spaces in its place fill what became free.

    Args:
        packet: What the file has.
        lead: How many bytes stand before the comments; they stay.
        trail: What has to stand behind them.
    """
    kept = [one for one in _comments(packet[lead:]) if one]
    body = _number(len(kept)) + b"".join(_number(len(one)) + one for one in kept) + trail
    space = len(packet) - lead - 4 - len(body)
    if space < 0:
        raise UnreadableError("the comments do not fit where they were")
    return packet[:lead] + _number(space) + b" " * space + body


def _comments(content: bytes) -> list[bytes]:
    place, texts = 4 + _read(content, 0), []
    count = _read(content, place)
    place += 4
    for _ in range(count):
        length = _read(content, place)
        if place + 4 + length > len(content):
            raise UnreadableError("a comment is longer than the file")
        texts.append(content[place + 4 : place + 4 + length])
        place += 4 + length
    return kept_comments(texts)


def _read(content: bytes, place: int) -> int:
    if place + 4 > len(content):
        raise UnreadableError("the comments are cut off")
    return int.from_bytes(content[place : place + 4], "little")


def _number(value: int) -> bytes:
    return value.to_bytes(4, "little")
