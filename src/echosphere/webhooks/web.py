"""The addresses of webhooks: whoever knows one posts to its group."""

from quart import Quart, Response, request

from echosphere.core.ids import new_id, token_hash
from echosphere.core.rate_limits import RateLimiter, address_key
from echosphere.database import Database
from echosphere.messages import Posted
from echosphere.web import Json, read_body
from echosphere.webhooks.bodies import Body, parse_body
from echosphere.webhooks.post import PostByWebhook, get_webhook
from echosphere.webhooks.webhook import ADDRESS_RATE, POST_RATE, Webhook
from echosphere.webhooks.wire import PostedByWebhook, PostedSeq
from echosphere.wire import is_key

MAX_BODY = 1024 * 1024
"""Bytes: events of code hosts carry whole commits."""

OK = "ok"
"""What Slack answers; Alertmanager and Grafana take anything else for a failure."""


class HookRoutes:
    """Serves `/hooks/{token}`.

    Args:
        database: Holds webhooks and messages.
        rate_limiter: Limits what one webhook posts, and what one address asks.
    """

    def __init__(self, database: Database, rate_limiter: RateLimiter) -> None:
        self._database = database
        self._rate_limiter = rate_limiter

    def serve(self, app: Quart) -> None:
        """Add the route. The secret is the address, so no other page can send what it does not know."""
        app.add_url_rule("/hooks/<token>", "hook", self.post, methods=["POST"])

    async def post(self, token: str) -> Response:
        """Post what was sent."""
        self._rate_limiter.take(ADDRESS_RATE, address_key(request.remote_addr or ""))
        webhook = await self._database.read(get_webhook, token_hash(token))
        self._rate_limiter.take(POST_RATE, webhook.id)
        content = await read_body(request, MAX_BODY)
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = parse_body(content, request.mimetype, headers, request.args.get("format", ""))
        if body.ignored:
            return Json.of(PostedByWebhook(None))
        return _answer(body, await self._post(webhook, body))

    async def _post(self, webhook: Webhook, body: Body) -> Posted:
        command = PostByWebhook(
            webhook.conversation, webhook.token_hash, message_key(body.key), body.text
        )
        return await self._database.write(command)


def message_key(given: str | None) -> str:
    """Return the key of the message: what was given if it may be one, else its hash."""
    if given is None:
        return new_id()
    return given if is_key(given) else token_hash(given)[:40]


def _answer(body: Body, posted: Posted) -> Response:
    if body.as_slack:
        return Response(OK, content_type="text/plain; charset=utf-8")
    seq = PostedSeq(posted.message.seq)
    return Json.of(PostedByWebhook(seq), 201 if posted.new else 200)
