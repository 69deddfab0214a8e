"""The one-time link by which a server that others can reach gets its owner."""

from functools import partial

from echosphere.accounts import has_no_users
from echosphere.admission import store
from echosphere.admission.invite import link_to, token_of
from echosphere.admission.invites import make_owner_invite
from echosphere.core.ids import token_hash
from echosphere.database import Database, Transaction
from echosphere.settings import Settings


async def owner_link(database: Database, settings: Settings) -> str | None:
    """Return the link that makes the first owner; None once it was used, or where none is needed.

    On this machine alone the first account is the owner. The link is the same at each start.
    """
    if not settings.is_public:
        return None
    token = await database.write(ensure_owner_invite, settings.secret_key)
    return None if token is None else link_to(settings.base_url, token)


def ensure_owner_invite(transaction: Transaction, secret: str) -> str | None:
    """Return the token of the unused invite for the owner, which is made on an empty server.

    Where the secret has changed since, it gets another token.
    """
    invite = store.find_owner_invite(transaction)
    if invite is None and has_no_users(transaction):
        make_owner_invite(transaction, partial(token_of, secret))
        invite = store.find_owner_invite(transaction)
    if invite is None or invite.uses:
        return None
    token = token_of(secret, invite.id)
    if token_hash(token) != invite.token_hash:
        store.replace_token(transaction, invite.id, token_hash(token))
    return token
