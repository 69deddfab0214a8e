"""Who speaks: what a door knows of a person once it has recognised them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person on one of their devices."""

    user: str
    session: str
    role: str = "member"
