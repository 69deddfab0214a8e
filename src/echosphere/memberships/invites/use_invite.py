"""Accepts an invite in the writer's lane of its group."""

from echosphere.database import Database
from echosphere.memberships.invites.join import AcceptInvite, find_invited_group


async def use_invite(database: Database, user: str, token: str) -> tuple[str, bool]:
    """Accept an invite; return the id of the conversation, and whether the user is new to it.

    Raises:
        Gone: The invite is not valid.
        Forbidden: The user was removed from the group.
        Conflict: The group is full, or it is the user's own invite.
    """
    group = await database.read(find_invited_group, token)
    return await database.write(AcceptInvite(user, token, group or ""))


def avatar_url(token: str, avatar: str | None) -> str | None:
    """Return the URL of the group's picture for the holder of a token; None if it has none."""
    return None if avatar is None else f"/api/v1/invites/{token}/avatar"
