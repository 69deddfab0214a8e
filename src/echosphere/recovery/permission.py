"""Decides whose password an administrator may reset."""

from echosphere.accounts import Action, require_permission
from echosphere.core.caller import Caller


def require_may_reset(caller: Caller, role: str | None = None) -> None:
    """Refuse a caller who may not let others back in, or not the owner of this role.

    Raises:
        NotFound: The caller is no administrator.
        Forbidden: The other is above them.
    """
    require_permission(caller, Action.RESET_ACCESS, role)
