"""Advisory locks of PostgreSQL are numbers: two of one number keep each other waiting."""

import re
from collections import Counter

from tests.house.repository import PACKAGE

KEY = re.compile(r"^[A-Z_]+ = (7_305_\d{3})$", re.MULTILINE)


def test_no_two_locks_have_the_same_number() -> None:
    keys = Counter(key for path in PACKAGE.rglob("*.py") for key in KEY.findall(path.read_text()))
    assert len(keys) > 4
    assert [key for key, times in keys.items() if times > 1] == []
