"""What happened to reports."""

import msgspec


class UserReported(msgspec.Struct, frozen=True):
    """Somebody reported a user, or one of their messages."""

    reporter: str
    user: str
