"""The table of reports."""

from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    String,
    Table,
    bindparam,
    func,
    insert,
    select,
    update,
)

from echosphere.core.ids import new_id
from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Snapshot,
    Text,
    Transaction,
    metadata,
)
from echosphere.moderation.wire import ReportCall

reports = Table(
    "reports",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("reporter_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("conversation_id", Identifier),
    Column("seq", BigInteger),
    Column("reason", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    Column("decided_at", Milliseconds, index=True),
    Column("decided_by", Identifier),
    Column("decision", String(16)),
    Column("decision_reason", String(500)),
    Column("suspended_until", Milliseconds),
)

ARRIVALS = 7_305_815
"""An arbitrary number: the advisory lock of whoever reports."""

LOCK = Prepared(select(func.pg_advisory_xact_lock(ARRIVALS)))
INSERT_REPORT = Prepared(insert(reports).values({c.name: bindparam(c.name) for c in reports.c}))


class Report(NamedTuple):
    """A report as it is stored; what is decided is None while it is open."""

    id: str
    reporter: str
    user: str
    conversation: str | None
    seq: int | None
    reason: str
    text: str
    created_at: int
    decided_at: int | None
    decided_by: str | None
    decision: str | None
    decision_reason: str | None
    suspended_until: int | None


def insert_report(transaction: Transaction, reporter: str, report: ReportCall) -> None:
    """Store a report."""
    transaction.run(
        INSERT_REPORT,
        id=new_id(),
        reporter_id=reporter,
        user_id=report.user,
        conversation_id=report.conversation,
        seq=report.seq,
        reason=report.reason,
        text=report.text.strip(),
        created_at=transaction.now,
        decided_at=None,
        decided_by=None,
        decision=None,
        decision_reason=None,
        suspended_until=None,
    )


def find_report(snapshot: Snapshot, viewer: str, report: str) -> Report | None:
    """Return a report; None if there is none or it is about the viewer."""
    this = (reports.c.id == report, reports.c.user_id != viewer)
    row = snapshot.execute(select(reports).where(*this)).first()
    return None if row is None else Report(*tuple(row))


def list_reports(
    snapshot: Snapshot, viewer: str, *, decided: bool, offset: int, limit: int
) -> tuple[list[Report], int]:
    """Return open reports, the oldest first, or decided ones, the last decided first.

    Those about the viewer are left out. The second value is how many are open.
    """
    is_open, shown = reports.c.decided_at.is_(None), reports.c.user_id != viewer
    some = select(reports).where(~is_open if decided else is_open, shown)
    order = reports.c.decided_at.desc() if decided else reports.c.created_at
    rows = snapshot.execute(some.order_by(order, reports.c.id).offset(offset).limit(limit))
    found = [Report(*tuple(row)) for row in rows]
    open_ones = select(func.count()).select_from(reports).where(is_open, shown)
    return found, int(snapshot.execute(open_ones).scalar() or 0)


def reports_by(snapshot: Snapshot, reporter: str, limit: int) -> list[Report]:
    """Return the reports of someone, the last one first."""
    own = select(reports).where(reports.c.reporter_id == reporter)
    rows = snapshot.execute(own.order_by(reports.c.created_at.desc()).limit(limit))
    return [Report(*tuple(row)) for row in rows]


def decisions_about(snapshot: Snapshot, user_id: str, limit: int) -> list[Report]:
    """Return the reports about someone that had a consequence, the last decided first."""
    about = select(reports).where(
        reports.c.user_id == user_id,
        reports.c.decided_at.is_not(None),
        reports.c.decision != "dismiss",
    )
    rows = snapshot.execute(about.order_by(reports.c.decided_at.desc()).limit(limit))
    return [Report(*tuple(row)) for row in rows]


def open_reports_between(snapshot: Snapshot, since: int, until: int) -> list[tuple[str, str]]:
    """Return reporter and reported of the open reports of a span of time, its end not included."""
    made = (reports.c.created_at >= since, reports.c.created_at < until)
    found = select(reports.c.reporter_id, reports.c.user_id).where(
        reports.c.decided_at.is_(None), *made
    )
    return [(reporter, user) for reporter, user in map(tuple, snapshot.execute(found))]


def count_reports_between(snapshot: Snapshot, since: int, until: int) -> int:
    """Return how many reports were made in a span of time, its end not included."""
    made = (reports.c.created_at >= since, reports.c.created_at < until)
    counted = select(func.count()).select_from(reports).where(*made)
    return int(snapshot.execute(counted).scalar() or 0)


def lock_reports(transaction: Transaction) -> None:
    """Let others who report wait until the commit: the first of a span of time is to be one."""
    transaction.lock(LOCK)


def set_decision(
    transaction: Transaction,
    report: str,
    *,
    decision: str,
    reason: str,
    by: str,
    until: int | None,
) -> bool:
    """Store a decision; return False if there is one already."""
    undecided = (reports.c.id == report, reports.c.decided_at.is_(None))
    decided = (
        update(reports)
        .where(*undecided)
        .values(
            decided_at=transaction.now,
            decided_by=by,
            decision=decision,
            decision_reason=reason,
            suspended_until=until,
        )
    )
    return transaction.execute(decided).rowcount == 1
