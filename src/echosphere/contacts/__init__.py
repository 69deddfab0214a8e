"""Contacts: who may find and reach whom."""

from echosphere.contacts.ask import ask_person
from echosphere.contacts.become import make_contacts
from echosphere.contacts.block import Acquaintance
from echosphere.contacts.events import (
    BlockChanged,
    ContactChanged,
    ContactRequested,
    FirstMessage,
)
from echosphere.contacts.live import ContactsLive
from echosphere.contacts.operations import ContactsOperations
from echosphere.contacts.people import forget_person, show_new_profile
from echosphere.contacts.store import (
    are_contacts,
    blocked_either_way,
    blockers_of,
    blocks_among,
    contacts_among,
    find_request,
    has_asked,
    is_blocked_between,
    requests_between,
)

__all__ = [
    "Acquaintance",
    "BlockChanged",
    "ContactChanged",
    "ContactRequested",
    "ContactsLive",
    "ContactsOperations",
    "FirstMessage",
    "are_contacts",
    "ask_person",
    "blocked_either_way",
    "blockers_of",
    "blocks_among",
    "contacts_among",
    "find_request",
    "forget_person",
    "has_asked",
    "is_blocked_between",
    "make_contacts",
    "requests_between",
    "show_new_profile",
]
