"""A mark for tests whose outcome cannot depend on the kind of database: they run on one."""

import pytest

from tests.databases import DATABASES

on_one_database = pytest.mark.parametrize("database_kind", DATABASES[:1], indirect=True)
