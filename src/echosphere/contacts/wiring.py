"""Puts contacts together."""

from echosphere.accounts import AccountClosing, ProfileChanged
from echosphere.contacts.account_changes import announce_changed_profile, purge_contacts
from echosphere.contacts.block import AcquaintanceOf
from echosphere.contacts.live import ContactsLive
from echosphere.contacts.operations import ContactsOperations, SendRequestToUser
from echosphere.platform import Platform


def install(
    platform: Platform, send_request: SendRequestToUser, acquaintance_of: AcquaintanceOf
) -> None:
    """Serve contacts, and follow how accounts look."""
    ContactsLive().serve(platform.fan_out)
    platform.operations.add(
        ContactsOperations(platform.database, send_request, acquaintance_of).all()
    )
    platform.database.in_same_transaction(ProfileChanged, announce_changed_profile)
    platform.database.in_same_transaction(AccountClosing, purge_contacts)
