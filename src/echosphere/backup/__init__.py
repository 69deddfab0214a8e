"""Backups: made while the server runs, verified, restored; and moving to another database."""

from echosphere.backup.create import Backup, create_backup
from echosphere.backup.errors import BackupError
from echosphere.backup.manifest import Manifest
from echosphere.backup.move import Move, move_database
from echosphere.backup.progress import Progress
from echosphere.backup.repository import Repository
from echosphere.backup.restore import restore_backup
from echosphere.backup.verify import verify_backup

__all__ = [
    "Backup",
    "BackupError",
    "Manifest",
    "Move",
    "Progress",
    "Repository",
    "create_backup",
    "move_database",
    "restore_backup",
    "verify_backup",
]
