"""ZIP archives: written as streams, with hashes, and with names that every system takes."""

from echosphere.archive.names import member_name
from echosphere.archive.writer import ArchiveWriter, Member

__all__ = ["ArchiveWriter", "Member", "member_name"]
