"""Looks at the end of a ZIP archive before its directory is read into memory.

APPNOTE.TXT of PKWARE, sections 4.3.14 to 4.3.16.
"""

import struct
from pathlib import Path

from echosphere.importing.errors import UnreadableSource

END = b"PK\x05\x06"
END_LAYOUT = struct.Struct("<4s4H2LH")
END64_LOCATOR = struct.Struct("<4sLQL")
END64_LAYOUT = struct.Struct("<4sQ2H2L4Q")
MAX_COMMENT = 65_535
IN_64 = 0xFFFF
MAX_ENTRIES = 500_000
MAX_DIRECTORY = 128 * 1024 * 1024

NO_ARCHIVE = "This is not a ZIP archive, or it is truncated. Export it again, or copy it again."
TOO_MANY = f"The archive contains more than {MAX_ENTRIES:,} files. Import it in parts."


def require_small_directory(path: Path) -> None:
    """Refuse what is not an archive, and one whose list of files would fill the memory.

    Raises:
        UnreadableSource: It is.
    """
    with path.open("rb") as file:
        length = file.seek(0, 2)
        start = max(0, length - END_LAYOUT.size - MAX_COMMENT)
        file.seek(start)
        tail = file.read()
        found = tail.rfind(END)
        if found < 0 or len(tail) - found < END_LAYOUT.size:
            raise UnreadableSource(NO_ARCHIVE)
        *_, entries, size, _, _ = END_LAYOUT.unpack_from(tail, found)
        locator = start + found - END64_LOCATOR.size
        if entries == IN_64 and locator >= 0:
            file.seek(locator)
            signature, _, offset, _ = END64_LOCATOR.unpack(file.read(END64_LOCATOR.size))
            if signature == b"PK\x06\x07":
                file.seek(min(offset, length))
                record = file.read(END64_LAYOUT.size)
                if len(record) < END64_LAYOUT.size:
                    raise UnreadableSource(NO_ARCHIVE)
                *_, entries, size, _ = END64_LAYOUT.unpack(record)
    if entries > MAX_ENTRIES or size > MAX_DIRECTORY:
        raise UnreadableSource(TOO_MANY)
