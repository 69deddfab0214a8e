"""The operations on endpoints of bots; none of them can be done with a key, which may be stolen."""

from echosphere.api import Existing, Operation, delete, get, patch, post
from echosphere.bots import CHANGE_RATE
from echosphere.core.caller import Caller
from echosphere.core.encryption import Sealer
from echosphere.core.errors import Gone, NotFound
from echosphere.database import Creation, Database
from echosphere.endpoints.deliveries import Redeliver, SendTest, get_own_delivery, list_deliveries
from echosphere.endpoints.endpoint import CREATION_RATE, DELETED, TEST_RATE, Endpoint
from echosphere.endpoints.manage import (
    ChangeEndpoint,
    CreateEndpoint,
    DeleteEndpoint,
    RotateSecret,
    get_own_endpoint,
    list_endpoints,
    open_secret,
)
from echosphere.endpoints.wire import (
    BotEndpointsCall,
    ChangeEndpointCall,
    CreateEndpointCall,
    Deliveries,
    DeliveriesCall,
    DeliveryCall,
    EndpointCall,
    EndpointKeyCall,
    Endpoints,
    EndpointWithSecret,
    OneDelivery,
    OneEndpoint,
    deliveries_shape,
    delivery_shape,
    endpoint_shape,
)

ALL = "/bots/<bot>/endpoints"
ONE = f"{ALL}/<bot_endpoint>"
DELIVERIES = f"{ONE}/deliveries"


class EndpointsOperations:
    """Serves creating, changing and deleting endpoints, and what was sent to them.

    Args:
        database: Holds them.
        sealer: Opens their secrets.
    """

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [
            Operation(self.endpoints, get(ALL)),
            Operation(self.create, post(ALL), rate=CREATION_RATE, status=201),
            Operation(self.change, patch(ONE), rate=CHANGE_RATE),
            Operation(self.delete, delete(ONE)),
            Operation(self.rotate, post(f"{ONE}/rotate"), rate=CREATION_RATE, status=201),
            Operation(self.test, post(f"{ONE}/test"), rate=TEST_RATE, status=201),
            Operation(self.deliveries, get(DELIVERIES)),
            Operation(self.redeliver, post(f"{DELIVERIES}/<delivery>/redeliver"), rate=TEST_RATE),
        ]

    async def endpoints(self, caller: Caller, call: BotEndpointsCall) -> Endpoints:
        """List the endpoints of one of the caller's bots, and the conversations that it is in."""
        found = await self._database.read(list_endpoints, caller.user_id, call.bot)
        now = self._database.clock()
        shapes = [endpoint_shape(one, now) for one in found.endpoints]
        return Endpoints(shapes, found.conversations)

    async def create(
        self, caller: Caller, call: CreateEndpointCall
    ) -> EndpointWithSecret | Existing:
        """Send a bot's events to an address, signed with a secret; asks for a fresh proof."""
        command = CreateEndpoint(
            Creation(caller.user_id, f"endpoints {call.bot}", call.key),
            caller,
            call.bot,
            call.url,
            call.types,
            call.conversations,
        )
        made = await self._database.write(command)
        answer = await self._with_secret(caller, call.bot, made.id)
        return answer if made.new else Existing(answer)

    async def change(self, caller: Caller, call: ChangeEndpointCall) -> OneEndpoint:
        """Change or re-enable an endpoint; asks for a fresh proof, except to disable it."""
        command = ChangeEndpoint(
            caller=caller,
            bot=call.bot,
            endpoint=call.bot_endpoint,
            url=call.url if isinstance(call.url, str) else None,
            types=call.types if isinstance(call.types, list) else None,
            conversations=call.conversations if isinstance(call.conversations, list) else None,
            disabled=call.disabled if isinstance(call.disabled, bool) else None,
        )
        await self._database.write(command)
        found = await self._own(caller, call.bot, call.bot_endpoint)
        return OneEndpoint(endpoint_shape(found, self._database.clock()))

    async def delete(self, caller: Caller, call: EndpointCall) -> None:
        """Delete an endpoint and its delivery history."""
        await self._database.write(DeleteEndpoint(caller, call.bot, call.bot_endpoint))

    async def rotate(self, caller: Caller, call: EndpointKeyCall) -> EndpointWithSecret | Existing:
        """Create a new secret for an endpoint; the old one also signs for 24 hours."""
        creation = Creation(caller.user_id, f"secrets {call.bot_endpoint}", call.key)
        made = await self._database.write(
            RotateSecret(creation, caller, call.bot, call.bot_endpoint)
        )
        answer = await self._with_secret(caller, call.bot, made.id)
        return answer if made.new else Existing(answer)

    async def test(self, caller: Caller, call: EndpointKeyCall) -> OneDelivery | Existing:
        """Send an event of the type `test` to an endpoint, once and without retries."""
        creation = Creation(caller.user_id, f"tests {call.bot_endpoint}", call.key)
        made = await self._database.write(SendTest(creation, caller, call.bot, call.bot_endpoint))
        answer = await self._delivery(caller, call.bot, call.bot_endpoint, made.id)
        return answer if made.new else Existing(answer)

    async def deliveries(self, caller: Caller, call: DeliveriesCall) -> Deliveries:
        """List deliveries to an endpoint in the last 30 days, newest first."""
        where = (caller.user_id, call.bot, call.bot_endpoint)
        page = await self._database.read(list_deliveries, *where, call.before)
        return deliveries_shape(page)

    async def redeliver(self, caller: Caller, call: DeliveryCall) -> OneDelivery:
        """Send an event to an endpoint again, with the same id and the current text of its message."""
        where = (call.bot, call.bot_endpoint, call.delivery)
        await self._database.write(Redeliver(caller, *where))
        return await self._delivery(caller, *where)

    async def _own(self, caller: Caller, bot: str, endpoint: str) -> Endpoint:
        return await self._database.read(get_own_endpoint, caller.user_id, bot, endpoint)

    async def _with_secret(self, caller: Caller, bot: str, endpoint: str) -> EndpointWithSecret:
        try:
            found = await self._own(caller, bot, endpoint)
        except NotFound:  # a repeated call, after it was deleted
            raise Gone(DELETED) from None
        shape = endpoint_shape(found, self._database.clock())
        return EndpointWithSecret(shape, open_secret(self._sealer, found))

    async def _delivery(
        self, caller: Caller, bot: str, endpoint: str, delivery: str
    ) -> OneDelivery:
        where = (caller.user_id, bot, endpoint, delivery)
        return OneDelivery(delivery_shape(await self._database.read(get_own_delivery, *where)))
