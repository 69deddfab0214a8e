"""What a person's own devices are told about their account."""

from collections.abc import Sequence

from echosphere.accounts import store
from echosphere.accounts.events import OwnAccountChanged, ProfileChanged, SettingsChanged
from echosphere.accounts.wire import OwnUserAnswer
from echosphere.database import Database, Transaction
from echosphere.realtime.delivery import FanOut, ToUser


class AccountsLive:
    """Sends the event `me`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def serve(self, fan_out: FanOut) -> None:
        """Say what is sent, whichever feature changed the profile."""
        self._database.also(ProfileChanged, tell_own_devices)
        self._database.also(SettingsChanged, tell_own_devices)
        fan_out.on(OwnAccountChanged, own_account)


def tell_own_devices(transaction: Transaction, event: ProfileChanged | SettingsChanged) -> None:
    """Announce the account as it is now, unless it was closed."""
    account = store.find_own_user(transaction, event.user)
    if account is not None:
        transaction.announce(OwnAccountChanged(account))


def own_account(event: OwnAccountChanged) -> Sequence[ToUser]:
    """Keep a person's devices equal."""
    return (ToUser(event.account.id, "me", OwnUserAnswer(event.account)),)
