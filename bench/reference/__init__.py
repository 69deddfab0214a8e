"""Servers that the product is compared with under the same load."""

import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.progress import say
from bench.server import Program

HERE = Path(__file__).parent


class Node(Program):
    """Node.js with its own socket.io, which stores nothing and checks no one."""

    name = "node socket.io"

    def __enter__(self) -> Self:
        if not (HERE / "node_modules").is_dir():
            say("installing the reference …")
            subprocess.run([_require("npm"), "ci", "--silent"], cwd=HERE, check=True)
        self.begin([_require("node"), str(HERE / "server.js"), str(self.port)], {}, HERE)
        self.wait_for("/")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _require(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise RuntimeError(f"the reference needs {program}")
    return found
