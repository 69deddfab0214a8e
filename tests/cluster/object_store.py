"""A SeaweedFS server of the tests' own as S3, which can be killed and started again."""

import subprocess
import time
from pathlib import Path

import httpx

from tests.deploy.checks import find
from tests.house.serving import free_port

SECONDS_TO_START = 90.0
BUCKET = "echosphere"


class ObjectStore:
    """A server with one bucket.

    Args:
        folder: Where it keeps everything.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "objects").mkdir()
        # It takes for gRPC the ports ten thousand above those it is told.
        names = ("master", "volume", "filer", "s3")
        self._ports = {name: free_port(and_above=10_000) for name in names}
        self._process: subprocess.Popen[bytes] | None = None
        self.settings = {
            "ECHOSPHERE_STORAGE_URL": f"s3://{BUCKET}",
            "AWS_ENDPOINT": f"http://127.0.0.1:{self._ports['s3']}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "echosphere",
            "AWS_SECRET_ACCESS_KEY": "only-for-a-test",
        }

    def start(self) -> None:
        """Start, and wait until it answers."""
        ports = [f"-{name}.port={port}" for name, port in self._ports.items()]
        told = [
            *("-dir=objects", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-volume.max=0", "-s3"),
            *("-master.volumeSizeLimitMB=64", "-volume.preStopSeconds=1"),
            *("-master.telemetry=false", "-s3.port.iceberg=0", "-s3.port.lance=0"),
        ]
        with (self._folder / "store.log").open("ab") as log:
            self._process = subprocess.Popen(
                [find("weed"), "server", *told, *ports],
                cwd=self._folder,
                env=self.settings,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + SECONDS_TO_START
        while not (self._answers() and self._has_bucket()):
            assert time.monotonic() < until, (self._folder / "store.log").read_text()[-2000:]
            time.sleep(0.2)

    def kill(self) -> None:
        """End it as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.settings['AWS_ENDPOINT']}/healthz", timeout=2).is_success
        except httpx.TransportError:
            return False

    def _has_bucket(self) -> bool:
        made = subprocess.run(
            [
                *(find("weed"), "shell", f"-master=127.0.0.1:{self._ports['master']}"),
                f"-filer=127.0.0.1:{self._ports['filer']}",
            ],
            input=f"s3.bucket.create -name={BUCKET}\ns3.bucket.list\n",
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_TO_START,
        )
        return BUCKET in made.stdout
