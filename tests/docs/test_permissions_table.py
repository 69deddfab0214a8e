"""The table of roles in docs/security-model.md is that of the code."""

from tests.docs.permissions_table import SECURITY_MODEL, TABLE, permissions_table


def test_the_table_of_roles_is_that_of_the_code() -> None:
    """If not: `python -m tests.docs.permissions_table`."""
    assert TABLE.findall(SECURITY_MODEL.read_text(encoding="utf-8")) == [permissions_table()]
