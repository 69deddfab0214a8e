"""The addresses of webhooks, where whoever knows one posts to its group, and their pictures."""

from collections.abc import Mapping, Sequence

from quart import Quart, Response, request

from echosphere.attachments import FormRequest, FormSender, MessageForms, StoredFile
from echosphere.avatars import AvatarRoutes
from echosphere.core.caller import Caller
from echosphere.core.errors import Refusal, Unavailable
from echosphere.core.ids import new_id, token_hash
from echosphere.core.rate_limits import RateLimiter, address_key
from echosphere.database import Database
from echosphere.media import ReceivedForm
from echosphere.messages import Posted
from echosphere.web import Api, Json, read_body, request_body
from echosphere.webhooks.bodies import FORM_WITH_FILES, Body, parse_body, parse_form
from echosphere.webhooks.manage import ChangeWebhookAvatar, require_webhook_editor
from echosphere.webhooks.post import (
    PostByWebhook,
    PostFilesByWebhook,
    find_posted_by,
    get_webhook,
)
from echosphere.webhooks.webhook import ADDRESS_RATE, POST_RATE, Webhook
from echosphere.webhooks.wire import OneWebhook, PostedByWebhook, PostedSeq, webhook_shape
from echosphere.wire import is_key

MAX_BODY = 1024 * 1024
"""Bytes: events of code hosts carry whole commits."""

TRUE = ("true", "1")
OK = "ok"
"""What Slack answers; Alertmanager and Grafana take anything else for a failure."""


class HookRoutes:
    """Serves `/hooks/{token}`.

    Args:
        database: Holds webhooks and messages.
        rate_limiter: Limits what one webhook posts, and what one address asks.
        forms: Receives forms with files.
    """

    def __init__(self, database: Database, rate_limiter: RateLimiter, forms: MessageForms) -> None:
        self._database = database
        self._rate_limiter = rate_limiter
        self._forms = forms

    def serve(self, app: Quart) -> None:
        """Add the route. The secret is the address, so no other page can send what it does not know."""
        app.add_url_rule("/hooks/<token>", "hook", self.post, methods=["POST"])

    async def post(self, token: str) -> Response:
        """Post what was sent."""
        self._rate_limiter.take(ADDRESS_RATE, address_key(request.remote_addr or ""))
        webhook = await self._database.read(get_webhook, token_hash(token))
        self._rate_limiter.take(POST_RATE, webhook.id)
        # Until here nothing of the body was read: an address that does not exist takes none.
        if request.mimetype == FORM_WITH_FILES:
            return await self._post_form(webhook)
        content = await read_body(request, MAX_BODY)
        body = parse_body(content, request.mimetype, _headers(), _format())
        return _answer(body, await self._post(webhook, body))

    async def _post(self, webhook: Webhook, body: Body) -> Posted | None:
        if body.ignored:
            return None
        command = PostByWebhook(
            webhook.conversation, webhook.token_hash, message_key(body.key), body.text
        )
        return await self._database.write(command)

    async def _post_form(self, webhook: Webhook) -> Response:
        sender = FormSender(webhook.id, webhook.created_by)
        sent = FormRequest(
            request.headers.get("content-type"), request.content_length, request_body(request)
        )
        async with self._forms.receive(sender, sent) as form:
            body = parse_form(form.fields, _headers(), _format(), has_files=bool(form.files))
            if body.ignored or not form.files:
                return _answer(body, await self._post(webhook, body))
            return _answer(body, await self._post_files(webhook, body, form))

    async def _post_files(self, webhook: Webhook, body: Body, form: ReceivedForm) -> Posted:
        key = message_key(body.key)
        known = await self._database.read(find_posted_by, webhook, key)
        if known is not None:  # a repeat costs no inspection of its files
            return known
        as_it_is = form.fields.get("as_it_is") in TRUE
        files = await self._forms.store(form, webhook.id, as_it_is=as_it_is)
        posted = await self._write(webhook, key, body.text, files)
        if not posted.new:  # the same was sent twice at once
            await self._forms.discard(files)
        return posted

    async def _write(
        self, webhook: Webhook, key: str, text: str, files: Sequence[StoredFile]
    ) -> Posted:
        command = PostFilesByWebhook(
            webhook.conversation, webhook.token_hash, key, text, files, self._forms.quota
        )
        try:
            return await self._database.write(command)
        except Unavailable:  # it may have been committed
            raise
        except Refusal:
            await self._forms.discard(files)
            raise


def _headers() -> Mapping[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _format() -> str:
    return str(request.args.get("format", ""))


def message_key(given: str | None) -> str:
    """Return the key of the message: what was given if it may be one, else its hash."""
    if given is None:
        return new_id()
    return given if is_key(given) else token_hash(given)[:40]


def _answer(body: Body, posted: Posted | None) -> Response:
    if posted is None:  # an event that is not worth a message
        return Json.of(PostedByWebhook(None))
    if body.as_slack:
        return Response(OK, content_type="text/plain; charset=utf-8")
    seq = PostedSeq(posted.message.seq)
    return Json.of(PostedByWebhook(seq), 201 if posted.new else 200)


class WebhookPictures:
    """Receives the pictures of webhooks.

    Args:
        database: Holds the webhooks.
        avatars: Receives and stores pictures.
    """

    def __init__(self, database: Database, avatars: AvatarRoutes) -> None:
        self._database = database
        self._avatars = avatars

    def serve(self, api: Api) -> None:
        """Add the route."""
        avatar = "/conversations/<conversation>/webhooks/<webhook>/avatar"
        api.put(avatar, self.set_webhook_avatar, answer=OneWebhook, upload=True)

    async def set_webhook_avatar(
        self, caller: Caller, conversation: str, webhook: str
    ) -> OneWebhook:
        """Set a webhook's picture; it is cropped to a square in the middle."""
        given = caller.user_id, conversation, webhook
        await self._database.read(require_webhook_editor, *given)
        async with self._avatars.receive(caller) as avatar:
            changed = await self._database.write(ChangeWebhookAvatar(*given, avatar))
        return OneWebhook(webhook_shape(changed))
