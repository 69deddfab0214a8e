"""Queries for passkeys and for used challenges."""

from collections.abc import Collection

import msgspec
from sqlalchemy import delete, func, or_, select, update

from echosphere.core.ids import new_id
from echosphere.database import Row, Snapshot, Transaction, insert
from echosphere.second_factor.challenges import ChallengeUse
from echosphere.second_factor.signatures import NewCredential, Signed
from echosphere.second_factor.store.tables import passkey_challenges, passkeys, totp_secrets

_one = passkeys.c


class StoredPasskey(msgspec.Struct, frozen=True):
    """A passkey of a user."""

    id: str
    credential: str
    user_id: str
    public_key: str
    name: str
    transports: tuple[str, ...]
    host: str
    created_at: int
    used_at: int | None


_COLUMNS = (
    _one.id,
    _one.credential,
    _one.user_id,
    _one.public_key,
    _one.name,
    _one.transports,
    _one.host,
    _one.created_at,
    _one.used_at,
)


def insert_passkey(
    transaction: Transaction,
    user_id: str,
    made: NewCredential,
    *,
    name: str,
    transports: Collection[str],
    host: str,
) -> str | None:
    """Store a passkey and return its id; None if someone has registered it already."""
    passkey = new_id()
    statement = insert(passkeys).values(
        id=passkey,
        credential=made.credential,
        user_id=user_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=name,
        transports=",".join(transports),
        host=host,
        backed_up=made.backed_up,
        created_at=transaction.now,
    )
    unless_there = statement.on_conflict_do_nothing(index_elements=["credential"])
    return transaction.execute(unless_there.returning(_one.id)).scalar()


def find_passkey(snapshot: Snapshot, credential: str) -> StoredPasskey | None:
    """Return the passkey of a credential, or None."""
    row = snapshot.execute(select(*_COLUMNS).where(_one.credential == credential)).first()
    return None if row is None else _stored(tuple(row))


def passkeys_of(snapshot: Snapshot, user_id: str) -> list[StoredPasskey]:
    """Return a user's passkeys, the oldest first."""
    mine = select(*_COLUMNS).where(_one.user_id == user_id).order_by(_one.created_at, _one.id)
    return [_stored(tuple(row)) for row in snapshot.execute(mine)]


def advance_passkey(transaction: Transaction, passkey: str, signed: Signed) -> bool:
    """Store that a passkey signed; False if its counter went back or the passkey is gone.

    Authenticators without a counter always say 0.
    """
    never = (_one.sign_count == 0,) if signed.sign_count == 0 else ()
    forward = or_(_one.sign_count < signed.sign_count, *never)
    values = {
        "sign_count": signed.sign_count,
        "backed_up": signed.backed_up,
        "used_at": transaction.now,
    }
    statement = update(passkeys).where(_one.id == passkey, forward).values(values)
    return transaction.execute(statement).rowcount == 1


def rename_passkey(transaction: Transaction, user_id: str, passkey: str, name: str) -> bool:
    """Give a user's passkey another name; return whether there is one."""
    mine = (_one.user_id == user_id, _one.id == passkey)
    return transaction.execute(update(passkeys).where(*mine).values(name=name)).rowcount == 1


def delete_passkey(transaction: Transaction, user_id: str, passkey: str) -> bool:
    """Delete a user's passkey; return whether there was one."""
    mine = (_one.user_id == user_id, _one.id == passkey)
    return transaction.execute(delete(passkeys).where(*mine)).rowcount == 1


def has_working_factor(snapshot: Snapshot, user_id: str, host: str) -> bool:
    """Whether a user has an app, or a passkey for this host."""
    app = (totp_secrets.c.user_id == user_id, totp_secrets.c.secret.is_not(None))
    if snapshot.execute(select(totp_secrets.c.user_id).where(*app)).first() is not None:
        return True
    return has_passkey(snapshot, user_id, host)


def has_passkey(snapshot: Snapshot, user_id: str, host: str) -> bool:
    """Whether a user has a passkey for this host."""
    fits = select(_one.id).where(_one.user_id == user_id, _one.host == host).limit(1)
    return snapshot.execute(fits).first() is not None


def count_passkeys_of_other_hosts(snapshot: Snapshot, host: str) -> int:
    """Return how many passkeys were made for a host that is not this one."""
    statement = select(func.count()).select_from(passkeys).where(_one.host != host)
    number: int = snapshot.execute(statement).scalar_one()
    return number


def use_challenge(transaction: Transaction, use: ChallengeUse) -> bool:
    """Use a challenge up; return False if that was done already. Forgets expired ones."""
    used = passkey_challenges.c
    transaction.execute(delete(passkey_challenges).where(used.expires_at <= transaction.now))
    statement = insert(passkey_challenges).values(
        challenge_hash=use.hashed,
        purpose=use.purpose,
        subject=use.subject,
        expires_at=use.expires_at,
    )
    once = statement.on_conflict_do_nothing(index_elements=["challenge_hash"])
    return transaction.execute(once.returning(used.challenge_hash)).first() is not None


def _stored(row: Row) -> StoredPasskey:
    passkey, credential, user_id, public_key, name, transports, host, created_at, used_at = row
    known = tuple(filter(None, transports.split(",")))
    return StoredPasskey(
        passkey, credential, user_id, public_key, name, known, host, created_at, used_at
    )
