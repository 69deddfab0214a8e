"""The commands on backups, declared for the parser: they run beside the server, not in it."""

from pathlib import Path

from echosphere.commands.declared import Argument, Command

FOLDER = Argument("path", "the backup folder", {"type": Path})
PASSPHRASE = Argument(
    "--passphrase-file",
    "a file whose first line is the passphrase of an encrypted backup; - for standard input",
    {"metavar": "FILE"},
)
POINT = Argument(
    "--point",
    "the restore point, as shown by `backup list` (default: the newest)",
    {"metavar": "NAME"},
)


def _at_least_one(given: str) -> int:
    number = int(given)
    if number < 1:
        raise ValueError
    return number


BACKUPS = (
    Command(
        "backup create",
        "back up the database, files and keys; the server can keep running",
        "backup.create",
        (
            FOLDER,
            PASSPHRASE,
            Argument(
                "--keep",
                "how many of the newest restore points to keep; the others are removed "
                "(default: keep all)",
                {"type": _at_least_one, "metavar": "N"},
            ),
        ),
        (
            "backup /var/backups/echosphere",
            "backup /mnt/backup --keep 14 --passphrase-file /etc/echosphere.passphrase",
        ),
    ),
    Command(
        "backup verify",
        "verify a backup by restoring its database to a temporary location and reading every file",
        "backup.verify",
        (
            FOLDER,
            PASSPHRASE,
            POINT,
            Argument(
                "--aside",
                "a folder with space for the database (default: the folder for temporary files)",
                {"type": Path, "metavar": "FOLDER"},
            ),
        ),
        ("backup verify /var/backups/echosphere",),
    ),
    Command(
        "backup list",
        "list the restore points of a backup",
        "backup.list_points",
        (FOLDER, PASSPHRASE),
        ("backup list /var/backups/echosphere",),
    ),
    Command(
        "restore",
        "restore a backup into an empty data folder and database",
        "backup.restore",
        (
            FOLDER,
            PASSPHRASE,
            POINT,
            Argument(
                "--sign-out",
                "sign everyone out, because sessions may have been ended since the backup",
                {"action": "store_true"},
            ),
        ),
        (
            "restore /var/backups/echosphere",
            "restore /mnt/backup --point 2030-01-31T020000Z --passphrase-file -",
        ),
    ),
    Command(
        "move",
        "move the database of a stopped server to another one, and compare them; run it again "
        "if it is interrupted",
        "move.move",
        (
            Argument(
                "--to",
                "the new, empty database: postgresql://user:password@host/name or sqlite:////path/app.db",
                {"required": True, "metavar": "URL"},
            ),
        ),
        ("move --to postgresql://echosphere@db.example.org/echosphere",),
    ),
    Command(
        "db upgrade",
        "bring the tables up to date",
        "upgrade.upgrade",
        (
            Argument(
                "--snapshot",
                "make a backup in this folder first",
                {"type": Path, "metavar": "FOLDER"},
            ),
            Argument(
                "--no-snapshot",
                "skip the backup, because you already have one",
                {"action": "store_true"},
            ),
            PASSPHRASE,
        ),
        (
            "db upgrade",
            "db upgrade --snapshot /var/backups/echosphere",
        ),
    ),
)
