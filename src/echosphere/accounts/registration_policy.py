"""What accounts need to know from the policy that decides who can register."""

from typing import Protocol

import msgspec

from echosphere.accounts.register import NewAccount
from echosphere.accounts.store import StoredPassword
from echosphere.database import Snapshot, Transaction


class InviteAllowance(msgspec.Struct, frozen=True):
    """How many users may register with one invite, from any network address.

    Attributes:
        invite: The id of the invite.
        per_hour: Registrations an hour.
    """

    invite: str
    per_hour: int


class RegistrationPolicy(Protocol):
    """The rules of the server for registering."""

    def closed_reason(self, snapshot: Snapshot) -> str | None:
        """Return why no one may register without an invite; None if people may try."""

    def invited_by(self, snapshot: Snapshot, token: str) -> str | None:
        """Return the name of whoever made an invite to the server; None if it is not usable."""

    def check(self, snapshot: Snapshot, email: str, invite: str | None) -> None:
        """Refuse who may not register, before their password costs anything.

        Raises:
            Forbidden: No one may, or not without an invite, or not with this address.
        """

    def require_address(self, snapshot: Snapshot, email: str) -> None:
        """Refuse an address that no account may have, by whatever way it came.

        Raises:
            Forbidden: Accounts have addresses of other domains.
        """

    def admit(
        self, transaction: Transaction, account: NewAccount, password: str, invite: str | None
    ) -> str:
        """Add a user, or a registration that waits for approval; return its id.

        Raises:
            Forbidden: They may not register.
            Gone: The invite was used up by others at the same moment.
            Conflict: The address has an account already, or waits for one.
        """

    def find_waiting(self, snapshot: Snapshot, email: str) -> StoredPassword | None:
        """Return the stored password of a registration that waits, or None."""

    def find_allowance(self, snapshot: Snapshot, secret: str) -> InviteAllowance | None:
        """Return the allowance of an invite of any kind; None if it is not valid."""
