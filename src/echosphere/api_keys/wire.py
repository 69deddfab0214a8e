"""Shapes of keys on the wire."""

from typing import Annotated

import msgspec
from msgspec import Meta

from echosphere.api_keys.api_key import ApiKey
from echosphere.core.scopes import Scope
from echosphere.wire import Id, Key, Request, Shape


class CreateKeyCall(Request, frozen=True, kw_only=True):
    """A key to create; `expires_at` in milliseconds, null for never."""

    name: Annotated[str, Meta(max_length=400)]
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=len(Scope))]
    expires_at: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    key: Key | None = None


class KeyCall(Request, frozen=True):
    """A key of the caller."""

    api_key: Id


class KeyShape(Shape, frozen=True):
    """A key, without what makes it one; `prefix` is how it begins."""

    id: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: int
    expires_at: int | None
    last_used_at: int | None


class CreatedKey(Shape, frozen=True):
    """A new key, with what is sent as `Authorization: Bearer`: it is told in this answer only."""

    key: KeyShape
    secret: str


class Keys(Shape, frozen=True):
    """The caller's keys, also those that have expired, the newest first."""

    keys: list[KeyShape] = msgspec.field(default_factory=list)


def key_shape(key: ApiKey) -> KeyShape:
    """Return a key as it crosses the wire."""
    return KeyShape(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scopes=sorted(key.scopes),
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
    )
