"""A server that imports."""

from collections.abc import Awaitable, Callable
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

import pytest

from echosphere.app import Application
from echosphere.importing import Importer, Losses, Report, open_source
from tests.product.conftest import (  # noqa: F401 - fixtures
    Running,
    cast,
    more_settings,
    running,
    server,
)

Import = Callable[..., Awaitable[Report]]


async def import_into(
    application: Application,
    path: Path,
    system: str | None = None,
    *,
    dry_run: bool = False,
    zone: tzinfo | None = UTC,
    name: str | None = None,
) -> Report:
    """Import an export to its end; return the report."""
    source = open_source(path, system, Losses(), zone, name)
    try:
        importer = Importer(
            application.database,
            application.source_files,
            application.live_settings,
            source,
            dry_run=dry_run,
        )
        parts = [part async for part in importer.run()]
        assert isinstance(parts[-1], Report)
        return parts[-1]
    finally:
        source.close()


@pytest.fixture
def do_import(running: Running, server: str) -> Import:  # noqa: F811 - the fixtures above
    """Import into the running server."""

    async def run(path: Path, system: str | None = None, **more: Any) -> Report:
        return await import_into(running.application, path, system, **more)

    return run
