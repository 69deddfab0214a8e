"""Limits for invitations by e-mail: per inviting user and per address."""

from collections.abc import Sequence

from echosphere.accounts import Action, may
from echosphere.core.caller import Caller
from echosphere.core.errors import Invalid
from echosphere.core.rate_limits import RateLimiter, per_hour

MAX_AT_ONCE = 20
"""People whom someone who is not an administrator invites by mail, at once and within an hour."""

MAILS_OF_PERSON = per_hour("invites by mail of a person", MAX_AT_ONCE)
MAILS_TO_ADDRESS = per_hour("invites by mail to an address", 2)
TOO_MANY = "You can invite up to 20 people at once."


def take_mails(limiter: RateLimiter, caller: Caller, emails: Sequence[str]) -> None:
    """Count the mails that are to go out.

    Raises:
        Invalid: Someone who is not an administrator invites too many at once.
        TooMany: They invited too many within the hour, or one of them was invited often.
    """
    if not may(caller.role, Action.INVITE_TO_SERVER):
        if len(emails) > MAX_AT_ONCE:
            raise Invalid(TOO_MANY, fields={"emails": TOO_MANY})
        limiter.take(MAILS_OF_PERSON, caller.user_id, len(emails))
    for email in emails:
        limiter.take(MAILS_TO_ADDRESS, email)
