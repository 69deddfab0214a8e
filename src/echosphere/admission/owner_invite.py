"""The one-time link with which a server without an owner gets one."""

from echosphere.accounts import has_active_owner
from echosphere.admission import store
from echosphere.admission.invite import link_to, new_invite
from echosphere.admission.invites import make_owner_invite
from echosphere.admission.mode import SETTINGS, is_first_owner
from echosphere.database import Command, Database, Transaction
from echosphere.settings import Settings


async def owner_link(database: Database, settings: Settings) -> str | None:
    """Return the link that makes an owner; None where there is one, or the first account will be it.

    The link is the same at each start until it is used. A process for which another one writes has none.
    """
    if not database.writes:
        return None
    token = await database.write(EnsureOwnerInvite())
    return None if token is None else link_to(settings.base_url, token)


class EnsureOwnerInvite(Command[str | None]):
    """Return the token of the unused invite for the owner, which is made where no one owns the server.

    Where there is an owner who is not kept out, an unused one is revoked. Where the secret has changed
    since, it gets another token.
    """

    def run(self, transaction: Transaction) -> str | None:
        """Find it, or make it."""
        settings = SETTINGS.of(transaction).current
        if has_active_owner(transaction) or is_first_owner(transaction, settings):
            store.revoke_owner_invites(transaction)
            return None
        invite = store.find_owner_invite(transaction)
        if invite is None:
            make_owner_invite(transaction, new_invite(settings.secret_key))
            invite = store.find_owner_invite(transaction)
        assert invite is not None  # noqa: S101 - made just now
        return store.renewed_token(transaction, invite, settings.secret_key)
