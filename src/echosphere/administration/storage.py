"""Shows storage use per person, and sets individual limits."""

from echosphere import audit
from echosphere.accounts import Action, get_own_user, may, proven_actor, require_permission
from echosphere.administration import wire
from echosphere.attachments import (
    PersonUsage,
    Quota,
    StorageWanted,
    find_quota,
    save_quota,
    total_bytes_stored,
    usage_by_person,
)
from echosphere.core.caller import Caller
from echosphere.database import Command, Snapshot, Transaction

PAGE = 30


def show_storage(
    snapshot: Snapshot, caller: Caller, call: wire.StorageCall, quota: Quota, free: int
) -> wire.StorageOverview:
    """Return the totals and a page of the people.

    Args:
        snapshot: The database.
        caller: Who looks; it decides whose limit can be changed.
        call: Which people, and in which order.
        quota: The limits for everyone.
        free: Free bytes of the disk.
    """
    wanted = StorageWanted(call.query.strip(), call.sort, call.own, call.offset, PAGE + 1)
    found = usage_by_person(snapshot, wanted)
    return wire.StorageOverview(
        used=total_bytes_stored(snapshot),
        quota=quota.server or None,
        quota_per_person=quota.user or None,
        free_bytes=free,
        people=[_shape(caller, one, quota) for one in found[:PAGE]],
        more=len(found) > PAGE,
    )


def _shape(caller: Caller, one: PersonUsage, quota: Quota) -> wire.PersonStorage:
    limit = quota.user if one.own_quota is None else one.own_quota
    is_open = one.email is not None
    return wire.PersonStorage(
        id=one.user_id,
        name=one.name if is_open else None,
        email=one.email,
        avatar_url=one.avatar_url,
        files=one.files,
        used=one.used,
        by_programs=one.by_programs,
        quota=limit or None,
        own_quota=one.own_quota is not None,
        manageable=is_open and may(caller.role, Action.SET_QUOTA, one.role),
    )


class SetQuota(Command[None], own_transaction=True):
    """Set how much one person's files may take up, or let what holds for everyone hold.

    Raises:
        NotFound: There is no such open account.
        Forbidden: Its role is not below the caller's.
        ProofNeeded: The caller has not proved lately who they are.
    """

    caller: Caller
    user_id: str
    quota: int | None

    def run(self, transaction: Transaction) -> None:
        """Set it."""
        user, quota = get_own_user(transaction, self.user_id), self.quota
        require_permission(self.caller, Action.SET_QUOTA, user.role)
        actor = proven_actor(transaction, self.caller)
        before = find_quota(transaction, user.id)
        if quota != before:
            save_quota(transaction, user.id, quota)
            audit.record(
                transaction, actor, "user.quota_changed", user.id, bytes=quota, bytes_before=before
            )
