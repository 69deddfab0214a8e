"""Contacts, contact requests and blocks: which users can reach each other."""

from echosphere.contacts.accept import make_contacts
from echosphere.contacts.account_changes import announce_changed_profile, purge_contacts
from echosphere.contacts.block import Acquaintance
from echosphere.contacts.events import (
    BlockChanged,
    ContactChanged,
    ContactRequested,
    FirstMessage,
)
from echosphere.contacts.live import ContactsLive
from echosphere.contacts.operations import ContactsOperations
from echosphere.contacts.send_request import send_request_to_user
from echosphere.contacts.store import (
    are_contacts,
    block_lookup,
    blocked_pairs,
    blocked_user_ids,
    blockers_of,
    filter_contacts,
    find_received_request,
    has_pending_request_from,
    is_blocked_between,
    is_blocked_with,
    requests_between,
)
from echosphere.contacts.wiring import install

__all__ = [
    "Acquaintance",
    "BlockChanged",
    "ContactChanged",
    "ContactRequested",
    "ContactsLive",
    "ContactsOperations",
    "FirstMessage",
    "announce_changed_profile",
    "are_contacts",
    "block_lookup",
    "blocked_pairs",
    "blocked_user_ids",
    "blockers_of",
    "filter_contacts",
    "find_received_request",
    "has_pending_request_from",
    "install",
    "is_blocked_between",
    "is_blocked_with",
    "make_contacts",
    "purge_contacts",
    "requests_between",
    "send_request_to_user",
]
