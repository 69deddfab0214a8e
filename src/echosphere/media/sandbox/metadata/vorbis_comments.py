"""Vorbis comments of FLAC and Ogg: the name of the encoder, followed by `NAME=value` texts."""

from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.music_tags import filter_comments


def filter_comment_packet(packet: bytes, lead: int = 0, trail: bytes = b"") -> bytes:
    """Return a comment packet of the same length with only the comments that are kept.

    The name of the encoder may have any length, so it is replaced by spaces that fill the rest.

    Args:
        packet: The packet in the file.
        lead: Bytes before the comments, which are kept.
        trail: The required end of the packet.
    """
    kept = [one for one in _comments(packet[lead:]) if one]
    body = _number(len(kept)) + b"".join(_number(len(one)) + one for one in kept) + trail
    space = len(packet) - lead - 4 - len(body)
    if space < 0:
        raise UnreadableError("the comments do not fit where they were")
    return packet[:lead] + _number(space) + b" " * space + body


def _comments(content: bytes) -> list[bytes]:
    position, texts = 4 + _read(content, 0), []
    count = _read(content, position)
    position += 4
    for _ in range(count):
        length = _read(content, position)
        if position + 4 + length > len(content):
            raise UnreadableError("a comment is longer than the file")
        texts.append(content[position + 4 : position + 4 + length])
        position += 4 + length
    return filter_comments(texts)


def _read(content: bytes, position: int) -> int:
    if position + 4 > len(content):
        raise UnreadableError("the comments are cut off")
    return int.from_bytes(content[position : position + 4], "little")


def _number(value: int) -> bytes:
    return value.to_bytes(4, "little")
