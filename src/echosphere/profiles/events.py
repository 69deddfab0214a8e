"""What happened to profiles, for those who see them."""

import msgspec

from echosphere.accounts import User


class VisibleProfileChanged(msgspec.Struct, frozen=True):
    """A profile changed, and these users may see it now."""

    user: User
    viewers: frozenset[str]
