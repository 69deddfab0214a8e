"""The table of roles in docs/security-model.md. `python -m tests.docs.permissions_table` regenerates it."""

import re

from echosphere.accounts import AccountRole, Action, may
from echosphere.accounts.permissions import RULES
from tests.house.repository import ROOT

SECURITY_MODEL = ROOT / "docs" / "security-model.md"
TABLE = re.compile(r"(?<=\n)\| action on the server \|.*?(?=\n\n)", re.DOTALL)


def permissions_table() -> str:
    """Return the table in Markdown."""
    head = f"| action on the server | {' | '.join(AccountRole)} |"
    return "\n".join([head, "| --- " * (len(AccountRole) + 1) + "|", *map(_row, Action)])


def _row(action: Action) -> str:
    return f"| {action} | {' | '.join(_cell(role, action) for role in AccountRole)} |"


def _cell(role: AccountRole, action: Action) -> str:
    if not may(role, action):
        return "no"
    lower_only = RULES[action].only_below and role is not AccountRole.OWNER
    return "lower roles" if lower_only else "yes"


if __name__ == "__main__":
    text = SECURITY_MODEL.read_text(encoding="utf-8")
    SECURITY_MODEL.write_text(TABLE.sub(lambda _: permissions_table(), text), encoding="utf-8")
