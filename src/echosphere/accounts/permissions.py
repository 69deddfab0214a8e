"""Decides which role may do what on the server: the only place that does.

The table in docs/security-model.md is made from `RULES`: `python -m tests.docs.permissions_table`.
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from echosphere.accounts.roles import AccountRole
from echosphere.core.caller import Caller
from echosphere.core.errors import Forbidden, NotFound

UNKNOWN = "Not found."
NOT_OVER_THEM = "You cannot do this to someone with this role. Ask an owner of this server."
NOT_AS_GUEST = (
    "Guests cannot do this. Ask the person who invited you, or an administrator of this server."
)

OWNER, ADMINISTRATOR, MODERATOR, MEMBER, GUEST = AccountRole


class Action(StrEnum):
    """What only some roles may do; the value is the row in the table."""

    VIEW_ADMINISTRATION = "open the Administration pages: people, storage, health, jobs"
    MANAGE_USERS = "create, deactivate, suspend or sign out an account"
    RESET_ACCESS = "restore access: reset a user's password or second factor"
    CHANGE_ROLE = "change a user's role"
    INVITE_TO_SERVER = "invite people to the server"
    INVITE_WHERE_ALL_MAY = "invite people to the server, if the operator allows everyone to"
    APPROVE_REGISTRATIONS = "approve or reject registrations"
    CHANGE_SETTINGS = "change settings while the server runs"
    SET_QUOTA = "set a storage limit for a single user"
    READ_AUDIT_LOG = "read and export the audit log"
    ANNOUNCE = "make an announcement to everyone"
    SEE_REPORTS = "see reports, each with its message and up to five around it"
    DECIDE_REPORTS = "decide reports: issue a warning, remove the message"
    SEARCH_DIRECTORY = "find people in the directory, and be found there"
    ADD_CONTACTS = "send contact requests and personal invitations"
    START_CONVERSATIONS = "start direct conversations"
    CREATE_GROUPS = "create groups"
    CREATE_BOTS = "create bots"
    MOVE_CONVERSATIONS = "import and export conversations on the server's command line"


class Rule(msgspec.Struct, frozen=True):
    """Who may take an action.

    Attributes:
        roles: The roles that may.
        only_below: Whether the other account must have a lower role; owners may do it to anyone.
        hidden: Whether the others must not know that there is such a thing; else they are guests.
    """

    roles: frozenset[AccountRole]
    only_below: bool = False
    hidden: bool = True


_OWNER = Rule(frozenset({OWNER}))
_ADMINISTRATION = Rule(frozenset({OWNER, ADMINISTRATOR}))
_OVER_OTHERS = Rule(frozenset({OWNER, ADMINISTRATOR}), only_below=True)
_MODERATION = Rule(frozenset({OWNER, ADMINISTRATOR, MODERATOR}))
_NOT_GUESTS = Rule(frozenset(AccountRole) - {GUEST}, hidden=False)

RULES = {
    Action.VIEW_ADMINISTRATION: _ADMINISTRATION,
    Action.MANAGE_USERS: _OVER_OTHERS,
    Action.RESET_ACCESS: _OVER_OTHERS,
    Action.CHANGE_ROLE: _OVER_OTHERS,
    Action.INVITE_TO_SERVER: _ADMINISTRATION,
    Action.INVITE_WHERE_ALL_MAY: _NOT_GUESTS,
    Action.APPROVE_REGISTRATIONS: _ADMINISTRATION,
    Action.CHANGE_SETTINGS: _ADMINISTRATION,
    Action.SET_QUOTA: _OVER_OTHERS,
    Action.READ_AUDIT_LOG: _ADMINISTRATION,
    Action.ANNOUNCE: _ADMINISTRATION,
    Action.SEE_REPORTS: _MODERATION,
    Action.DECIDE_REPORTS: _MODERATION,
    Action.SEARCH_DIRECTORY: _NOT_GUESTS,
    Action.ADD_CONTACTS: _NOT_GUESTS,
    Action.START_CONVERSATIONS: _NOT_GUESTS,
    Action.CREATE_GROUPS: _NOT_GUESTS,
    Action.CREATE_BOTS: _NOT_GUESTS,
    Action.MOVE_CONVERSATIONS: _OWNER,
}


def may(role: str, action: Action, target_role: str | None = None) -> bool:
    """Whether a role may take an action, on an account with `target_role` where it is about one."""
    rule, own = RULES[action], AccountRole(role)
    if own not in rule.roles:
        return False
    if target_role is None or not rule.only_below or own is OWNER:
        return True
    return own.outranks(AccountRole(target_role))


def require_permission(caller: Caller, action: Action, target_role: str | None = None) -> None:
    """Refuse a caller whose role may not take an action.

    Raises:
        NotFound: The caller must not know that there is such a thing.
        Forbidden: The caller's role may not, or not to someone with this role.
    """
    if may(caller.role, action, target_role):
        return
    rule = RULES[action]
    if AccountRole(caller.role) in rule.roles:
        raise Forbidden(NOT_OVER_THEM)
    if rule.hidden:
        raise NotFound(UNKNOWN)
    raise Forbidden(NOT_AS_GUEST)


def permission(action: Action) -> Callable[[Caller], None]:
    """Return the check of an action, for the declaration of an operation."""

    def require(caller: Caller) -> None:
        require_permission(caller, action)

    return require
