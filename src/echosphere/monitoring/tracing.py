"""Traces for OpenTelemetry, set up by its own variables (`OTEL_…`).

Its packages are an extra (`echosphere[traces]`) and are loaded only where traces are collected.
"""

import asyncio
import os
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

from echosphere.core import tracing
from echosphere.core.ids import new_id
from echosphere.core.operator_error import OperatorError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
FLUSH_MILLISECONDS = 3_000
"""How long the end of a server waits until its last spans are taken."""


def are_traces_collected(environment: Mapping[str, str]) -> bool:
    """Whether the variables of OpenTelemetry name a collector of traces, and do not switch it off."""
    return (
        any(environment.get(name) for name in ENDPOINTS)
        and environment.get("OTEL_SDK_DISABLED", "").lower() != "true"
        and environment.get("OTEL_TRACES_EXPORTER", "otlp") != "none"
    )


class Tracing:
    """Sends the spans of this process to a collector, if the environment names one."""

    def __init__(self) -> None:
        self._provider: TracerProvider | None = None

    async def start(self) -> None:
        """Begin to record spans.

        Raises:
            OperatorError: The packages for it are not installed.
        """
        if not are_traces_collected(os.environ):
            return
        try:
            from echosphere.monitoring.opentelemetry_tracer import (  # noqa: PLC0415 - an extra
                OpenTelemetryTracer,
                provider_of,
            )
        except ModuleNotFoundError as error:
            raise OperatorError(
                "The environment names a trace collector (OTEL_EXPORTER_OTLP_ENDPOINT), but "
                "the packages for it are missing. Install echosphere[traces], or set "
                "OTEL_SDK_DISABLED=true."
            ) from error
        self._provider = provider_of(version("echosphere"), new_id())
        tracing.tracer = OpenTelemetryTracer(self._provider)

    async def stop(self) -> None:
        """Send what was recorded, and record nothing any more."""
        provider, self._provider = self._provider, None
        if provider is not None:
            tracing.tracer = None
            await asyncio.to_thread(provider.force_flush, FLUSH_MILLISECONDS)
            await asyncio.to_thread(provider.shutdown)
