"""The signed-in user of a request or call."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user on one of their devices.

    Attributes:
        address: The network address of the request or socket, if it came over the network.
    """

    user_id: str
    session_id: str
    role: str = "member"
    has_second_factor: bool = False
    has_confirmed_email: bool = True
    address: str | None = field(default=None, compare=False)
