"""What ends endpoints, or their secrets: the end of their bot, of ways in, and time."""

from typing import Any

from echosphere.accounts import AccountClosed, SecurityEvent, SignedOutEverywhere, bots_of
from echosphere.api_keys import ENDS_KEYS
from echosphere.bots import BotDeleted
from echosphere.core.encryption import SealedWithAnotherKeyError, Sealer
from echosphere.database import Command, Transaction
from echosphere.endpoints import store
from echosphere.endpoints.endpoint import Disabled, Endpoint
from echosphere.endpoints.manage import SEALER
from echosphere.endpoints.note import disable


class KeepSecrets(Command[None], own_transaction=True):
    """Seal what was sealed with the server's secret before, and forget secrets that sign no more."""

    endpoints: tuple[str, ...]

    def run(self, transaction: Transaction) -> None:
        """Seal and forget."""
        sealer = SEALER.of(transaction)
        for one in self.endpoints:
            endpoint = store.lock_endpoint(transaction, one)
            if endpoint is not None:
                changed = _kept(sealer, endpoint, transaction.now)
                store.update_endpoint(transaction, endpoint.id, **changed)


def delete_endpoints_of(transaction: Transaction, event: BotDeleted) -> None:
    """Delete the endpoints of a deleted bot."""
    for endpoint in store.lock_endpoints_of(transaction, [event.bot]):
        store.delete_endpoint(transaction, endpoint.id)


def disable_with_ways_in(transaction: Transaction, event: SecurityEvent) -> None:
    """Disable the endpoints of a person's bots where their keys end, too."""
    if event.kind in ENDS_KEYS:
        _disable_all(transaction, event.user_id, Disabled.PASSWORD)


def disable_everywhere(transaction: Transaction, event: SignedOutEverywhere) -> None:
    """Disable the endpoints of the bots of a person whom an administrator signed out."""
    _disable_all(transaction, event.user_id, Disabled.PASSWORD)


def disable_with_owner(transaction: Transaction, event: AccountClosed) -> None:
    """Disable the endpoints of the bots of a person who closed their account."""
    _disable_all(transaction, event.user_id, Disabled.OWNER)


def _disable_all(transaction: Transaction, owner: str, why: Disabled) -> None:
    bots = [bot.id for bot in bots_of(transaction, owner)]
    for endpoint in store.lock_endpoints_of(transaction, bots):
        if endpoint.disabled_at is None:
            disable(transaction, endpoint, why)


def _kept(sealer: Sealer, endpoint: Endpoint, now: int) -> dict[str, str | int | None]:
    changed: dict[str, str | int | None] = {}
    if endpoint.previous_until is not None and endpoint.previous_until <= now:
        changed = {"previous_secret": None, "previous_until": None}
    for name in ("secret", "previous_secret"):
        sealed = changed.get(name, getattr(endpoint, name))
        changed[name] = _sealed_anew(sealer, endpoint.id, sealed)
    return changed


def _sealed_anew(sealer: Sealer, endpoint: str, sealed: Any) -> str | None:
    if sealed is None:
        return None
    try:
        plain, is_outdated = sealer.open(endpoint, sealed)
    except SealedWithAnotherKeyError:
        return str(sealed)
    return sealer.seal(endpoint, plain) if is_outdated else str(sealed)
