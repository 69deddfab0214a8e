"""Shows reports to those who decide them, to their reporters, and to the reported."""

from collections.abc import Iterable, Mapping

from msgspec import UNSET

from echosphere.accounts import User, users_by_id
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.messages import actions_of, reported_message_with_context
from echosphere.moderation import store, wire

PAGE = 30
OWN = 50
UNKNOWN = "Report not found."

Users = Mapping[str, User]


def list_reports(snapshot: Snapshot, viewer: str, call: wire.ReportsCall) -> wire.ReportsAnswer:
    """Return open reports, the oldest first, or decided ones, the last decided first.

    No one learns of reports about themselves: those have the names of who reported them.
    """
    found, count = store.list_reports(
        snapshot, viewer, decided=call.decided, offset=call.offset, limit=PAGE + 1
    )
    users = _users(snapshot, found)
    shapes = [_shape(report, users) for report in found[:PAGE]]
    return wire.ReportsAnswer(shapes, count, len(found) > PAGE)


def show_report(snapshot: Snapshot, viewer: str, report_id: str) -> wire.ReportAnswer:
    """Return a report with its message and the context; nothing else of the conversation.

    Raises:
        NotFound: There is no such report, or it is about the viewer.
    """
    report = get_report(snapshot, viewer, report_id)
    shape = _shape(report, _users(snapshot, [report]))
    return wire.ReportAnswer(shape, _messages(snapshot, report))


def get_report(snapshot: Snapshot, viewer: str, report_id: str) -> store.Report:
    """Return a stored report.

    Raises:
        NotFound: There is no such report, or it is about the viewer.
    """
    report = store.find_report(snapshot, viewer, report_id)
    if report is None:
        raise NotFound(UNKNOWN)
    return report


def own_reports(snapshot: Snapshot, reporter: str) -> wire.OwnReportsAnswer:
    """Return what someone reported, and whether it had a consequence."""
    found = store.reports_by(snapshot, reporter, OWN)
    users = _users(snapshot, found)
    return wire.OwnReportsAnswer(
        [
            wire.OwnReport(
                id=one.id,
                user=_party(one.user, users),
                reason=one.reason,
                created_at=one.created_at,
                decided_at=one.decided_at,
                followed=one.decision not in (None, "dismiss"),
            )
            for one in found
        ]
    )


def decisions_about(snapshot: Snapshot, user_id: str) -> wire.DecisionsAnswer:
    """Return what was decided about someone, without who reported them."""
    return wire.DecisionsAnswer(
        [
            wire.DecisionAboutMe(
                one.decision or "",
                one.decision_reason or "",
                one.decided_at or 0,
                one.suspended_until,
            )
            for one in store.decisions_about(snapshot, user_id, OWN)
        ]
    )


def _messages(snapshot: Snapshot, report: store.Report) -> list[wire.ReportedMessage]:
    if report.conversation is None or report.seq is None:
        return []
    messages = reported_message_with_context(
        snapshot, report.conversation, report.seq, report.reporter
    )
    users = users_by_id(snapshot, {message.author for message in messages})
    return [
        wire.ReportedMessage(
            seq=message.seq,
            author=_party(message.author, users),
            body=message.body,
            created_at=message.created_at,
            files=message.files,
            deleted=bool(message.deleted),  # SQLite has numbers
            reported=message.seq == report.seq,
            actions=actions_of(message) or UNSET,
        )
        for message in messages
    ]


def _users(snapshot: Snapshot, reports: Iterable[store.Report]) -> Users:
    ids = {one for report in reports for one in (report.reporter, report.user, report.decided_by)}
    return users_by_id(snapshot, {one for one in ids if one is not None})


def _party(user_id: str, users: Users) -> wire.ReportParty:
    user = users.get(user_id)
    return wire.ReportParty(
        user_id, "" if user is None else user.name, None if user is None else user.avatar_url
    )


def _shape(report: store.Report, users: Users) -> wire.Report:
    return wire.Report(
        id=report.id,
        reporter=_party(report.reporter, users),
        user=_party(report.user, users),
        reason=report.reason,
        text=report.text,
        created_at=report.created_at,
        about_message=report.seq is not None,
        decision=report.decision,
        decision_reason=report.decision_reason,
        decided_at=report.decided_at,
        decided_by=None if report.decided_by is None else _party(report.decided_by, users),
        suspended_until=report.suspended_until,
    )
