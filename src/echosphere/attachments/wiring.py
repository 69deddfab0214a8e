"""Installs attachments: routes, operations and jobs."""

from echosphere.accounts import AccountClosed
from echosphere.attachments.cleanup import AttachmentCleanup
from echosphere.attachments.forms import MessageForms
from echosphere.attachments.limits import UploadLimits
from echosphere.attachments.operations import AttachmentsOperations
from echosphere.attachments.remove import remove_unused_with_account
from echosphere.attachments.store.quotas import forget_quota
from echosphere.attachments.web import AttachmentRoutes
from echosphere.media import SandboxPool, Storage
from echosphere.platform import Platform


def install(platform: Platform, storage: Storage, sandbox: SandboxPool) -> MessageForms:
    """Install the feature; return what receives forms for features that post messages from them."""
    database, live = platform.database, platform.live_settings
    limits, data = lambda: UploadLimits.of(live.current), platform.settings.data
    limiter = platform.rate_limiter
    routes = AttachmentRoutes(database, storage, sandbox, limiter, data=data, limits=limits)
    routes.serve(platform.api)
    platform.operations.add(AttachmentsOperations(database).all())
    database.in_same_transaction(AccountClosed, forget_quota)
    AttachmentCleanup(database, storage).register(platform.jobs)
    database.in_same_transaction(AccountClosed, remove_unused_with_account)
    return MessageForms(database, storage, sandbox, limiter, data=data, limits=limits)
