"""Uses an invite, in the lane of the group to which it leads."""

from echosphere.database import Database
from echosphere.memberships.invites.join import accept_invite, find_invited_group


async def use_invite(database: Database, user: str, token: str) -> tuple[str, bool]:
    """Return the id of the conversation to which an invite leads, and if that is new.

    Raises:
        Gone: The invite is not valid (any more).
        Forbidden: The person was removed from the group.
        Conflict: The group is full, or it is the person's own invite.
    """
    group = await database.read(find_invited_group, token)
    if group is None:
        return await database.write(accept_invite, user, token)
    return await database.write_in(group, accept_invite, user, token)


def avatar_url(token: str, avatar: str | None) -> str | None:
    """Return where the holder of a token finds the group's picture, if it has one."""
    return None if avatar is None else f"/api/v1/invites/{token}/avatar"
