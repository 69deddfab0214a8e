"""Contacts: who may find and reach whom."""

from echosphere.contacts.events import BlockChanged
from echosphere.contacts.live import ContactsLive
from echosphere.contacts.people import forget_person, show_new_profile
from echosphere.contacts.store import (
    are_contacts,
    blocked_either_way,
    blockers_of,
    blocks_among,
    contacts_among,
    is_blocked_between,
)
from echosphere.contacts.web import ContactsApi

__all__ = [
    "BlockChanged",
    "ContactsApi",
    "ContactsLive",
    "are_contacts",
    "blocked_either_way",
    "blockers_of",
    "blocks_among",
    "contacts_among",
    "forget_person",
    "is_blocked_between",
    "show_new_profile",
]
