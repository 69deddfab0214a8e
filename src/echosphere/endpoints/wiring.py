"""Installs endpoints: operations, the job that delivers, and what ends with bots and their owners."""

from echosphere.accounts import AccountClosed, SecurityEvent, SignedOutEverywhere
from echosphere.bots import BotDeleted, BotsHeard, response_tokens
from echosphere.core.clock import HOUR, MINUTE
from echosphere.core.encryption import Sealer
from echosphere.database import Database
from echosphere.endpoints import store
from echosphere.endpoints.deliver import Deliverer
from echosphere.endpoints.ends import (
    KeepSecrets,
    delete_endpoints_of,
    disable_everywhere,
    disable_with_owner,
    disable_with_ways_in,
)
from echosphere.endpoints.manage import SEALER
from echosphere.endpoints.note import DELIVER
from echosphere.endpoints.operations import EndpointsOperations
from echosphere.endpoints.targets import TARGETS, Targets
from echosphere.endpoints.trouble import count_failing, longest_failing
from echosphere.endpoints.wake import Waker
from echosphere.jobs import JobRunner
from echosphere.platform import Platform

PURPOSE = b"echosphere endpoints"

CONCURRENCY = 64
"""Endpoints that are delivered to at the same time; most of them wait for an answer."""


def install(platform: Platform) -> JobRunner:
    """Install the feature; return what delivers, to be started."""
    settings, database = platform.settings, platform.database
    sealer = Sealer(PURPOSE, settings.secret_key, settings.secret_key_previous)
    targets = Targets(settings.endpoint_networks, private=settings.allow_private_addresses)
    database.provide(SEALER, sealer)
    database.provide(TARGETS, targets)
    platform.operations.add(EndpointsOperations(database, sealer).all())
    platform.before_leaving.append(targets.stop)
    platform.shifts.append(store.shift_endpoints)
    platform.measured["endpoints_failing"] = count_failing
    platform.measured["endpoints_failing_seconds"] = longest_failing
    platform.measured["endpoints_disabled"] = store.count_given_up
    jobs, waker = JobRunner(database, concurrency=CONCURRENCY), Waker(database)
    jobs.register(DELIVER, Deliverer(database, targets, sealer, response_tokens(settings)).deliver)
    jobs.every("endpoints.wake", MINUTE, waker.sweep)
    jobs.every("endpoints.sweep", HOUR, lambda: _sweep(database, sealer))
    platform.fan_out.listen(BotsHeard, waker.wake)
    database.in_same_transaction(BotDeleted, delete_endpoints_of)
    database.in_same_transaction(AccountClosed, disable_with_owner)
    database.in_same_transaction(SecurityEvent, disable_with_ways_in)
    database.in_same_transaction(SignedOutEverywhere, disable_everywhere)
    return jobs


async def _sweep(database: Database, sealer: Sealer) -> None:
    """Delete what is old, and keep secrets sealed with the server's secret of now."""
    while await database.write(store.DeleteOldDeliveries()):
        pass
    every = bool(sealer.previous)
    found = await database.read(store.endpoints_to_keep, every=every)
    if found:
        await database.write(KeepSecrets(tuple(found)))
