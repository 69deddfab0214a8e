"""An entry of the audit log, and how its hash is made."""

import hashlib
import json
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

FIRST_HASH = "0" * 64
"""What the first entry is chained to."""


class Actor(NamedTuple):
    """Who acts: the id of a user and where they are, if it is known.

    That is a network address or, on the command line, the name of a user of the machine.
    """

    id: str
    address: str | None = None


COMMAND_LINE = Actor("command-line")
"""Whoever may run `echosphere` on the server itself."""


class AuditRecorded(msgspec.Struct, frozen=True):
    """An entry was appended."""

    number: int


class EntryHead(NamedTuple):
    """The number of an entry, from 1, and its hash; the last one stands for the whole log."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class Entry(NamedTuple):
    """One act; ids only, no names and no e-mail addresses.

    Attributes:
        at: Milliseconds since 1970 UTC.
        target: The id of what it was done to.
        details: A JSON object of short values, its keys sorted.
        address_hash: SHA-256 of the salt and the address: the part that stays.
        address: Where the actor was; removed with the salt when its time is over.
    """

    number: int
    at: int
    actor: str
    action: str
    target: str | None
    details: str
    address_hash: str | None
    address: str | None
    address_salt: str | None
    hash: str

    def expected_hash(self, previous: str) -> str:
        """Return the hash that the entry must have after an entry with the hash `previous`."""
        fields = [previous, self.number, self.at, self.actor, self.action, self.target]
        text = json.dumps([*fields, self.details, self.address_hash], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def has_its_address(self) -> bool:
        """Whether the address is the one that was hashed, or was removed."""
        if self.address is None:
            return self.address_salt is None
        return hash_address(self.address_salt or "", self.address) == self.address_hash


def hash_address(salt: str, address: str) -> str:
    """Return what stays of an address; the salt keeps it from being guessed."""
    return hashlib.sha256(f"{salt} {address}".encode()).hexdigest()


def encode_details(details: Mapping[str, object]) -> str:
    """Return details as they are stored and hashed."""
    return json.dumps(details, sort_keys=True, separators=(",", ":"))
