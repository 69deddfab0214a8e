"""Keeps a restored database from doing again what was done after the backup was made."""

from echosphere.backup.store import Target

MAIL_JOBS = (
    "admission.approval-mail",
    "admission.invite-mail",
    "announcements.mail",
    "announcements.own-mail",
    "notifications.accepted",
    "notifications.mentioned",
    "notifications.message",
    "notifications.report-mail",
    "notifications.report-push",
    "notifications.reported",
    "notifications.requested",
    "notifications.retry",
    "notifications.test",
    "recovery.address",
    "recovery.confirm",
    "recovery.reset",
    "security_notices.mail",
)
"""The kinds of the jobs that tell people something, by mail or push: most have been told."""

LINKS = ("one_time_links",)
SIGN_INS = (  # those that refer to others first
    "openid_sessions",
    "openid_pending",
    "pending_sign_ins",
    "remembered_devices",
    "push_subscriptions",
    "sessions",
    "api_keys",
    "bot_endpoints",
)


def quieten(target: Target, *, sign_out: bool) -> None:
    """Delete links that open an account once, and mail that waits, in the transaction that runs.

    A link may have been used since, and a session ended: the backup does not know.

    Args:
        target: Has been filled; an earlier version lacks some of the tables.
        sign_out: Whether all sessions and API keys go as well, what was about to become one, and the
            addresses to which events of bots are sent.
    """
    target.delete_rows([*LINKS, *(SIGN_INS if sign_out else ())])
    target.delete_jobs(MAIL_JOBS)
