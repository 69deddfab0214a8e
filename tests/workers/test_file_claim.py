"""The claim on an SQLite file that a parent holds, and what it gives to its workers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from echosphere.core.in_use import InUseError
from echosphere.database import SQLite
from echosphere.workers.file_claim import ParentClaim
from echosphere.workers.joining import Joining, Role

no_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no workers")


def claim_of(path: Path) -> ParentClaim:
    """Return a claim on a file."""
    claim = ParentClaim.of(f"sqlite:///{path}")
    assert claim is not None
    return claim


@no_windows
def test_one_who_has_claimed_it_keeps_parents_and_single_servers_away(tmp_path: Path) -> None:
    path = tmp_path / "data" / "app.db"
    claim, alone = claim_of(path), SQLite(f"sqlite:///{path}")
    claim.claim()
    assert not claim.was_unclean
    for other in (claim_of(path), alone):
        with pytest.raises(InUseError, match="already running on"):
            other.claim()
    claim.release(clean=True)
    claim.release(clean=True)
    alone.claim()
    with pytest.raises(InUseError, match="already running on"):
        claim_of(path).claim()
    alone.release()


@no_windows
def test_it_holds_until_the_process_that_inherited_it_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    claim = claim_of(path)
    claim.claim()
    waits = [sys.executable, "-c", "input()"]
    with subprocess.Popen(waits, stdin=subprocess.PIPE, pass_fds=[claim.descriptor]) as inherited:
        os.close(claim.descriptor)  # as when the parent is killed
        with pytest.raises(InUseError):
            claim_of(path).claim()
        inherited.communicate(b"\n")
    again = claim_of(path)
    again.claim()
    assert again.was_unclean
    again.release(clean=False)
    after_a_crash = claim_of(path)
    after_a_crash.claim()
    assert after_a_crash.was_unclean
    after_a_crash.release(clean=True)
    assert not path.with_suffix(".running").exists()


def test_what_is_no_file_is_not_claimed() -> None:
    assert ParentClaim.of("postgresql://db/chat") is None


@pytest.mark.parametrize(
    "given",
    [
        Joining("a.1f", 7, 3, 4),
        Joining("1f", 2**31 - 1, 3, 4, Role.READS),
        Joining("1f", 7, 3, 4, Role.WRITES, 5, was_unclean=True, another_writes=True),
    ],
)
def test_what_a_parent_gives_arrives(given: Joining) -> None:
    assert Joining.decode(given.encode()) == given
