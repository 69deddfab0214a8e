"""Puts announcements together."""

from functools import partial

from echosphere.accounts import AccountClosed, UserMailer
from echosphere.announcements import live
from echosphere.announcements.dismiss import forget_dismissals
from echosphere.announcements.mail_batch import AnnouncementMails
from echosphere.announcements.operations import AnnouncementOperations
from echosphere.announcements.own import OwnMails
from echosphere.announcements.store import DeleteOldDismissals
from echosphere.core.clock import DAY
from echosphere.jobs import JobRunner
from echosphere.mail import mailer_from_url
from echosphere.platform import Platform


def install(platform: Platform, mail_jobs: JobRunner) -> None:
    """Serve announcements, and mail them in jobs that hold up nothing else."""
    settings, database = platform.settings, platform.database
    mailer = mailer_from_url(settings.smtp_url, settings.mail_from)
    AnnouncementMails(database, mailer, platform.live_settings).register(mail_jobs)
    user_mailer = UserMailer(database, mailer, platform.live_settings)
    OwnMails(user_mailer, settings.base_url).register(mail_jobs)
    database.in_same_transaction(AccountClosed, forget_dismissals)
    sweep = partial(database.write, DeleteOldDismissals())
    platform.jobs.every("announcements.sweep", DAY, sweep)
    live.serve(platform.fan_out)
    platform.operations.add(AnnouncementOperations(database, mails=mailer.is_configured).all())
