"""The signed-in user of a request or call."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user on one of their devices."""

    user_id: str
    session_id: str
    role: str = "member"
    has_second_factor: bool = False
