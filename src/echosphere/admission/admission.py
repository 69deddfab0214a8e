"""Decides at registration who can register, with which role, and where they arrive."""

from collections.abc import Callable
from urllib.parse import urlsplit

from echosphere.accounts import (
    AccountRole,
    InviteAllowance,
    NewAccount,
    StoredPassword,
    create_user,
    email_taken,
    find_user_id_by_email,
    has_active_owner,
    is_usable_password,
    lock_owners,
    lock_ownership,
    names_by_id,
    tell_staff,
)
from echosphere.admission import store
from echosphere.admission.invite import NO_LONGER, OTHER_ADDRESS, ServerInvite
from echosphere.admission.invites import maker_may_invite
from echosphere.admission.mode import (
    APPROVAL,
    CLOSED,
    INVITE_NEEDED,
    INVITE_ONLY,
    OWNER_NEEDED,
    REGISTRATION_CLOSED,
    current_mode,
    is_first_owner,
    require_may_register,
    require_own_domain,
)
from echosphere.contacts import make_contacts
from echosphere.core.errors import Conflict, Forbidden, Gone
from echosphere.core.ids import token_hash
from echosphere.database import Snapshot, Transaction
from echosphere.settings import LiveSettings

JOIN_JOB = "admission.join"
MAX_REGISTRATIONS = 200
"""People who may register by one invite within an hour."""

MAX_WAITING = 1_000
"""Registrations that may wait at a time."""

TOO_MANY_WAIT = (
    "Too many people are waiting for an account. Contact an administrator, or come back later."
)

FindAllowance = Callable[[Snapshot, str], InviteAllowance | None]


class ServerAdmission:
    """The rules of this server, for registering and signing in.

    Args:
        settings: The mode, and who may invite.
        find_group_allowance: Finds the allowance of an invite to a group or of a person.
    """

    def __init__(self, settings: LiveSettings, find_group_allowance: FindAllowance) -> None:
        self._settings = settings
        self._find_group_allowance = find_group_allowance

    def closed_reason(self, snapshot: Snapshot) -> str | None:
        """Return why no one may register without an invite; None if people may try."""
        mode = current_mode(snapshot, self._settings.current)
        if mode == CLOSED:
            return REGISTRATION_CLOSED
        if mode != INVITE_ONLY or is_first_owner(snapshot, self._settings.current):
            return None
        return INVITE_NEEDED if has_active_owner(snapshot) else OWNER_NEEDED

    def invited_by(self, snapshot: Snapshot, token: str) -> str | None:
        """Return who made an invite to the server, empty for the owner's; None if it is not usable.

        For those of the command line that is the server's name.
        """
        invite = store.find_usable(snapshot, token_hash(token))
        if invite is None or not maker_may_invite(snapshot, self._settings.current, invite):
            return None
        if invite.makes_owner:
            return ""
        if self._is_closed(snapshot):
            return None
        if invite.created_by is None:
            return urlsplit(self._settings.start.base_url).hostname
        return names_by_id(snapshot, [invite.created_by])[invite.created_by]

    def check(self, snapshot: Snapshot, email: str, invite: str | None) -> None:
        """Refuse who may not register, before their password costs anything.

        Raises:
            Forbidden: No one may, or not without an invite, or not with this address.
        """
        if self._find_invite(snapshot, email, invite) is None:
            require_may_register(snapshot, self._settings.current, email)

    def admit(
        self, transaction: Transaction, account: NewAccount, password: str, invite: str | None
    ) -> str:
        """Add a user, or a registration that waits; return its id.

        Raises:
            Forbidden: They may not register, or the invite is for another address.
            Gone: The invite was used up by others at the same moment.
            Conflict: The address has an account already, or too many wait for one.
        """
        found = self._find_invite(transaction, account.email, invite)
        if found is not None:
            return self._admit_invited(transaction, account, password, found)
        if is_first_owner(transaction, self._settings.current):
            lock_ownership(transaction)
        require_may_register(transaction, self._settings.current, account.email)
        if is_first_owner(transaction, self._settings.current):
            return create_user(transaction, account, password, confirmed=True).id
        if current_mode(transaction, self._settings.current) == APPROVAL:
            return _wait(transaction, account, password)
        return _create(transaction, account, password, AccountRole.MEMBER)

    def require_address(self, snapshot: Snapshot, email: str) -> None:
        """Refuse an address that no account may have, by whatever way it came.

        Raises:
            Forbidden: The domain decides who may register, and it is of another one.
        """
        require_own_domain(snapshot, self._settings.current, email)

    def find_waiting(self, snapshot: Snapshot, email: str) -> StoredPassword | None:
        """Return the stored password of a registration that waits, or None."""
        return store.find_waiting_password(snapshot, email)

    def find_allowance(self, snapshot: Snapshot, secret: str) -> InviteAllowance | None:
        """Return how many people may register by an invite of any kind within an hour, or None."""
        invite = store.find_usable(snapshot, token_hash(secret))
        if invite is None:
            return self._find_group_allowance(snapshot, secret)
        return InviteAllowance(
            invite.id, min(invite.max_uses or MAX_REGISTRATIONS, MAX_REGISTRATIONS)
        )

    def _was_mailed_to(self, invite: ServerInvite, email: str) -> bool:
        """Whether only who reads the mails to an address has the invite, but for its maker."""
        return invite.email == email and bool(self._settings.start.smtp_url)

    def _is_closed(self, snapshot: Snapshot) -> bool:
        return current_mode(snapshot, self._settings.current) == CLOSED

    def _find_invite(
        self, snapshot: Snapshot, email: str, token: str | None
    ) -> ServerInvite | None:
        """Return the usable invite of a token; None also for those that lead to groups and people."""
        invite = None if token is None else store.find_usable(snapshot, token_hash(token))
        if invite is None or not maker_may_invite(snapshot, self._settings.current, invite):
            return None
        if self._is_closed(snapshot) and not invite.makes_owner:
            return None
        if invite.email not in (None, email):
            raise Forbidden(OTHER_ADDRESS, fields={"email": OTHER_ADDRESS})
        return invite

    def _admit_invited(
        self, transaction: Transaction, account: NewAccount, password: str, invite: ServerInvite
    ) -> str:
        if invite.makes_owner:
            lock_ownership(transaction)
        owned = invite.makes_owner and lock_owners(transaction)
        if owned or not store.use_invite(transaction, invite.id):
            raise Gone(NO_LONGER)
        tell_staff(transaction, "invites")
        confirmed = invite.makes_owner or self._was_mailed_to(invite, account.email)
        user = _create(transaction, account, password, AccountRole(invite.role), confirmed)
        if invite.created_by is None:
            return user
        if invite.contact:
            make_contacts(transaction, invite.created_by, user, invited=True)
        for group in invite.groups.split():
            given = {"group": group, "maker": invite.created_by, "user": user}
            transaction.enqueue(JOIN_JOB, given)
        return user


def _create(
    transaction: Transaction,
    account: NewAccount,
    password: str,
    role: AccountRole,
    confirmed: bool = False,
) -> str:
    user = create_user(transaction, account, password, role, confirmed=confirmed).id
    if store.delete_waiting_of(transaction, account.email):
        tell_staff(transaction, "approvals")
    return user


def _wait(transaction: Transaction, account: NewAccount, password: str) -> str:
    if find_user_id_by_email(transaction, account.email) is not None:
        raise email_taken()
    waiting = store.find_waiting_password(transaction, account.email)
    by_provider = waiting is not None and not is_usable_password(waiting.password)
    if waiting is not None and by_provider and is_usable_password(password):
        return waiting.user_id  # a provider has verified this address; a password verifies nothing
    if store.count_waiting(transaction) >= MAX_WAITING:
        raise Conflict(TOO_MANY_WAIT)
    tell_staff(transaction, "approvals")
    return store.insert_waiting(
        transaction, email=account.email, name=account.name, password=password
    )
