"""Appends to the audit log."""

from echosphere.audit import store
from echosphere.audit.entry import Actor, AuditRecorded, Entry, encode_details, hash_address
from echosphere.core.ids import new_token
from echosphere.database import Transaction


def record(
    transaction: Transaction,
    actor: Actor,
    action: str,
    target: str | None = None,
    **details: str | int | bool | None,
) -> None:
    """Append an entry in the transaction of the act itself.

    Call it last: on PostgreSQL, others that record something wait from here to the commit.

    Args:
        transaction: The transaction of the act.
        actor: Who acts, and from where.
        action: What was done, such as `user.deactivated`.
        target: The id of what it was done to.
        **details: Ids, roles, times; never names, e-mail addresses or what someone wrote.
    """
    head = store.lock_head(transaction)
    salt = None if actor.address is None else new_token()
    hashed = None if actor.address is None else hash_address(salt or "", actor.address)
    entry = Entry(
        number=head.number + 1,
        at=transaction.now,
        actor=actor.id,
        action=action,
        target=target,
        details=encode_details(details),
        address_hash=hashed,
        address=actor.address,
        address_salt=salt,
        hash="",
    )
    store.append(transaction, entry._replace(hash=entry.expected_hash(head.hash)))
    transaction.announce(AuditRecorded(entry.number))
