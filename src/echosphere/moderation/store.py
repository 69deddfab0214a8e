"""The table of reports."""

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, bindparam, insert

from echosphere.core.ids import new_id
from echosphere.database import Identifier, Milliseconds, Prepared, Text, Transaction, metadata
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
)

INSERT_REPORT = Prepared(insert(reports).values({c.name: bindparam(c.name) for c in reports.c}))


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
    )
