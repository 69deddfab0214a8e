"""Signing out that begins, or goes on, at a provider."""

from contextlib import suppress

from echosphere.accounts import end_session
from echosphere.core.errors import NotFound
from echosphere.core.ids import token_hash
from echosphere.database import Command, Transaction
from echosphere.openid_connect import store
from echosphere.openid_connect.discovery import Metadata
from echosphere.openid_connect.flow import with_query
from echosphere.openid_connect.tokens import LEEWAY, LOGOUT_AGE, Claims, session_id, subject_of
from echosphere.settings import OpenIdProvider

REASON = "provider"


class EndByProvider(Command[bool], own_transaction=True):
    """End the sessions that a logout token is about; return False if the token was used before.

    Attributes:
        issuer: Who says so.
        token_id: Which token it is.
        subject: Whose sessions end; None for all of `sid`.
        sid: The provider's session; None for all of `subject`.
    """

    issuer: str
    token_id: str
    subject: str | None
    sid: str | None

    @classmethod
    def of(cls, issuer: str, claims: Claims) -> "EndByProvider":
        """Return what the checked claims of a token ask for."""
        return cls(issuer, claims["jti"], subject_of(claims), session_id(claims))

    def run(self, transaction: Transaction) -> bool:
        """End them."""
        once = token_hash("\0".join(("logout", self.issuer, self.token_id)))
        if not store.use_token(transaction, once, transaction.now + LOGOUT_AGE + 2 * LEEWAY):
            return False
        whose = (self.issuer, self.subject, self.sid)
        store.end_pending(transaction, *whose)
        for session, user_id in store.sessions_of(transaction, *whose):
            with suppress(NotFound):  # it ended by itself
                end_session(transaction, user_id, session, REASON)
        return True


def end_sessions_by(
    transaction: Transaction, user_id: str, issuer: str, *, except_session: str
) -> None:
    """End what a user signed in to by a provider; one session goes on, and forgets the provider."""
    store.void_pending_of(transaction, user_id, issuer)
    for session in store.sessions_opened_by(transaction, user_id, issuer):
        if session != except_session:
            with suppress(NotFound):  # it ended by itself
                end_session(transaction, user_id, session)
    store.forget_sessions(transaction, user_id, issuer)


def end_session_url(metadata: Metadata, provider: OpenIdProvider, back: str) -> str | None:
    """Return where someone signs out at the provider, too (RP-Initiated Logout); None without that.

    No ID token goes with it, which would stand in the histories of browsers: the provider asks instead.
    """
    if metadata.end_session_endpoint is None or not provider.sign_out:
        return None
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    return with_query(metadata.end_session_endpoint, asked)
