"""The commands on backups, declared for the parser: they run beside the server, not in it."""

from pathlib import Path

from echosphere.commands.declared import Argument, Command

FOLDER = Argument("path", "the folder of the backup", {"type": Path})
PASSPHRASE = Argument(
    "--passphrase-file",
    "whose first line is the passphrase of an encrypted backup; - for standard input",
    {"metavar": "FILE"},
)
POINT = Argument(
    "--point",
    "the restore point, as `backup list` shows it; the newest without this",
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
        "back up database, files and keys; the server may run",
        "backup.create",
        (
            FOLDER,
            PASSPHRASE,
            Argument(
                "--keep",
                "keep the newest restore points and remove the others; all stay without this",
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
        "prove a backup good by restoring its database aside and reading every file",
        "backup.verify",
        (
            FOLDER,
            PASSPHRASE,
            POINT,
            Argument(
                "--aside",
                "where there is room for the database; the folder for temporary files without this",
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
        "restore a backup into an empty place",
        "backup.restore",
        (
            FOLDER,
            PASSPHRASE,
            POINT,
            Argument(
                "--sign-out",
                "nobody stays signed in: a session may have been ended since the backup",
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
        "move the database of a stopped server to another one, and compare; run it again after a break",
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
                "make a backup in this folder before",
                {"type": Path, "metavar": "FOLDER"},
            ),
            Argument(
                "--no-snapshot",
                "do without: you have a backup",
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
