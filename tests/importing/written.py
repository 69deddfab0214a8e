"""Writes imports line by line, for what no sample has."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Line = dict[str, Any]

ADA: Line = {"id": "ada", "name": "Ada", "email": "ada@example.org"}
BEN: Line = {"id": "ben", "name": "Ben"}


def message(number: int, author: str = "ben", **more: Any) -> Line:
    """Return a message of somebody."""
    return {"id": str(number), "author": author, "at": number, "text": f"Text {number}"} | more


def write_import(
    path: Path,
    messages: Sequence[Line],
    people: Sequence[Line] = (ADA, BEN),
    /,
    *,
    source: str = "test",
    **conversation: Any,
) -> Path:
    """Write a folder with one conversation, `here`, of all these people."""
    path.mkdir(exist_ok=True)
    members = [{"person": one["id"]} for one in people]
    here = {"id": "here", "title": "Builds", "members": members, "messages": "messages.jsonl"}
    lines = {
        "manifest.json": [{"format": "echosphere-import", "version": 1, "source": source}],
        "people.jsonl": people,
        "conversations.jsonl": [here | conversation],
        "messages.jsonl": messages,
    }
    for name, values in lines.items():
        (path / name).write_text("\n".join(json.dumps(one) for one in values))
    return path
