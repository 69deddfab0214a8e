"""A mark for tests whose outcome cannot depend on the kind of database: they run on one."""

import pytest

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
