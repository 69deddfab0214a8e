"""Changes the address of an account: at once, or by a link to the new address."""

from echosphere.accounts import (
    REQUIRE_ADDRESS,
    Attempt,
    Authentication,
    OwnUser,
    accept_proof,
    change_email,
    get_own_user,
    normalize_email,
    validate,
)
from echosphere.core.caller import Caller
from echosphere.core.errors import Invalid
from echosphere.core.rate_limits import RateLimiter
from echosphere.database import Command, Database, Transaction
from echosphere.recovery.issue import use_own_link
from echosphere.recovery.limits import MAILS_TO_ADDRESS
from echosphere.recovery.mail_jobs import request_address_link
from echosphere.recovery.wire import ChangeEmail

SAME = "This is already your address."


class AddressChange:
    """Changes addresses of people who prove their password.

    Args:
        database: Holds accounts and links.
        authentication: Checks passwords.
        rate_limiter: Limits the mails to one address.
        mails: Whether there is a mail server, so that new addresses are confirmed.
    """

    def __init__(
        self,
        database: Database,
        authentication: Authentication,
        rate_limiter: RateLimiter,
        *,
        mails: bool,
    ) -> None:
        self._database = database
        self._authentication = authentication
        self._rate_limiter = rate_limiter
        self._mails = mails

    async def change(self, caller: Caller, given: ChangeEmail, *, joining: bool = False) -> bool:
        """Change the caller's address, or mail a link to the new one; return whether it is changed.

        Whether the new address has an account is not told where a link is mailed.

        Raises:
            Invalid: Not another e-mail address, or a wrong password.
            TooMany: Too many wrong passwords, or mails to this address.
            Conflict: Without mail: the address has an account.
            Forbidden: Who is `joining`, with an address still to be confirmed, may not have this one.
        """
        email = validate({"email": lambda: normalize_email(given.email)})["email"]
        own = await self._database.read(get_own_user, caller.user_id)
        if own.email == email:
            raise Invalid(SAME, fields={"email": SAME})
        authentication = self._authentication
        attempt = await authentication.attempt(caller, "password", given.password)
        passwords = authentication.passwords
        if not self._mails:
            await self._database.write(ChangeAddressNow(caller, attempt, passwords, email))
            return True
        self._rate_limiter.take(MAILS_TO_ADDRESS, email)
        await self._database.write(RequestAddress(caller, attempt, passwords, email, joining))
        return False


class ChangeAddressNow(Command[None]):
    """Change the address of a caller who has proved the password, or who they are without one.

    Raises:
        Conflict: The password has been changed since, or the address has an account.
    """

    caller: Caller
    attempt: Attempt | None
    passwords: bool
    email: str

    def run(self, transaction: Transaction) -> None:
        """Change it."""
        accept_proof(transaction, self.caller, self.attempt, passwords=self.passwords)
        change_email(
            transaction,
            self.caller.user_id,
            self.email,
            except_session=self.caller.session_id,
            confirmed=False,
        )


class RequestAddress(Command[None]):
    """Have a link mailed to the new address of a caller who has proved who they are.

    Raises:
        Conflict: The password has been changed since.
        Forbidden: The caller has no confirmed address, and could not have registered with this one.
    """

    caller: Caller
    attempt: Attempt | None
    passwords: bool
    email: str
    joining: bool

    def run(self, transaction: Transaction) -> None:
        """Leave the job."""
        accept_proof(transaction, self.caller, self.attempt, passwords=self.passwords)
        if self.joining:
            REQUIRE_ADDRESS.of(transaction)(transaction, self.email)
        request_address_link(transaction, self.caller.user_id, self.email)


class UseAddressLink(Command[OwnUser]):
    """Change the address of the caller by a link, and end all their sessions but this one.

    Whoever else got the mail, to a mistyped address, cannot take the account over by it.

    Raises:
        Gone: The link is not valid any more, or another account's.
        Conflict: The address has an account by now.
    """

    token: str
    caller: Caller

    def run(self, transaction: Transaction) -> OwnUser:
        """Change it."""
        email = use_own_link(transaction, "address", self.token, self.caller)
        user, session = self.caller.user_id, self.caller.session_id
        return change_email(transaction, user, email, except_session=session)
