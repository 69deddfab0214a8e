"""What may be done in a group, and by whom."""

from echosphere.conversations import Access, Kind, Member, Role
from echosphere.core.errors import Conflict, Forbidden

CANNOT_EDIT_GROUP = "Only the owner and the admins of the group may do this."
OWNER_ONLY = "Only the owner of the group may do this."
CANNOT_MANAGE_MEMBER = "Only the owner of the group may do this to the owner or an admin."
NOT_A_GROUP = "Only a group has a title, a picture and members that change. Start a group instead."
HAND_OVER_FIRST = "You own this group. Hand it over to another member before you leave."


def require_group(access: Access) -> None:
    """Refuse what a conversation between two people does not have.

    Raises:
        Conflict: It is no group.
    """
    if access.conversation.kind is not Kind.GROUP:
        raise Conflict(NOT_A_GROUP)


def require_can_edit_group(access: Access) -> None:
    """Refuse those who may only take part.

    Raises:
        Conflict: It is no group.
        Forbidden: The person is neither owner nor admin.
    """
    require_group(access)
    if access.role is Role.MEMBER:
        raise Forbidden(CANNOT_EDIT_GROUP)


def require_can_manage_member(access: Access, member: Member) -> None:
    """Refuse an admin who wants to lay hands on the owner or on another admin.

    Raises:
        Conflict: It is no group.
        Forbidden: The member stands as high as the person or higher.
    """
    require_can_edit_group(access)
    if access.role is not Role.OWNER and member.role is not Role.MEMBER:
        raise Forbidden(CANNOT_MANAGE_MEMBER)


def require_can_set_role(access: Access, member: Member, role: Role) -> None:
    """Refuse anybody but the owner; an admin may step down, which takes rights from nobody else.

    Raises:
        Conflict: It is no group; or the owner wants to step down without an heir.
        Forbidden: The person is not the owner.
    """
    require_group(access)
    oneself = member.user == access.viewer
    if access.role is Role.OWNER:
        if oneself and role is not Role.OWNER:
            raise Conflict(HAND_OVER_FIRST)
        return
    if not (oneself and role is Role.MEMBER):
        raise Forbidden(OWNER_ONLY)
