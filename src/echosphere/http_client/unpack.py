"""Reads bodies, also compressed ones, and never more of them than a limit."""

import zlib
from collections.abc import AsyncIterator
from typing import NamedTuple

PACKED = frozenset({"gzip", "x-gzip", "deflate"})
"""Content codings (RFC 9110, 8.4.1) that are undone."""

GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class Body(NamedTuple):
    """What was read.

    Attributes:
        is_complete: False when it is longer, and was cut off.
        is_readable: False when it is compressed in another way, or broken; it is empty then.
    """

    content: bytes
    is_complete: bool = True
    is_readable: bool = True


async def read_plain(chunks: AsyncIterator[bytes], max_bytes: int) -> Body:
    """Return at most `max_bytes`."""
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            return Body(bytes(body[:max_bytes]), is_complete=False)
    return Body(bytes(body))


async def read_packed(chunks: AsyncIterator[bytes], coding: str, max_bytes: int) -> Body:
    """Return at most `max_bytes` of what was compressed; no more than these are ever unpacked."""
    packed = await read_plain(chunks, max_bytes)
    if not packed.content:
        return packed
    if coding not in PACKED:
        return Body(b"", packed.is_complete, is_readable=False)
    unpacker = zlib.decompressobj(GZIP_OR_ZLIB)
    try:
        body = unpacker.decompress(packed.content, max_bytes + 1)
    except zlib.error:
        return Body(b"", is_readable=False)
    if len(body) > max_bytes or not packed.is_complete:
        return Body(body[:max_bytes], is_complete=False)
    return Body(body) if unpacker.eof else Body(b"", is_readable=False)
