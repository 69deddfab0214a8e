"""Sends one-time links by mail, in jobs: what is asked for is answered before anyone is looked up."""

from typing import Any

from echosphere.accounts import (
    OwnUser,
    credentials_digest,
    find_own_user,
    find_user_id_by_email,
    has_confirmed_email,
    settings_of,
)
from echosphere.database import Command, Database, Transaction
from echosphere.i18n import ENGLISH, LANGUAGES
from echosphere.jobs import JobRunner
from echosphere.mail import Email, Mailer, deliver
from echosphere.recovery.emails import address_email, confirm_email, reset_email
from echosphere.recovery.issue import issue_link
from echosphere.recovery.reset import reset_url

RESET = "recovery.reset"
ADDRESS = "recovery.address"
CONFIRM = "recovery.confirm"


class RequestReset(Command[None]):
    """Leave the job that mails a link to the owner of an address, if it has one.

    Whoever asks causes the same statements for every address.
    """

    email: str
    language: str

    def run(self, transaction: Transaction) -> None:
        """Leave it."""
        transaction.enqueue(RESET, {"email": self.email, "language": self.language})


def request_address_link(transaction: Transaction, user_id: str, email: str) -> None:
    """Leave the job that mails a link to a new address, unless it is another account's.

    If the password or the address changes before the mail is sent, nothing is.
    """
    digest = credentials_digest(transaction, user_id)
    transaction.enqueue(ADDRESS, {"user": user_id, "email": email, "credentials": digest})


def request_confirmation(transaction: Transaction, user_id: str, language: str) -> None:
    """Leave the job that mails a link to the address of an account that is not confirmed."""
    transaction.enqueue(CONFIRM, {"user": user_id, "language": language})


class RequestConfirmation(Command[None]):
    """Leave the job that mails the link again, in the language of the page on which it was asked."""

    user_id: str
    language: str

    def run(self, transaction: Transaction) -> None:
        """Leave it."""
        request_confirmation(transaction, self.user_id, self.language)


class LinkMails:
    """Makes a link, and mails it; after a failure the next attempt makes another one.

    Args:
        database: Where accounts and links are.
        mailer: Sends e-mails.
        base_url: Of this instance: where the links lead, whatever a request says.
    """

    def __init__(self, database: Database, mailer: Mailer, base_url: str) -> None:
        self._database = database
        self._mailer = mailer
        self._base_url = base_url

    def register(self, jobs: JobRunner) -> None:
        """Register the jobs."""
        jobs.register(RESET, self.send_reset)
        jobs.register(ADDRESS, self.send_address)
        jobs.register(CONFIRM, self.send_confirmation)

    async def send_reset(self, payload: dict[str, Any]) -> None:
        """Mail the link that resets a password; to an address without an account, nothing."""
        issued = await self._database.write(IssueResetEmail(payload["email"], payload["language"]))
        if issued is not None:
            user, token, language = issued
            link = reset_url(self._base_url, token)
            await self._send(reset_email(user.email, user.name, link, language))

    async def send_address(self, payload: dict[str, Any]) -> None:
        """Mail the link that confirms a new address; to another account's address, nothing."""
        email = payload["email"]
        issued = await self._database.write(
            IssueAddressEmail(payload["user"], email, payload.get("credentials"))
        )
        if issued is not None:
            user, token, language = issued
            link = f"{self._base_url}/confirm-address/{token}"
            await self._send(address_email(email, user.name, link, language))

    async def send_confirmation(self, payload: dict[str, Any]) -> None:
        """Mail the link that confirms the address of an account; nothing if it is confirmed."""
        issued = await self._database.write(
            IssueConfirmationEmail(payload["user"], payload["language"])
        )
        if issued is not None:
            user, token, language = issued
            link = f"{self._base_url}/confirm-email/{token}"
            await self._send(confirm_email(user.email, user.name, link, language))

    async def _send(self, email: Email) -> None:
        await deliver(self._mailer, email, "a mail with a link")


class IssueResetEmail(Command[tuple[OwnUser, str, str] | None]):
    """Issue a link that resets a password; return its owner, the token and the language of the mail.

    None if the address has no account.
    """

    email: str
    asked_in: str

    def run(self, transaction: Transaction) -> tuple[OwnUser, str, str] | None:
        """Issue it."""
        user_id = find_user_id_by_email(transaction, self.email)
        user = None if user_id is None else find_own_user(transaction, user_id)
        if user is None:
            return None
        token = issue_link(transaction, "reset", user.id, user.email)
        return user, token, _language_of(transaction, user.id, self.asked_in)


class IssueAddressEmail(Command[tuple[OwnUser, str, str] | None]):
    """Issue a link that confirms an address; return its owner, the token and the language of the mail.

    None if the address has an account by now, or the owner's credentials have changed since.
    """

    user_id: str
    email: str
    credentials: str | None

    def run(self, transaction: Transaction) -> tuple[OwnUser, str, str] | None:
        """Issue it."""
        user = find_own_user(transaction, self.user_id)
        is_void = self.credentials != credentials_digest(transaction, self.user_id)
        if user is None or is_void or find_user_id_by_email(transaction, self.email) is not None:
            return None
        token = issue_link(transaction, "address", self.user_id, self.email)
        return user, token, _language_of(transaction, self.user_id, ENGLISH)


class IssueConfirmationEmail(Command[tuple[OwnUser, str, str] | None]):
    """Issue a link that confirms an account's address; return its owner, the token and the language.

    None if the account is closed, or its address is confirmed by now.
    """

    user_id: str
    asked_in: str

    def run(self, transaction: Transaction) -> tuple[OwnUser, str, str] | None:
        """Issue it."""
        user = find_own_user(transaction, self.user_id)
        if user is None or has_confirmed_email(transaction, self.user_id):
            return None
        token = issue_link(transaction, "confirm", self.user_id, user.email)
        return user, token, _language_of(transaction, self.user_id, self.asked_in)


def _language_of(transaction: Transaction, user_id: str, asked_in: str) -> str:
    """Return the language that a user chose, else the one of the page on which it was asked."""
    chosen = settings_of(transaction, user_id).language
    return chosen if chosen in LANGUAGES else asked_in
