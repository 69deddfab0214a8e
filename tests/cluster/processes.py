"""Server processes of one instance, each with a data folder and a port of its own."""

import secrets
import subprocess
from base64 import urlsafe_b64encode
from pathlib import Path

from tests import launcher
from tests.product.people import Person
from tests.served import Served


class Processes:
    """Equal processes on one database, one bus and one folder of files.

    Args:
        folder: For their data.
        database_url: A PostgreSQL database.
        bus_url: A NATS server.
        more: Further settings.
    """

    def __init__(self, folder: Path, database_url: str, bus_url: str, **more: str) -> None:
        files = folder / "files"
        files.mkdir()
        self._folder = folder
        self._settings = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ECHOSPHERE_VAPID_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "ECHOSPHERE_DATABASE_URL": database_url,
            "ECHOSPHERE_STORAGE_URL": files.as_uri(),
            "ECHOSPHERE_STORAGE_SHARED": "on",
            "ECHOSPHERE_BUS_URL": bus_url,
            "ECHOSPHERE_REGISTRATION": "open",
            **more,
        }
        self.all: list[Served] = []

    def add(self, **more: str) -> Served:
        """Start one more, with further settings of its own."""
        folder = self._folder / f"process-{len(self.all) + 1}"
        folder.mkdir()
        served = Served(folder / "data", **self._settings)
        served.start(**more)
        self.all.append(served)
        return served

    def upgrade_tables(self, source: str) -> subprocess.CompletedProcess[str]:
        """Run `echosphere db upgrade` of the version in this folder, as who has a backup."""
        environment = launcher.without_settings() | self._settings | {"PYTHONPATH": source}
        return launcher.run(["db", "upgrade", "--no-snapshot"], environment)

    def doctor(self, **more: str) -> str:
        """Return what `echosphere doctor` says, with further settings of its own."""
        own = {"ECHOSPHERE_DATA": str(self._folder / "doctor")}
        environment = launcher.without_settings() | self._settings | own | more
        return launcher.run(["doctor"], environment).stdout

    def stop(self) -> None:
        """Stop all that run."""
        for served in self.all:
            served.stop()


def at(served: Served, person: Person) -> Person:
    """Return the same person, who uses another process."""
    return at_base(served.address, person)


def at_base(address: str, person: Person) -> Person:
    """Return the same person, who uses the process at this address."""
    return Person(address, person.user, person.token)
