"""What happened to profiles, for those who see them."""

from dataclasses import dataclass

from echosphere.accounts import User


@dataclass(frozen=True, slots=True)
class VisibleProfileChanged:
    """A profile changed, and these users may see it now."""

    user: User
    viewers: frozenset[str]
