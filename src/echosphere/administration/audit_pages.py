"""Shows the audit log to administrators, and to users what was done to their account."""

import json

from echosphere import audit
from echosphere.accounts import names_by_id
from echosphere.administration import wire
from echosphere.database import Snapshot

PAGE = 50
OWN = 50


def show_log(snapshot: Snapshot, call: wire.AuditCall) -> wire.AuditAnswer:
    """Return a page of the log, the newest entries first."""
    found = audit.entries_before(snapshot, call.before, PAGE + 1, call.person)
    names = _names(snapshot, found)
    entries = [
        wire.AuditEntry(
            number=entry.number,
            at=entry.at,
            actor=wire.AuditPerson(entry.actor, names.get(entry.actor)),
            action=entry.action,
            target=None
            if entry.target is None
            else wire.AuditPerson(entry.target, names.get(entry.target)),
            details=json.loads(entry.details),
            address=entry.address,
        )
        for entry in found[:PAGE]
    ]
    return wire.AuditAnswer(entries, len(found) > PAGE, str(audit.find_head(snapshot)))


def show_own(snapshot: Snapshot, user_id: str) -> wire.OwnAuditAnswer:
    """Return what others did to a user's account, and which administrator it was."""
    found = audit.entries_about(snapshot, user_id, OWN)
    names = _names(snapshot, found)
    return wire.OwnAuditAnswer(
        [
            wire.OwnAuditEntry(
                at=entry.at,
                action=entry.action,
                actor=wire.AuditPerson(entry.actor, names.get(entry.actor)),
                details=json.loads(entry.details),
            )
            for entry in found
        ]
    )


def _names(snapshot: Snapshot, entries: list[audit.Entry]) -> dict[str, str]:
    people = {one for entry in entries for one in (entry.actor, entry.target) if one is not None}
    return names_by_id(snapshot, people)
