"""Who may do what in a group."""

from echosphere.conversations import Access, Kind, Member, Role
from echosphere.core.errors import Conflict, Forbidden

CANNOT_EDIT_GROUP = "Only the group's owner and admins can do this."
OWNER_ONLY = "Only the group's owner can do this."
CANNOT_MANAGE_MEMBER = "Only the group's owner can do this to the owner or an admin."
NOT_A_GROUP = "Only groups have a title, a picture and changing members. Start a group instead."
HAND_OVER_FIRST = "You own this group. Hand it over to another member before you leave."


def require_group(access: Access) -> None:
    """Refuse direct conversations.

    Raises:
        Conflict: It is not a group.
    """
    if access.conversation.kind is not Kind.GROUP:
        raise Conflict(NOT_A_GROUP)


def require_can_edit_group(access: Access) -> None:
    """Require that the viewer is the owner or an admin.

    Raises:
        Conflict: It is not a group.
        Forbidden: The viewer is neither owner nor admin.
    """
    require_group(access)
    if access.role is Role.MEMBER:
        raise Forbidden(CANNOT_EDIT_GROUP)


def require_can_set_retention(access: Access) -> None:
    """Require that the viewer is the owner: what is deleted does not come back.

    Raises:
        Forbidden: The viewer is not the owner.
    """
    if access.role is not Role.OWNER:
        raise Forbidden(OWNER_ONLY)


def require_can_manage_member(access: Access, member: Member) -> None:
    """Require that the viewer may remove this member: an admin may not remove the owner or admins.

    Raises:
        Conflict: It is not a group.
        Forbidden: The viewer is not an admin, or the member is the owner or an admin.
    """
    require_can_edit_group(access)
    if access.role is not Role.OWNER and member.role is not Role.MEMBER:
        raise Forbidden(CANNOT_MANAGE_MEMBER)


def require_can_set_role(access: Access, member: Member, role: Role) -> None:
    """Require that the viewer may give this role: the owner may; an admin may only step down.

    Raises:
        Conflict: It is not a group, or the owner would step down without a successor.
        Forbidden: The viewer is neither the owner nor an admin who steps down.
    """
    require_group(access)
    is_self = member.user == access.viewer
    if access.role is Role.OWNER:
        if is_self and role is not Role.OWNER:
            raise Conflict(HAND_OVER_FIRST)
        return
    if not (is_self and role is Role.MEMBER):
        raise Forbidden(OWNER_ONLY)
