"""Requests and answers for administrators."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from echosphere.wire import Id, Key, Request, Shape

Line = Annotated[str, Meta(max_length=1_100)]
Reason = Annotated[str, Meta(max_length=500)]
Offset = Annotated[int, Meta(ge=0, le=1_000_000)]
Moment = Annotated[int, Meta(ge=0, le=2**53 - 2)]
RoleName = Literal["owner", "administrator", "moderator", "member", "guest"]


class ChecklistItem(Shape, frozen=True):
    """A check: whether it is done, its value, and the settings that change it."""

    name: str
    done: bool
    value: str | None
    settings: list[str]


class ChecklistAnswer(Shape, frozen=True):
    """All checks, the most important first."""

    checks: list[ChecklistItem]


class PeopleCall(Request, frozen=True):
    """Which accounts: by a part of the name or address, and from where on."""

    query: Annotated[str, Meta(max_length=100)] = ""
    offset: Offset = 0
    suspended: bool = False


class AccountIdCall(Request, frozen=True):
    """Which account."""

    user: Id


class CreatePerson(Request, frozen=True):
    """Create an account; its owner gets the password from whoever creates it.

    `contact` makes it a contact of who creates it: otherwise it begins without anyone to write to.
    """

    email: Line
    name: Line
    password: Line
    role: RoleName = "member"
    contact: bool = False
    key: Key | None = None


class DeactivateCall(Request, frozen=True):
    """Keep someone out: until a time, or until it is lifted."""

    user: str
    reason: Reason
    until: Moment | None = None


class ChangeAccountRole(Request, frozen=True):
    """Give an account another role."""

    user: str
    role: RoleName


class Account(Shape, frozen=True):
    """An account as administrators see it.

    `second_factor` says whether a password is not enough to sign in, without saying what else is needed;
    `used` is what its files take, in bytes; `manageable` says whether the caller's role is above it;
    `online` whether one of its devices is connected, unless its owner is invisible.
    """

    id: str
    name: str
    email: str
    role: str
    avatar_url: str | None
    created_at: int
    last_seen: int | None
    suspended_until: int | None
    suspension_reason: str | None
    devices: int
    second_factor: bool
    used: int
    manageable: bool
    online: bool = False


class PeopleAnswer(Shape, frozen=True):
    """Accounts, sorted by name."""

    people: list[Account]
    more: bool


class PersonAnswer(Shape, frozen=True):
    """An account."""

    person: Account


class AuditCall(Request, frozen=True):
    """Which entries of the audit log: older than a number, by or about a person."""

    before: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 2**53 - 1
    person: Id | None = None


class AuditPerson(Shape, frozen=True):
    """Someone in the audit log; the name is that of now, and null for the command line."""

    id: str
    name: str | None


class AuditEntry(Shape, frozen=True):
    """An entry of the audit log."""

    number: int
    at: int
    actor: AuditPerson
    action: str
    target: AuditPerson | None
    details: dict[str, Any]
    address: str | None


class AuditAnswer(Shape, frozen=True):
    """Entries, the newest first, and the head of the log."""

    entries: list[AuditEntry]
    more: bool
    head: str


class OwnAuditEntry(Shape, frozen=True):
    """What someone else did to the caller's account."""

    at: int
    action: str
    actor: AuditPerson
    details: dict[str, Any]


class OwnAuditAnswer(Shape, frozen=True):
    """What others did to the caller's account, the newest first."""

    entries: list[OwnAuditEntry]


class LargeConversation(Shape, frozen=True):
    """How large a conversation is; nothing of what it is about."""

    id: str
    kind: str
    members: int
    messages: int
    files: int
    bytes: int
    changed_at: int


class ConversationsAnswer(Shape, frozen=True):
    """The largest conversations, those with the most bytes first."""

    conversations: list[LargeConversation]


class StorageCall(Request, frozen=True):
    """Which people are listed: by a part of the name or address, and in which order.

    `own` leaves out who has no limit of their own.
    """

    query: Annotated[str, Meta(max_length=100)] = ""
    sort: Literal["used", "files", "name"] = "used"
    own: bool = False
    offset: Offset = 0


class SetQuotaCall(Request, frozen=True):
    """How much one person's files may take up, in bytes: whole MiB.

    0 is any number, null what everyone may.
    """

    user: Id
    quota: Annotated[int, Meta(ge=0, le=2**50, multiple_of=2**20)] | None


class PersonStorage(Shape, frozen=True):
    """What one person's files take, in bytes; a quota of null is none.

    `by_programs` is what their bots and webhooks sent of it.
    `own_quota` says that it was set for them alone. A closed account whose messages keep files has
    neither name nor address. `manageable` says whether the caller may change the limit.
    """

    id: str
    name: str | None
    email: str | None
    avatar_url: str | None
    files: int
    used: int
    by_programs: int
    quota: int | None
    own_quota: bool
    manageable: bool


class StorageOverview(Shape, frozen=True):
    """What all files take, what they may, and what is free on the disk, in bytes; a page of people."""

    used: int
    quota: int | None
    quota_per_person: int | None
    free_bytes: int
    people: list[PersonStorage]
    more: bool


class FailedJob(Shape, frozen=True):
    """A job that failed; `next_at` is null once it was given up, and `recurring` ones stay."""

    id: int
    kind: str
    attempts: int
    error: str
    created_at: int
    next_at: int | None
    recurring: bool


class HealthAnswer(Shape, frozen=True):
    """How the server is doing: figures by name, and the jobs that failed."""

    version: str
    database: str
    free_bytes: int
    figures: dict[str, float]
    waiting_jobs: int
    failed_jobs: list[FailedJob]


class RetryJob(Request, frozen=True):
    """Which job is to be tried again now, or with `discard` never again."""

    job: Annotated[int, Meta(ge=-(2**53), le=2**53)]
    discard: bool = False


class ExaminedPart(Shape, frozen=True):
    """What a part of the instance is like: `state` is `ok`, `warning` or `problem`."""

    name: str
    state: str
    text: str


class ExaminationAnswer(Shape, frozen=True):
    """What `echosphere doctor` says, but for the whole database, which takes too long here."""

    checks: list[ExaminedPart]


class VerificationAnswer(Shape, frozen=True):
    """Whether the audit log is whole: its head, and what is wrong with it, if something is."""

    head: str
    problem: str | None
