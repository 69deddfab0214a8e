"""The roles of accounts on the server; groups have roles of their own."""

from enum import StrEnum


class AccountRole(StrEnum):
    """What an account may do on the server, from the most to the least.

    Attributes:
        OWNER: Everything; the server always has at least one.
        ADMINISTRATOR: Looks after people and settings, below the owner.
        MODERATOR: A member who also decides reports.
        MEMBER: Everyone else.
        GUEST: Is only in the groups to which they were invited.
    """

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    MODERATOR = "moderator"
    MEMBER = "member"
    GUEST = "guest"

    def outranks(self, other: "AccountRole") -> bool:
        """Whether this role may do more than another."""
        return RANKS[self] < RANKS[other]


RANKS = {role: rank for rank, role in enumerate(AccountRole)}
"""The place of each role; 0 is the highest."""
