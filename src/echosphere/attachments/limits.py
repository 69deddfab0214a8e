"""The limits for uploads at one moment."""

from collections.abc import Callable
from dataclasses import dataclass, field

from echosphere.attachments.attachment import Quota
from echosphere.attachments.file_rules import FileRules
from echosphere.core.rate_limits import Rate
from echosphere.settings import Settings

BURST_MINUTES = 5


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What one upload is held to from its first to its last byte.

    Attributes:
        max_size: Bytes of one file.
        quota: Limits the bytes of one user and of all.
        disk_reserve: Bytes of the disk that files must leave free.
        mib_per_minute: Limits the bytes that one user uploads in a minute.
        files: Which files may be sent.
    """

    max_size: int
    quota: Quota
    disk_reserve: int
    mib_per_minute: int
    files: FileRules = field(default_factory=FileRules)

    @classmethod
    def of(cls, settings: Settings) -> "UploadLimits":
        """Return the limits that settings make."""
        return cls(
            settings.max_attachment,
            quota_of(settings),
            settings.disk_reserve,
            settings.upload_mib_per_minute,
            FileRules(settings.allowed_files, settings.refused_files),
        )

    @property
    def byte_rate(self) -> Rate:
        """The rate at which one user uploads mebibytes."""
        return Rate(
            "bytes of uploads", BURST_MINUTES * self.mib_per_minute, 60 / self.mib_per_minute
        )


CurrentLimits = Callable[[], UploadLimits]
"""Returns the limits of this moment."""


def quota_of(settings: Settings) -> Quota:
    """Return how much files may take up."""
    return Quota(settings.storage_per_person, settings.storage_in_all)
