"""The attacks as a list, and proof that they can succeed.

python -m tests.attacks list               each with its file and its form
python -m tests.attacks count              how many there are
python -m tests.attacks mutations [TEXT …] switches one check of the product off at a time; with texts
                                           only those that have one in their name, file or attacks
"""

import sys
from collections import Counter
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from tests.attacks.mutating import run_mutations

HERE = Path(__file__).parent
NO_ATTACKS = ("test_controls", "test_mutations")
"""Files that are about the attacks and hold none."""


class Collected:
    """Keeps what pytest has found."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the names."""
        self.names = [item.nodeid.rpartition("tests/attacks/")[2] for item in items]


def attacks() -> list[str]:
    """Return the name of each attack, with its file and, where it has many forms, which one."""
    found = Collected()
    with redirect_stdout(StringIO()):
        assert pytest.main([str(HERE), "--collect-only", "-p", "no:cacheprovider"], [found]) == 0
    return [name for name in found.names if not name.startswith(NO_ATTACKS)]


def main(arguments: list[str]) -> int:
    """Print them."""
    if arguments[:1] == ["mutations"]:
        return run_mutations(*arguments[1:])
    names = attacks()
    if arguments == ["list"]:
        print("\n".join(names))
    elif arguments != ["count"]:
        print(__doc__)
        return 2
    for file, count in Counter(name.partition("::")[0] for name in names).items():
        print(f"{count:4} {file}")
    kinds = {name.partition("[")[0] for name in names}
    print(f"{len(names):4} attacks of {len(kinds)} kinds")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
