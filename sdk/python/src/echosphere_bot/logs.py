"""What a bot writes to its log: lines for people, or JSON for machines, without secrets."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_SECRET = re.compile(r"esb_[A-Za-z0-9_-]+|whsec_[A-Za-z0-9+/=_-]+|(?<=/respond/)[^\s/?'\"]+")
_HIDDEN = "…"
_OWN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def redact(text: str) -> str:
    """Return a text without keys, secrets and addresses that are permissions."""
    return _SECRET.sub(_HIDDEN, text)


class LineFormatter(logging.Formatter):
    """One line for people, with further fields as `name=value`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and a traceback below it if there is one."""
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
        line = f"{at} {record.levelname.lower()} {record.getMessage()}{fields}"
        if record.exc_info:
            line += f"\n{self.formatException(record.exc_info)}"
        return redact(line)


class JsonFormatter(logging.Formatter):
    """One JSON object for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return redact(json.dumps(line, ensure_ascii=False, default=str))


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _OWN}


def set_up(form: str) -> None:
    """Write to standard error, unless the program has set up logging itself.

    Args:
        form: `json`, or anything else for lines.
    """
    root = logging.getLogger()
    if root.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if form == "json" else LineFormatter())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # It writes down the address of each request.
    logging.getLogger("httpx").setLevel(logging.WARNING)
