"""The audit log: who did what to whom, append-only and chained by hashes."""

from echosphere.audit.entry import COMMAND_LINE, Actor, AuditRecorded, Entry, EntryHead
from echosphere.audit.export import export_lines
from echosphere.audit.record import record
from echosphere.audit.store import (
    ForgetAddressesBefore,
    entries_about,
    entries_before,
    find_head,
    forget_addresses_of,
)
from echosphere.audit.verify import TamperedError, verify_log

__all__ = [
    "COMMAND_LINE",
    "Actor",
    "AuditRecorded",
    "Entry",
    "EntryHead",
    "ForgetAddressesBefore",
    "TamperedError",
    "entries_about",
    "entries_before",
    "export_lines",
    "find_head",
    "forget_addresses_of",
    "record",
    "verify_log",
]
