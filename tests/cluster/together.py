"""Several applications of one product on the loop of a test, as if each had its own process."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from tempfile import mkdtemp

from echosphere.app import Application
from echosphere.settings import Settings
from tests.cluster.front import Front
from tests.cluster.nats_server import shared_nats
from tests.processes import PROCESSES

DEFAULT_ADDRESS = "http://127.0.0.1:5000"

_free: dict[bool, list[Front]] = {True: [], False: []}
"""nginx that runs and that no one uses, with TLS and without: one after the other has it."""


class Together:
    """What joins the processes of a product: a bus, and nginx in front.

    Args:
        settings: Those of the test.
    """

    def __init__(self, settings: Settings) -> None:
        # Who names the address says by which scheme it is reached.
        self._names_address = settings.base_url != DEFAULT_ADDRESS
        self._secure = settings.secure or not self._names_address
        fronts = _free[self._secure]
        self._front = fronts.pop() if fronts else Front(Path(mkdtemp()), secure=self._secure)

    @classmethod
    def of(cls, settings: Settings) -> "Together | None":
        """Return what joins the processes of this product; None where tests run over one.

        Raises:
            AssertionError: This product cannot be several: the test belongs into the table of
                tests/one_process.py.
        """
        if PROCESSES == 1:
            return None
        assert settings.database_url.startswith("postgresql"), "SQLite is for one process"
        assert not settings.bus_url, "the test joins its processes itself"
        assert not settings.trusted_proxies, "nginx drops what clients claim about themselves"
        return cls(settings)

    @property
    def ports(self) -> list[int]:
        """Where each process has to listen."""
        return self._front.ports

    def settings_of_each(self, settings: Settings) -> list[Settings]:
        """Return the settings of each process."""
        shared = replace(
            settings,
            base_url=settings.base_url if self._names_address else self._front.address,
            bus_url=(shared_nats().url,),
            storage_shared=True,
            trusted_proxies=(ip_network("127.0.0.1"),),
        )
        return [
            replace(
                shared,
                process_name=name,
                data=settings.data.with_name(settings.data.name + f"-{name}" * (number > 0)),
            )
            for number, name in enumerate(self._front.names)
        ]

    async def open(self, applications: Iterable[Application]) -> str:
        """Let people in once the processes know each other; return the address."""
        self._front.open()
        clusters = [one.platform.cluster for one in applications]
        async with asyncio.timeout(30):
            while any(one is None or one.size < PROCESSES for one in clusters):
                await asyncio.sleep(0.005)
        return self._front.address

    def close(self) -> None:
        """Leave nginx to the next product."""
        _free[self._secure].append(self._front)
