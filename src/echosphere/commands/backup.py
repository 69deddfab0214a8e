"""`echosphere backup` and `echosphere restore`."""

import sys
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path

from echosphere.backup import (
    BackupError,
    Manifest,
    Progress,
    Repository,
    create_backup,
    restore_backup,
    verify_backup,
)
from echosphere.core.counting import counted
from echosphere.settings import Settings

STANDARD_INPUT = "-"


def create(settings: Settings, path: Path, passphrase_file: str | None, keep: int | None) -> int:
    """Make a backup; the exit code is 1 if the storage lacked files."""
    passphrase = read_passphrase(passphrase_file)
    made = create_backup(settings, path, passphrase=passphrase, keep=keep, progress=Progress())
    print(f"The backup {made.name} in {path} is complete: {_contents(made.manifest)}.")
    copied = counted(made.copied, "file was", "files were")
    print(f"{copied} copied. Files that were already there are not copied again.")
    if made.removed:
        removed = counted(made.removed, "old restore point was", "old restore points were")
        print(f"{removed} removed.")
    missing = made.manifest.files.missing
    if missing:
        print(
            f"echosphere: {_missing(missing)} missing from the storage, and so from the backup. "
            "Check earlier backups.",
            file=sys.stderr,
        )
    return 1 if missing else 0


def verify(
    _settings: Settings,
    path: Path,
    passphrase_file: str | None,
    point: str | None,
    aside: Path | None,
) -> int:
    """Prove a backup good."""
    name, manifest = verify_backup(
        path,
        passphrase=read_passphrase(passphrase_file),
        name=point,
        aside=aside,
        progress=Progress(),
    )
    print(f"The backup {name} is good: {_contents(manifest)}.")
    return 0


def list_points(_settings: Settings, path: Path, passphrase_file: str | None) -> int:
    """List the restore points of a backup."""
    for point in Repository.open(path, read_passphrase(passphrase_file)).points():
        print(f"{point.name}  {_contents(point.manifest())}")
    return 0


def restore(
    settings: Settings,
    path: Path,
    passphrase_file: str | None,
    point: str | None,
    sign_out: bool,
) -> int:
    """Restore a backup into the empty place of the settings."""
    manifest = restore_backup(
        settings,
        path,
        passphrase=read_passphrase(passphrase_file),
        name=point,
        sign_out=sign_out,
        progress=Progress(),
    )
    made = datetime.fromtimestamp(manifest.created_at / 1000, UTC)
    print(f"The backup of {made:%Y-%m-%d %H:%M} UTC is restored: {_contents(manifest)}.")
    print("Password reset links and unsent e-mails are void. Request them again if needed.")
    if not sign_out:
        print(
            "Sessions and API keys from that time are valid again. To end them all, restore "
            "with --sign-out."
        )
    print("Start the server: echosphere serve")
    return 0


def read_passphrase(file: str | None) -> str | None:
    """Return the passphrase in the first line of a file or of standard input; None without one.

    Raises:
        BackupError: It is empty, or the file cannot be read.
    """
    if file is None:
        return None
    if file != STANDARD_INPUT:
        try:
            line = Path(file).read_text(encoding="utf-8").partition("\n")[0]
        except (OSError, UnicodeDecodeError) as error:
            raise BackupError(f"The passphrase cannot be read from {file}: {error}.") from error
    elif sys.stdin.isatty():
        line = getpass("Passphrase: ")
    else:
        line = sys.stdin.readline()
    passphrase = line.rstrip("\r\n")
    if not passphrase:
        raise BackupError("The passphrase is empty.")
    return passphrase


def _missing(number: int) -> str:
    return counted(number, "file that messages refer to is", "files that messages refer to are")


def _contents(manifest: Manifest) -> str:
    rows = {name: table.rows for name, table in manifest.tables.items()}
    files = manifest.files
    return (
        f"{counted(rows.get('users', 0), 'account')}, "
        f"{counted(rows.get('messages', 0), 'message')}, "
        f"{counted(files.count, 'file')} of {files.size / 1024**2:,.1f} MiB"
    )
