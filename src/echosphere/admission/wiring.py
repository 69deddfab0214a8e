"""Puts admission together."""

from functools import partial

from echosphere.admission.admission import JOIN_JOB, FindAllowance, ServerAdmission
from echosphere.admission.emails import AdmissionEmails
from echosphere.admission.join import GroupJoiner
from echosphere.admission.mode import SETTINGS
from echosphere.admission.operations import AdmissionOperations
from echosphere.admission.store import DeleteExpiredWaiting, shift_waiting
from echosphere.admission.web import InvitePages
from echosphere.core.clock import DAY
from echosphere.jobs import JobRunner
from echosphere.mail import mailer_from_url
from echosphere.platform import Platform


def install(
    platform: Platform, find_group_allowance: FindAllowance, mail_jobs: JobRunner
) -> ServerAdmission:
    """Serve invites to the server and approvals; return the rules for registering."""
    settings, database, live = platform.settings, platform.database, platform.live_settings
    database.provide(SETTINGS, live)
    admission = ServerAdmission(live, find_group_allowance)
    mailer = mailer_from_url(settings.smtp_url, settings.mail_from)
    emails = AdmissionEmails(database, mailer, settings)
    emails.register(mail_jobs)
    platform.shifts.append(shift_waiting)
    platform.jobs.every("admission.sweep", DAY, partial(database.write, DeleteExpiredWaiting()))
    platform.jobs.register(JOIN_JOB, GroupJoiner(database).join)
    operations = AdmissionOperations(database, live, emails, platform.rate_limiter)
    platform.operations.add(operations.all())
    InvitePages(platform.api, database, admission).serve(platform.web)
    return admission
