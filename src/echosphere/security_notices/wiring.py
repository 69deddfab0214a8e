"""Puts security notices together."""

from functools import partial

from echosphere.accounts import AccountClosed, SecurityEvent
from echosphere.core.clock import DAY
from echosphere.database import Database
from echosphere.jobs import JobRunner
from echosphere.mail import Mailer, mailer_from_url
from echosphere.platform import Platform
from echosphere.security_notices import live
from echosphere.security_notices.mail_job import NoticeMails
from echosphere.security_notices.operations import SecurityNoticesOperations
from echosphere.security_notices.record import DeleteOldEvents, delete_with_account, record_event
from echosphere.security_notices.store import shift_events
from echosphere.settings import Settings


def record_events(database: Database, settings: Settings) -> Mailer:
    """Record what any feature announces as a `SecurityEvent`; return what sends the mails."""
    mailer = mailer_from_url(settings.smtp_url, settings.mail_from)
    record = partial(record_event, mails=mailer.is_configured)
    database.in_same_transaction(SecurityEvent, record)
    return mailer


def install(platform: Platform, mail_jobs: JobRunner) -> None:
    """Record and tell what any feature announces as a `SecurityEvent`."""
    database = platform.database
    mailer = record_events(database, platform.settings)
    NoticeMails(database, mailer).register(mail_jobs)
    database.in_same_transaction(AccountClosed, delete_with_account)
    live.serve(platform.fan_out)
    platform.shifts.append(shift_events)
    platform.jobs.every("security_notices.sweep", DAY, partial(database.write, DeleteOldEvents()))
    platform.operations.add(SecurityNoticesOperations(database).all())
