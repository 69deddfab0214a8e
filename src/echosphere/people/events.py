"""What happened to people, for those around them."""

from dataclasses import dataclass

from echosphere.accounts import User


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """A person looks different now to those around them."""

    user: User
    around: frozenset[str]
