"""Puts notifications together."""

from echosphere.accounts import UserMailer
from echosphere.http_client import SafeHttpClient
from echosphere.jobs import JobRunner
from echosphere.mail import mailer_from_url
from echosphere.notifications.contacts import ContactNotifications
from echosphere.notifications.digest import Digests
from echosphere.notifications.live import forget_disconnected_devices
from echosphere.notifications.notify import Notifications
from echosphere.notifications.open_conversations import OpenConversations
from echosphere.notifications.operations import NotificationsOperations
from echosphere.notifications.push import PushSender
from echosphere.notifications.reports import ReportNotifications
from echosphere.notifications.store import shift_notices
from echosphere.notifications.unsubscribe import UnsubscribeLinks
from echosphere.notifications.vapid import Vapid
from echosphere.notifications.web import UnsubscribePages
from echosphere.platform import Platform


def install(
    platform: Platform, http_client: SafeHttpClient, push_jobs: JobRunner
) -> tuple[Notifications, Digests]:
    """Serve push notifications and digests; return what is to be started, and the digests."""
    settings, database = platform.settings, platform.database
    vapid = Vapid(settings.vapid_key, settings.vapid_contact)
    open_conversations = OpenConversations(platform.cluster)
    push_sender = PushSender(http_client, vapid, database.clock)
    notifications = Notifications(database, open_conversations, push_sender, platform.cluster)
    links = UnsubscribeLinks(settings.secret_key, settings.base_url)
    mail = mailer_from_url(settings.smtp_url, settings.mail_from)
    digests = Digests(database, mail, links, platform.live_settings)
    platform.shifts.append(shift_notices)
    forget_disconnected_devices(open_conversations, platform.devices)
    notifications.register(push_jobs)
    ContactNotifications(database, push_sender).register(push_jobs)
    digests.register(push_jobs)
    user_mailer = UserMailer(database, mail, platform.live_settings)
    reports = ReportNotifications(database, push_sender, user_mailer, settings.base_url)
    reports.register(push_jobs)
    allow_private = settings.allow_private_addresses
    platform.operations.add(
        NotificationsOperations(
            database, open_conversations, notifications, vapid, allow_private=allow_private
        ).all()
    )
    UnsubscribePages(database, links).serve(platform.web)
    return notifications, digests
