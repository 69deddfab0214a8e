"""What a user sees of their own second factors."""

from echosphere.accounts import require_fresh_proof
from echosphere.core.caller import Caller
from echosphere.core.errors import ProofNeeded
from echosphere.database import Snapshot
from echosphere.second_factor import store
from echosphere.second_factor.relying_party import RelyingParty
from echosphere.second_factor.store import StoredPasskey
from echosphere.second_factor.wire import Passkey, RememberedDevice, SecondFactorAnswer


def second_factor_of(snapshot: Snapshot, caller: Caller, party: RelyingParty) -> SecondFactorAnswer:
    """Return the caller's factors and remembered devices."""
    app = store.find_totp(snapshot, caller.user_id)
    return SecondFactorAnswer(
        app_since=app.confirmed_at if app and app.secret else None,
        recovery_codes=store.count_recovery_codes(snapshot, caller.user_id),
        devices=[
            RememberedDevice(row.id, row.device, row.address, row.created_at, row.expires_at)
            for row in store.remembered_of(snapshot, caller.user_id)
        ],
        passkeys=[_passkey(one, party) for one in store.passkeys_of(snapshot, caller.user_id)],
        no_passkeys=party.missing,
    )


def has_fresh_proof(snapshot: Snapshot, caller: Caller) -> bool:
    """Whether the caller has proved lately who they are."""
    try:
        require_fresh_proof(snapshot, caller)
    except ProofNeeded:
        return False
    return True


def _passkey(known: StoredPasskey, party: RelyingParty) -> Passkey:
    works = known.host == party.host and party.missing is None
    return Passkey(known.id, known.name, known.host, works, known.created_at, known.used_at)
