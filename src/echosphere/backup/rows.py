"""Rows as lines of JSON, and their checksum, which is the same on every database and in any order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

Value = int | str | bool | None
RowValues = Sequence[Value]
"""The values of a row, by the names of the columns in alphabetical order."""

_SIZE = 2**256

encode_row = msgspec.json.Encoder().encode
decode_line: Any = msgspec.json.Decoder().decode


@dataclass(slots=True)
class TableDigest:
    """Count and checksum of the rows of a table.

    The checksum is the sum of the SHA-256 of all lines modulo 2^256: databases sort texts
    differently, and a sum needs no order. It finds accidents; against people who want to forge a
    backup there is encryption.
    """

    rows: int = 0
    _sum: int = 0

    def add(self, line: bytes) -> None:
        """Count a row."""
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(line).digest())

    @property
    def checksum(self) -> str:
        """The checksum of what was counted, in hexadecimal."""
        return f"{self._sum % _SIZE:064x}"
