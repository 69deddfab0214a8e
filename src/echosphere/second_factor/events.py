"""What happened to second factors."""

from dataclasses import dataclass
from typing import Literal

Change = Literal["added", "removed", "codes", "reset"]


@dataclass(frozen=True, slots=True)
class SecondFactorChanged:
    """A user's way of signing in changed; their other sessions have ended."""

    user_id: str
    change: Change
