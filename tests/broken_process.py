"""Programs of our own that fail in one way, for as long as a marker file is there."""

from pathlib import Path


def failing(command: tuple[str, ...], fault: str, marker: Path) -> tuple[str, ...]:
    """Return a program of `worker_command` that first does this while the marker is there."""
    interpreter, isolated, option, code, *rest = command
    modules = "import json, os, resource, signal, sys, time"
    code = f"{modules}\nif os.path.exists({str(marker)!r}):\n    {fault}\n{code}"
    return (interpreter, isolated, option, code, *rest)
