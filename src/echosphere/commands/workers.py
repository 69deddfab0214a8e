"""`echosphere serve --workers N`: runs the parent of several processes that serve."""

import asyncio

from echosphere.commands.addresses import print_address
from echosphere.monitoring import MetricsListener, configure_logging
from echosphere.settings import Settings
from echosphere.workers import Parent


def serve_with_workers(settings: Settings, workers: int) -> int:
    """Keep workers until told to stop; return the exit code.

    Raises:
        WorkersRefusedError: They could not work here.
    """
    configure_logging(settings)
    parent = Parent(settings, workers, lambda port, link: print_address(settings, port, link))
    return asyncio.run(_run(settings, parent))


async def _run(settings: Settings, parent: Parent) -> int:
    if settings.metrics_listen is None:
        return await parent.run()
    metrics = MetricsListener(parent.total, settings.metrics_listen)
    await metrics.start()
    try:
        return await parent.run()
    finally:
        await metrics.stop()
