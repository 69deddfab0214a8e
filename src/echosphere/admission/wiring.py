"""Puts admission together."""

from echosphere.admission.admission import JOIN_JOB, FindAllowance, ServerAdmission
from echosphere.admission.emails import AdmissionEmails
from echosphere.admission.join import GroupJoiner
from echosphere.admission.operations import AdmissionOperations
from echosphere.admission.web import InvitePages
from echosphere.mail import mailer_from_url
from echosphere.platform import Platform


def install(platform: Platform, find_group_allowance: FindAllowance) -> ServerAdmission:
    """Serve invites to the server and approvals; return the rules for registering."""
    settings, database = platform.settings, platform.database
    admission = ServerAdmission(settings, find_group_allowance)
    emails = AdmissionEmails(
        database, mailer_from_url(settings.smtp_url, settings.mail_from), settings.base_url
    )
    emails.register(platform.jobs)
    platform.jobs.register(JOIN_JOB, GroupJoiner(database).join)
    platform.operations.add(AdmissionOperations(database, settings, emails).all())
    InvitePages(platform.api, database, admission).serve(platform.web)
    return admission
