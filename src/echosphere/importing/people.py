"""Stores who the people of a source are here: accounts whose address is confirmed, or placeholders."""

from collections.abc import Mapping, Sequence

import msgspec

from echosphere.accounts import (
    EmailConfirmed,
    InvalidValueError,
    create_placeholder,
    find_own_user,
    find_user_id_by_email,
    has_confirmed_email,
    normalize_email,
)
from echosphere.avatars import add_placeholder_avatar
from echosphere.database import Command, Snapshot, Transaction
from echosphere.importing import store
from echosphere.importing.format import Person
from echosphere.importing.store import ImportedPerson

CLAIM = "importing.claim"
"""The job that gives an account what its owner wrote elsewhere; `{placeholder, account}`."""


class Identity(msgspec.Struct, frozen=True):
    """Who a person of a source is here.

    Attributes:
        user_id: The user; empty in a dry run for somebody who is not known yet.
        matched: They have an account.
        new: This call made a placeholder.
    """

    user_id: str
    matched: bool
    new: bool = False


class IdentifyPeople(Command[list[Identity]], own_transaction=True):
    """Find out who people of a source are, and make placeholders of those who have no account.

    An account counts only if it is known that its address is its owner's.
    """

    source: str
    people: Sequence[Person]

    def run(self, transaction: Transaction) -> list[Identity]:
        """Find or make them, in the given order."""
        known = store.find_people(transaction, self.source, [one.id for one in self.people])
        found: dict[str, Identity] = {}
        for one in self.people:
            if one.id not in found:  # an id that comes twice is the first one
                found[one.id] = _identify(transaction, self.source, one, known.get(one.id))
        return [found[one.id] for one in self.people]


class SetPlaceholderAvatar(Command[None]):
    """Give a placeholder a picture that is stored."""

    user_id: str
    avatar: str

    def run(self, transaction: Transaction) -> None:
        """Set it."""
        add_placeholder_avatar(transaction, self.user_id, self.avatar)


def recognize_people(snapshot: Snapshot, source: str, people: Sequence[Person]) -> list[Identity]:
    """Return who people of a source would be, without storing anything."""
    known = store.find_people(snapshot, source, [one.id for one in people])
    found = []
    for one in people:
        row = known.get(one.id)
        if row is not None:
            found.append(_known(snapshot, row))
        else:
            account = _account_of(snapshot, one)
            found.append(Identity(account or "", account is not None))
    return found


def claim(transaction: Transaction, placeholder: str, account: str) -> bool:
    """Give an account what its owner wrote elsewhere, by a job; return False if it is not to be had."""
    if not store.claim(transaction, placeholder, account):
        return False
    transaction.enqueue(CLAIM, {"placeholder": placeholder, "account": account})
    return True


def claimed_among(
    transaction: Transaction, source: str, placeholders: Mapping[str, str]
) -> dict[str, str]:
    """Return the accounts of those placeholders that were claimed since the import looked for them.

    Args:
        transaction: Until its end none of the others is claimed.
        source: Where they come from.
        placeholders: Their ids here, by those of the source.
    """
    found = store.lock_people(transaction, source, placeholders)
    return {
        before: found[person].user_id
        for person, before in placeholders.items()
        if person in found and found[person].user_id != before
    }


def claim_the_rest(transaction: Transaction, claimed: Mapping[str, str]) -> None:
    """Give accounts what an import has just stored for their placeholders, after the claim."""
    for placeholder, account in claimed.items():
        transaction.enqueue(CLAIM, {"placeholder": placeholder, "account": account})


def claim_by_email(transaction: Transaction, event: EmailConfirmed) -> None:
    """Give an account the placeholders of its address, now that it is known to be its owner's."""
    user = find_own_user(transaction, event.user_id)
    if user is None or not user.email:
        return
    for one in store.placeholders_with_email(transaction, user.email):
        claim(transaction, one.user_id, user.id)


def _identify(
    transaction: Transaction, source: str, person: Person, known: ImportedPerson | None
) -> Identity:
    email, account = _normalized(person), _account_of(transaction, person)
    if known is None:
        user_id = account or create_placeholder(transaction, person.name, is_program=person.program)
        row = ImportedPerson(source, person.id, user_id, email, account is None)
        store.add_person(transaction, row)
        return Identity(user_id, account is not None, new=account is None)
    if known.placeholder and email != known.email and email is not None:
        store.set_email(transaction, known._replace(email=email))
    if known.placeholder and account is not None and claim(transaction, known.user_id, account):
        return Identity(account, matched=True)
    return _known(transaction, known)


def _known(snapshot: Snapshot, row: ImportedPerson) -> Identity:
    """Return who somebody is whom an earlier import knew; an account may have been closed since."""
    is_account = not row.placeholder and find_own_user(snapshot, row.user_id) is not None
    return Identity(row.user_id, is_account)


def _account_of(snapshot: Snapshot, person: Person) -> str | None:
    email = _normalized(person)
    found = None if email is None else find_user_id_by_email(snapshot, email)
    if found is None or not has_confirmed_email(snapshot, found):
        return None
    return found if find_own_user(snapshot, found) is not None else None


def _normalized(person: Person) -> str | None:
    if person.email is None or person.program:
        return None
    try:
        return normalize_email(person.email)
    except InvalidValueError:
        return None
