"""Installs webhooks: operations, and the addresses to which programs post."""

from echosphere.attachments import MessageForms
from echosphere.avatars import AvatarRoutes
from echosphere.memberships import MemberLeft, MemberRemoved
from echosphere.platform import Platform
from echosphere.webhooks.manage import (
    TOKENS,
    WebhookTokens,
    revoke_of_empty_group,
    revoke_of_removed_member,
)
from echosphere.webhooks.operations import WebhooksOperations
from echosphere.webhooks.web import HookRoutes, WebhookPictures


def install(platform: Platform, forms: MessageForms, avatars: AvatarRoutes) -> None:
    """Install the feature; `forms` receives what is sent with files, `avatars` pictures."""
    settings, database = platform.settings, platform.database
    tokens = WebhookTokens(settings.secret_key)
    database.provide(TOKENS, tokens)
    platform.operations.add(WebhooksOperations(database, settings.base_url, tokens).all())
    WebhookPictures(database, avatars).serve(platform.api)
    HookRoutes(database, platform.rate_limiter, forms).serve(platform.web)
    database.in_same_transaction(MemberRemoved, revoke_of_removed_member)
    database.in_same_transaction(MemberLeft, revoke_of_empty_group)
