"""Puts security notices together."""

from functools import partial

from echosphere.accounts import SecurityEvent
from echosphere.core.clock import DAY
from echosphere.jobs import JobRunner
from echosphere.mail import mailer_from_url
from echosphere.platform import Platform
from echosphere.security_notices import live
from echosphere.security_notices.mail_job import NoticeMails
from echosphere.security_notices.operations import SecurityNoticesOperations
from echosphere.security_notices.record import delete_old, record_event


def install(platform: Platform, mail_jobs: JobRunner) -> None:
    """Record and tell what any feature announces as a `SecurityEvent`."""
    settings, database = platform.settings, platform.database
    mailer = mailer_from_url(settings.smtp_url, settings.mail_from)
    record = partial(record_event, mails=mailer.is_configured)
    database.in_same_transaction(SecurityEvent, record)
    NoticeMails(database, mailer).register(mail_jobs)
    live.serve(platform.fan_out)
    platform.jobs.every("security_notices.sweep", DAY, partial(database.write, delete_old))
    platform.operations.add(SecurityNoticesOperations(database).all())
