"""A pytest plugin: if tests could not be collected, the run ends with another code than for one that failed.

What failed is run once more by `bin/test`, which must not pass when most tests have not run at all.
"""

import pytest

NOT_COLLECTED = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse names that differ between processes: xdist would run none of the tests."""
    for item in items:
        if " object at 0x" in item.nodeid:
            raise pytest.UsageError(f"{item.nodeid}: give its cases names, with `ids`")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Look for what could not be collected."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    errors = reporter.stats.get("error", []) if reporter is not None else []
    if any(isinstance(error, pytest.CollectReport) for error in errors):
        session.exitstatus = NOT_COLLECTED
