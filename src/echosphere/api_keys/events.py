"""What happened to keys."""

import msgspec


class KeysEnded(msgspec.Struct, frozen=True):
    """Keys of a user were revoked: they are worth nothing from now on."""

    key_ids: tuple[str, ...]
