"""What one envelope on the bus costs the process that publishes it, and each that receives it."""

import asyncio
from secrets import token_hex
from time import process_time

import msgspec

from bench.result import Figures, tidy

ENVELOPES = 5_000
AT_ONCE = 20
"""Envelopes between two turns of the loop; a server publishes about as many."""

OVERHEAD = 350
"""Bytes of an event beside the text of its message."""


class Told(msgspec.Struct, array_like=True, frozen=True):
    """As large as an event is."""

    payload: bytes


async def measure(url: str, length: int) -> Figures:
    """Publish to no one, then to one receiver in this process; return microseconds of processor time.

    Args:
        url: A NATS server.
        length: Characters of a message.
    """
    from echosphere.bus import Cluster, NatsBus  # noqa: PLC0415 - the product, for this alone

    secret = token_hex(16)
    sender, receiver = (Cluster(NatsBus([url]), secret, name) for name in ("sender", "receiver"))
    received = 0
    complete = asyncio.Event()

    def take(_process: str, _told: Told) -> None:
        nonlocal received
        received += 1
        if received == ENVELOPES:
            complete.set()

    receiver.receive("told", Told, take)
    await sender.start()
    alone = await _publish(sender, length)
    await receiver.start()
    begun = process_time()
    await _publish(sender, length)
    async with asyncio.timeout(60):
        await complete.wait()
    both = (process_time() - begun) / ENVELOPES * 1e6
    await receiver.stop()
    await sender.stop()
    return {"publish_us": tidy(alone), "receive_us": tidy(max(both - alone, 0.0))}


async def _publish(sender: object, length: int) -> float:
    told = Told(b"x" * (length + OVERHEAD))
    begun = process_time()
    for number in range(ENVELOPES):
        sender.tell(f"c.{number % 64}", "told", told)  # type: ignore[attr-defined]
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    await asyncio.sleep(0.2)
    return (process_time() - begun) / ENVELOPES * 1e6
