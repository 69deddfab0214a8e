"""Sends changes of an account to the user's own devices."""

from collections.abc import Sequence

from echosphere.accounts import store
from echosphere.accounts.events import OwnAccountChanged, ProfileChanged, SettingsChanged
from echosphere.accounts.staff import StaffTold, tell_of_accounts
from echosphere.accounts.wire import OwnUserAnswer
from echosphere.database import Database, Transaction
from echosphere.realtime.delivery import FanOut, ToUser, ToUsers
from echosphere.wire import AdministrationEvent


class AccountsLive:
    """Sends the events `me` and, to those who look after the server, `administration`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def serve(self, fan_out: FanOut) -> None:
        """Subscribe to profile and settings changes of all features."""
        self._database.in_same_transaction(ProfileChanged, announce_own_account)
        self._database.in_same_transaction(SettingsChanged, announce_own_account)
        fan_out.on(OwnAccountChanged, own_account_event)
        tell_of_accounts(self._database)
        fan_out.on(StaffTold, staff_event)


def announce_own_account(transaction: Transaction, event: ProfileChanged | SettingsChanged) -> None:
    """Announce the changed account, unless it is closed."""
    account = store.find_own_user(transaction, event.user_id)
    if account is not None:
        transaction.announce(OwnAccountChanged(account))


def own_account_event(event: OwnAccountChanged) -> Sequence[ToUser]:
    """Return the event `me` for the user's devices."""
    return (ToUser(event.account.id, "me", OwnUserAnswer(event.account)),)


def staff_event(event: StaffTold) -> Sequence[ToUsers]:
    """Return the event `administration` for those who may see its topic."""
    payload = AdministrationEvent(event.topic, event.user, event.arrived)
    return (ToUsers(event.user_ids, "administration", payload),)
