"""Contacts: who may find and reach whom."""

from echosphere.contacts.live import ContactsLive
from echosphere.contacts.people import forget_person, show_new_profile
from echosphere.contacts.store import are_contacts, contacts_among, is_blocked_between
from echosphere.contacts.web import ContactsApi

__all__ = [
    "ContactsApi",
    "ContactsLive",
    "are_contacts",
    "contacts_among",
    "forget_person",
    "is_blocked_between",
    "show_new_profile",
]
