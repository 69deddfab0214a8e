"""Puts contacts together."""

from echosphere.accounts import AccountClosing, ProfileChanged
from echosphere.contacts.account_changes import announce_changed_profile, purge_contacts
from echosphere.contacts.block import ACQUAINTANCE_OF, AcquaintanceOf
from echosphere.contacts.live import ContactsLive
from echosphere.contacts.operations import ContactsOperations
from echosphere.contacts.send_request import SEND_REQUEST, SendRequest
from echosphere.platform import Platform


def install(platform: Platform, send_request: SendRequest, acquaintance_of: AcquaintanceOf) -> None:
    """Serve contacts, and follow how accounts look."""
    ContactsLive().serve(platform.fan_out)
    platform.database.provide(SEND_REQUEST, send_request)
    platform.database.provide(ACQUAINTANCE_OF, acquaintance_of)
    platform.operations.add(ContactsOperations(platform.database).all())
    platform.database.in_same_transaction(ProfileChanged, announce_changed_profile)
    platform.database.in_same_transaction(AccountClosing, purge_contacts)
