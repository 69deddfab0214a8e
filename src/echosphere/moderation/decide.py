"""Decides reports: each once, with a reason, and with an entry in the audit log."""

from echosphere import audit
from echosphere.accounts import (
    FOREVER,
    Action,
    actor_of,
    get_own_user,
    proven_actor,
    require_permission,
    settings_of,
    suspend,
    tell_staff,
)
from echosphere.announcements import announce_to
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Invalid
from echosphere.database import Command, Transaction
from echosphere.i18n import translate
from echosphere.messages import erase_reported_message
from echosphere.moderation import store
from echosphere.moderation.review import get_report
from echosphere.moderation.wire import DecideCall

KEEPS_OUT = ("suspend", "ban")


class DecideReport(Command[None], own_transaction=True):
    """Decide a report: dismiss, warn, remove the message, suspend until a time, or ban.

    Raises:
        NotFound: The caller may not, there is no such report, or it is about the caller.
        Forbidden: The reported has a role that is not below the caller's.
        Invalid: There is no reason, no message to remove, or no end of the suspension.
        Conflict: It is decided already.
    """

    caller: Caller
    call: DecideCall

    def run(self, transaction: Transaction) -> None:
        """Decide it."""
        require_permission(self.caller, Action.DECIDE_REPORTS)
        report = get_report(transaction, self.caller.user_id, self.call.report)
        _validate(self.call, report)
        until = _until(self.call)
        decided = store.set_decision(
            transaction,
            report.id,
            decision=self.call.decision,
            reason=self.call.reason.strip(),
            by=self.caller.user_id,
            until=until,
        )
        if not decided:
            raise Conflict("This report has already been decided.")
        _carry_out(transaction, self.caller, self.call, report)
        tell_staff(transaction, "reports", hidden_from=report.user)
        audit.record(
            transaction,
            actor_of(self.caller),
            "report.decided",
            report.user,
            report=report.id,
            decision=self.call.decision,
            until=until,
        )


def _carry_out(
    transaction: Transaction, caller: Caller, call: DecideCall, report: store.Report
) -> None:
    if call.decision in KEEPS_OUT:
        role = get_own_user(transaction, report.user).role
        require_permission(caller, Action.MANAGE_USERS, role)
        proven_actor(transaction, caller)
        suspend(transaction, report.user, _until(call) or 0, call.reason.strip())
    if call.decision in ("warn", "remove"):
        language = settings_of(transaction, report.user).language
        said = f"{_consequence(call.decision, language)} {call.reason.strip()}"
        announce_to(transaction, report.user, caller.user_id, said)
    if call.decision == "remove" and report.conversation is not None and report.seq is not None:
        erase_reported_message(transaction, report.conversation, report.seq, report.user)


def _consequence(decision: str, language: str) -> str:
    if decision == "warn":
        return translate(language, "You were warned after a report. The reason:")
    return translate(language, "One of your messages was removed after a report. The reason:")


def _until(call: DecideCall) -> int | None:
    if call.decision not in KEEPS_OUT:
        return None
    return FOREVER if call.decision == "ban" else call.until


def _validate(call: DecideCall, report: store.Report) -> None:
    if not call.reason.strip():
        problem = "Give a reason: it is stored with the decision."
        raise Invalid(problem, fields={"reason": problem})
    if call.decision == "remove" and report.seq is None:
        raise Invalid("This report is about a person. There is no message to remove.")
