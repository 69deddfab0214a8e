"""Links that only the owner of their account can use: who else opens one is led to sign in."""

import msgspec
from quart import redirect, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts import get_own_user, redact_email
from echosphere.core.caller import Caller
from echosphere.core.errors import STEPS_NEEDED, Unauthorized
from echosphere.core.rate_limits import address_key
from echosphere.database import Database, Snapshot
from echosphere.recovery.issue import find_valid_link
from echosphere.recovery.limits import USES
from echosphere.recovery.link import OneTimeLink, Purpose
from echosphere.recovery.web.rendering import SEE_OTHER, rendered_page
from echosphere.web import Api, sign_in_url

FORBIDDEN = 403


class OwnLink(msgspec.Struct, frozen=True):
    """A valid link in the hands of whom it was mailed to: they are signed in to its account."""

    caller: Caller
    email: str


async def signed_in_caller(api: Api) -> Caller | None:
    """Return who is signed in, whether or not they may do anything else."""
    try:
        return await api.caller(request)
    except STEPS_NEEDED as needed:
        return needed.caller
    except Unauthorized:
        return None


async def own_link(
    api: Api, database: Database, purpose: Purpose, token: str, template: str
) -> OwnLink | AnyResponse:
    """Return a link of who is signed in, or the page for everyone else.

    Args:
        api: Recognises people, and has the rates.
        database: Holds the links.
        purpose: What the link is for.
        token: Its secret.
        template: The page, which says to someone else whose link it is; the address is masked.

    Raises:
        Gone: The link is not valid any more.
        TooMany: Too many links were tried from this network address.
    """
    api.rate_limiter.take(USES, address_key(request.remote_addr or ""))
    link, own_email = await database.read(_link_and_owner, purpose, token)
    caller = await signed_in_caller(api)
    if caller is None:
        return redirect(sign_in_url(request.path), SEE_OTHER)
    if caller.user_id != link.user_id:
        return await rendered_page(template, FORBIDDEN, other=redact_email(own_email))
    return OwnLink(caller, link.email or "")


def _link_and_owner(snapshot: Snapshot, purpose: Purpose, token: str) -> tuple[OneTimeLink, str]:
    link = find_valid_link(snapshot, purpose, token)
    return link, get_own_user(snapshot, link.user_id).email
