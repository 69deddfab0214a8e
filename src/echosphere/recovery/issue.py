"""Issues and consumes one-time links."""

from echosphere.accounts import credentials_digest, lock_user
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.core.ids import new_token, token_hash
from echosphere.database import Snapshot, Transaction
from echosphere.recovery import store
from echosphere.recovery.link import LIFETIME, OneTimeLink, Purpose, no_such_link


def issue_link(
    transaction: Transaction, purpose: Purpose, user_id: str, email: str | None = None
) -> str:
    """Issue a link in place of earlier ones of its purpose, and return its token.

    Raises:
        NotFound: There is no such open account.
    """
    lock_user(transaction, user_id)
    credentials = credentials_digest(transaction, user_id)
    if credentials is None:
        raise NotFound("Account not found.")
    store.delete_links(transaction, user_id, purpose)
    token, expires_at = new_token(), transaction.now + LIFETIME
    link = OneTimeLink(purpose, user_id, email, credentials, expires_at, used=False)
    store.insert_link(transaction, token_hash(token), link)
    return token


def find_valid_link(snapshot: Snapshot, purpose: Purpose, token: str) -> OneTimeLink:
    """Return a link that can be used now.

    Raises:
        Gone: It cannot.
    """
    link = store.find_link(snapshot, token_hash(token))
    if link is None or link.purpose != purpose or link.used or link.expires_at <= snapshot.now:
        raise no_such_link()
    return _while_credentials_last(snapshot, link)


def use_link(transaction: Transaction, purpose: Purpose, token: str) -> OneTimeLink:
    """Use a link up and return it.

    Raises:
        Gone: It was used before, has expired, or is void.
    """
    link = store.consume_link(transaction, token_hash(token), purpose)
    if link is None:
        raise no_such_link()
    lock_user(transaction, link.user_id)
    return _while_credentials_last(transaction, link)


def use_own_link(transaction: Transaction, purpose: Purpose, token: str, caller: Caller) -> str:
    """Use up a link of the caller's, and return the address it was sent to.

    Raises:
        Gone: It was used before, has expired, is void, or is another account's.
    """
    link = use_link(transaction, purpose, token)
    if link.user_id != caller.user_id:
        raise no_such_link()
    return link.email or ""


def _while_credentials_last(snapshot: Snapshot, link: OneTimeLink) -> OneTimeLink:
    if credentials_digest(snapshot, link.user_id) != link.credentials:
        raise no_such_link()
    return link
