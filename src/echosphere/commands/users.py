"""`echosphere user`: manages accounts."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from echosphere import administration, audit
from echosphere.accounts import (
    AccountRole,
    NewAccount,
    actor_of,
    change_email,
    create_user,
    find_user_id_by_email,
    get_own_user,
    new_account,
    normalize_email,
    validate,
)
from echosphere.administration import (
    Account,
    ChangeAccountRole,
    DeactivateCall,
    PeopleAnswer,
    PeopleCall,
    PersonAnswer,
)
from echosphere.app import Application
from echosphere.attachments import Usage, quota_of, usage_of
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Command, Snapshot, Transaction
from echosphere.recovery import MakeResetLink, reset_url
from echosphere.second_factor import reset_second_factor
from echosphere.wire import Request, Shape

Line = Annotated[str, Meta(max_length=1_100)]
NO_ACCOUNT = "There is no account with this address."


class FindPeople(Request, frozen=True):
    """Which accounts are listed."""

    query: Annotated[str, Meta(max_length=100)] = ""
    suspended: bool = False


class UserCall(Request, frozen=True):
    """Which account, by its address or id."""

    user: Line


class CreateCall(Request, frozen=True):
    """An account to make."""

    email: Line
    name: Line
    password: Line
    role: AccountRole | None = None


class AddressCall(Request, frozen=True):
    """Another address for an account."""

    user: Line
    email: Line


class RoleCall(Request, frozen=True):
    """Another role for an account."""

    user: Line
    role: AccountRole


class KeepOutCall(Request, frozen=True):
    """Whom to keep out, why, and until when; for good without an end."""

    user: Line
    reason: Annotated[str, Meta(max_length=500)]
    until: Annotated[int, Meta(ge=0, le=2**53 - 2)] | None = None


class QuotaCall(Request, frozen=True):
    """How many bytes someone's files may take up; 0 for any number, without it what everyone may."""

    user: Line
    quota: Annotated[int, Meta(ge=0, le=2**50, multiple_of=2**20)] | None = None


class QuotaAnswer(Shape, frozen=True):
    """Whom it is about, and the limit that holds now, in bytes; null for none."""

    person: Account
    quota: int | None
    own_quota: bool


class ResetCall(Request, frozen=True):
    """Whom to let back in: by a link, or without the second factor."""

    user: Line
    factor: bool = False


class ResetAnswer(Shape, frozen=True):
    """Whom it is about, and the link to hand over; none where a factor was removed."""

    person: Account
    link: str | None = None
    expires_at: int | None = None


async def list_people(application: Application, operator: Caller, call: FindPeople) -> PeopleAnswer:
    """Return all accounts that match."""
    people: list[Account] = []
    more = True
    while more:
        page = PeopleCall(call.query, len(people), call.suspended)
        found = await application.database.read(administration.list_people, operator, page)
        people, more = people + found.people, found.more
    return PeopleAnswer(people, False)


async def show(application: Application, operator: Caller, call: UserCall) -> PersonAnswer:
    """Return an account."""
    return await _person(application, operator, await _id_of(application, call.user))


async def create(application: Application, operator: Caller, call: CreateCall) -> PersonAnswer:
    """Create an account."""
    server = urlsplit(application.settings.base_url).hostname or ""
    known = {"name": call.name, "email": call.email, "server": server}
    guessable = await application.password_hasher.is_guessable(call.password, **known)
    account = new_account(password=call.password, **known, guessable=guessable)
    hashed = await application.password_hasher.hash(account.password)
    made = await application.database.write(
        CreateUserAsOperator(operator, replace(account, password=""), hashed, call.role)
    )
    return await _person(application, operator, made)


async def change_address(
    application: Application, operator: Caller, call: AddressCall
) -> PersonAnswer:
    """Give an account another address."""
    user = await _id_of(application, call.user)
    await application.database.write(ChangeAddressAsOperator(operator, user, call.email))
    return await _person(application, operator, user)


async def change_role(application: Application, operator: Caller, call: RoleCall) -> PersonAnswer:
    """Give an account another role."""
    user = await _id_of(application, call.user)
    change = ChangeAccountRole(user, call.role.value)
    await application.database.write(administration.AssignRole(operator, change))
    return await _person(application, operator, user)


async def deactivate(application: Application, operator: Caller, call: KeepOutCall) -> PersonAnswer:
    """Keep someone out until an operator or administrator lets them in again."""
    user = await _id_of(application, call.user)
    given = DeactivateCall(user, call.reason, call.until)
    await application.database.write(administration.DeactivateAccount(operator, given))
    return await _person(application, operator, user)


suspend = deactivate
"""The same, with an end."""


async def let_in(application: Application, operator: Caller, call: UserCall) -> PersonAnswer:
    """Let someone in again."""
    user = await _id_of(application, call.user)
    await application.database.write(administration.ReactivateAccount(operator, user))
    return await _person(application, operator, user)


async def set_quota(application: Application, operator: Caller, call: QuotaCall) -> QuotaAnswer:
    """Set how much storage someone's files may take up."""
    user = await _id_of(application, call.user)
    await application.database.write(administration.SetQuota(operator, user, call.quota))
    person = (await _person(application, operator, user)).person
    everybody = quota_of(application.live_settings.current)
    usage: Usage = await application.database.read(usage_of, user, everybody)
    return QuotaAnswer(person, usage.quota, usage.own_quota)


async def sign_out(application: Application, operator: Caller, call: UserCall) -> PersonAnswer:
    """Sign someone out on all devices, and end their API keys."""
    user = await _id_of(application, call.user)
    await application.database.write(administration.SignOutAccount(operator, user))
    return await _person(application, operator, user)


async def reset(application: Application, operator: Caller, call: ResetCall) -> ResetAnswer:
    """Make a link that sets a new password, or remove the second factor."""
    user = await _id_of(application, call.user)
    write = application.database.write
    if call.factor:
        await write(ResetSecondFactorAsOperator(operator, user))
        return ResetAnswer((await _person(application, operator, user)).person)
    token, expires_at = await write(MakeResetLink(operator, user))
    link = reset_url(application.settings.base_url, token)
    person = (await _person(application, operator, user)).person
    return ResetAnswer(person, link, expires_at)


async def _person(application: Application, operator: Caller, user: str) -> PersonAnswer:
    return await application.database.read(administration.show_person, operator, user)


async def _id_of(application: Application, given: str) -> str:
    return await application.database.read(find_id, given)


def find_id(snapshot: Snapshot, given: str) -> str:
    """Return the id of the open account with an address or an id.

    Raises:
        NotFound: There is none.
        Invalid: It is no e-mail address, and was meant as one.
    """
    if "@" not in given:
        return get_own_user(snapshot, given).id
    email = validate({"user": lambda: normalize_email(given)})["user"]
    found = find_user_id_by_email(snapshot, email)
    if found is None:
        raise NotFound(NO_ACCOUNT)
    return found


class CreateUserAsOperator(Command[str]):
    """Create an account at the command line; return its id."""

    operator: Caller
    account: NewAccount
    hashed: str
    role: AccountRole | None

    def run(self, transaction: Transaction) -> str:
        """Create it."""
        user = create_user(transaction, self.account, self.hashed, self.role, confirmed=True)
        audit.record(transaction, actor_of(self.operator), "user.created", user.id, role=user.role)
        return user.id


class ChangeAddressAsOperator(Command[None]):
    """Change the e-mail address of an account at the command line."""

    operator: Caller
    user: str
    email: str

    def run(self, transaction: Transaction) -> None:
        """Change it."""
        change_email(transaction, self.user, self.email)
        audit.record(transaction, actor_of(self.operator), "user.email_changed", self.user)


class ResetSecondFactorAsOperator(Command[None]):
    """Remove all ways into an account but the password, at the command line."""

    operator: Caller
    user: str

    def run(self, transaction: Transaction) -> None:
        """Remove them."""
        reset_second_factor(transaction, get_own_user(transaction, self.user).email)
        audit.record(transaction, actor_of(self.operator), "user.second_factor_removed", self.user)
