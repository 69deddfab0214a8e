"""A registration that waits for an administrator."""

from typing import NamedTuple


class WaitingRegistration(NamedTuple):
    """What an administrator is shown of it."""

    id: str
    email: str
    name: str
    created_at: int
