"""Signing out that begins, or goes on, at a provider."""

from echosphere.accounts import end_session
from echosphere.core.errors import NotFound
from echosphere.core.ids import token_hash
from echosphere.database import Transaction, alone
from echosphere.openid_connect import store
from echosphere.openid_connect.discovery import Metadata
from echosphere.openid_connect.errors import ProviderError
from echosphere.openid_connect.flow import with_query
from echosphere.openid_connect.tokens import LEEWAY, LOGOUT_AGE, Claims, session_id, subject_of
from echosphere.settings import OpenIdProvider

REASON = "provider"


@alone
def end_by_provider(transaction: Transaction, issuer: str, claims: Claims) -> int:
    """End the sessions that a logout token is about; return how many there were.

    Args:
        transaction: The transaction.
        issuer: Who says so.
        claims: The checked claims of the token.

    Raises:
        ProviderError: The token was used before.
    """
    once = token_hash("\0".join(("logout", issuer, claims["jti"])))
    if not store.use_token(transaction, once, transaction.now + LOGOUT_AGE + 2 * LEEWAY):
        raise ProviderError("the logout token was used before")
    person, sid = subject_of(claims), session_id(claims)
    store.end_pending(transaction, issuer, person, sid)
    opened = store.sessions_of(transaction, issuer, person, sid)
    for session, user_id in opened:
        try:
            end_session(transaction, user_id, session, REASON)
        except NotFound:  # it ended by itself
            continue
    return len(opened)


def end_session_url(metadata: Metadata, provider: OpenIdProvider, back: str) -> str | None:
    """Return where somebody signs out at the provider, too (RP-Initiated Logout); None without that.

    No ID token goes with it, which would stand in the histories of browsers: the provider asks instead.
    """
    if metadata.end_session_endpoint is None or not provider.sign_out:
        return None
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    return with_query(metadata.end_session_endpoint, asked)
