"""Where bots respond to commands and presses: whoever knows the address answers once asked."""

from quart import request

from echosphere.bots.interaction import ADDRESS_RATE, RESPOND, ResponseTokens
from echosphere.bots.interaction_wire import RespondBody, ResponseAnswer, response_answer
from echosphere.bots.respond import Respond, get_interaction
from echosphere.core.ids import token_hash
from echosphere.core.rate_limits import RateLimiter, address_key
from echosphere.database import Database
from echosphere.settings import Settings
from echosphere.web import PREFIX, Api
from echosphere.wire import Existing


def response_tokens(settings: Settings) -> ResponseTokens:
    """Return what derives the addresses of the route below."""
    return ResponseTokens(settings.secret_key, settings.base_url.rstrip("/") + PREFIX)


class ResponseRoutes:
    """Serves `/respond/{token}`, whose secret is the address.

    Args:
        database: Holds what was asked.
        rate_limiter: Limits what one address tries.
    """

    def __init__(self, database: Database, rate_limiter: RateLimiter) -> None:
        self._database = database
        self._rate_limiter = rate_limiter

    def serve(self, api: Api) -> None:
        """Add the route."""
        api.post(
            RESPOND,
            self.respond,
            body=RespondBody,
            answer=ResponseAnswer,
            may_exist=True,
            status=201,
            anonymous=True,
        )

    async def respond(self, body: RespondBody, token: str) -> ResponseAnswer | Existing:
        """Answer a command or a press as the bot that was asked; no credential but the address."""
        self._rate_limiter.take(ADDRESS_RATE, address_key(request.remote_addr or ""))
        hashed = token_hash(token)
        asked = await self._database.read(get_interaction, hashed)
        command = Respond(asked.conversation, hashed, body.key, body.answer())
        done = await self._database.write(command)
        answer = response_answer(done)
        return answer if done.new and done.held is None else Existing(answer)
