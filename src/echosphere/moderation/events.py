"""What happened to reports."""

import msgspec


class UserReported(msgspec.Struct, frozen=True):
    """Someone reported a user, or one of their messages."""

    reporter: str
    user: str
