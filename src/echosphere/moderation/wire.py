"""The shapes of moderation on the wire."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.messages import Action
from echosphere.wire import Id, Key, Request, Seq, Shape

MAX_TEXT = 2_000
MAX_REASON = 500

Decision = Literal["dismiss", "warn", "remove", "suspend", "ban"]
Offset = Annotated[int, Meta(ge=0, le=100_000)]


class ReportCall(Request, frozen=True):
    """What is wrong with a user, or with one of their messages."""

    user: str
    reason: Literal["spam", "abuse", "impersonation", "other"]
    text: Annotated[str, Meta(max_length=MAX_TEXT)] = ""
    conversation: Id | None = None
    seq: Seq | None = None
    key: Key | None = None


class ReportsCall(Request, frozen=True):
    """Which reports: open ones, or those that are decided."""

    decided: bool = False
    offset: Offset = 0


class ReportIdCall(Request, frozen=True):
    """Which report."""

    report: Id


class DecideCall(Request, frozen=True):
    """Decide a report; `until` is the end of a suspension."""

    report: str
    decision: Decision
    reason: Annotated[str, Meta(max_length=MAX_REASON)]
    until: Annotated[int, Meta(ge=0, le=2**53 - 2)] | None = None


class ReportParty(Shape, frozen=True):
    """Someone who is part of a report."""

    id: str
    name: str
    avatar_url: str | None


class Report(Shape, frozen=True):
    """A report for those who decide."""

    id: str
    reporter: ReportParty
    user: ReportParty
    reason: str
    text: str
    created_at: int
    about_message: bool
    decision: str | None
    decision_reason: str | None
    decided_at: int | None
    decided_by: ReportParty | None
    suspended_until: int | None


class ReportsAnswer(Shape, frozen=True):
    """Reports, and how many are open."""

    reports: list[Report]
    open: int
    more: bool


class ReportedMessage(Shape, frozen=True):
    """A message of a report: the reported one or one of its context."""

    seq: int
    author: ReportParty
    body: str
    created_at: int
    files: int
    deleted: bool
    reported: bool
    actions: list[list[Action]] | UnsetType = UNSET


class ReportAnswer(Shape, frozen=True):
    """A report with the reported message and up to five around it."""

    report: Report
    messages: list[ReportedMessage]


class OwnReport(Shape, frozen=True):
    """A report as its reporter sees it: what was decided about the other stays with them."""

    id: str
    user: ReportParty
    reason: str
    created_at: int
    decided_at: int | None
    followed: bool


class OwnReportsAnswer(Shape, frozen=True):
    """The caller's reports, the last one first."""

    reports: list[OwnReport]


class DecisionAboutMe(Shape, frozen=True):
    """What was decided about the caller; who reported them is not told."""

    decision: str
    reason: str
    at: int
    until: int | None


class DecisionsAnswer(Shape, frozen=True):
    """Decisions about the caller, the last one first."""

    decisions: list[DecisionAboutMe]
