"""The signed-in user of a request or call."""

from dataclasses import dataclass, field

from echosphere.core.scopes import Scope

MAX_ADDRESS = 64
"""Characters of a network address, also with a scope."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user on one of their devices.

    Attributes:
        scopes: What the key may do with which the caller came; None for a session, which may all.
        is_bot: Whether it is a bot, which came with one of its keys.
        address: The network address of the request or socket, if it came over the network.
    """

    user_id: str
    session_id: str
    role: str = "member"
    has_second_factor: bool = False
    has_confirmed_email: bool = True
    scopes: frozenset[Scope] | None = None
    address: str | None = field(default=None, compare=False)
    is_bot: bool = False

    def at(self, address: str) -> "Caller":
        """Return the caller at a network address; every request and socket has one."""
        return Caller(
            self.user_id,
            self.session_id,
            self.role,
            self.has_second_factor,
            self.has_confirmed_email,
            self.scopes,
            address[:MAX_ADDRESS] or None,
            self.is_bot,
        )
