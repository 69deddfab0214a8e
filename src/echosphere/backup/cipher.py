"""Encrypts the files of a backup in chunks, so that memory is bounded and nothing can be cut off.

Each file begins with a magic number and a random salt, from which its key is derived; chunks of
64 KiB follow, each encrypted with AES-256-GCM. The nonce counts them and marks the last one, so a
chunk that is missing, moved or from another file is noticed.
"""

import hashlib
import os
from collections.abc import Iterator
from io import BufferedIOBase, RawIOBase
from typing import IO, TYPE_CHECKING, Any

from echosphere.backup.errors import BackupError, DamagedError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"ESBK1\n"
SALT = 16
KEY = 32
CHUNK = 64 * 1024
TAG = 16

SCRYPT = {"n": 2**17, "r": 8, "p": 1}
"""Costs 128 MiB and about half a second for each guess."""

MAX_SCRYPT_MEMORY = 512 * 1024**2

WRONG = "The passphrase is wrong, or the header of the backup is damaged. Check the passphrase."


def key_of_passphrase(passphrase: str, salt: bytes, costs: dict[str, int]) -> bytes:
    """Return the key that a passphrase stands for.

    Raises:
        DamagedError: The costs make no sense.
    """
    try:
        return hashlib.scrypt(
            passphrase.encode(),
            salt=salt,
            n=costs["n"],
            r=costs["r"],
            p=costs["p"],
            maxmem=MAX_SCRYPT_MEMORY,
            dklen=KEY,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedError("its header cannot be read") from error


def wrap_key(key: bytes, passphrase_key: bytes) -> bytes:
    """Encrypt the key of a backup with that of its passphrase."""
    nonce = os.urandom(12)
    return nonce + _aes(passphrase_key).encrypt(nonce, key, MAGIC)


def unwrap_key(wrapped: bytes, passphrase_key: bytes) -> bytes:
    """Decrypt the key of a backup.

    Raises:
        BackupError: The passphrase is another one.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - only for encrypted backups

    try:
        return _aes(passphrase_key).decrypt(wrapped[:12], wrapped[12:], MAGIC)
    except (InvalidTag, ValueError):
        raise BackupError(WRONG) from None


class EncryptingWriter(BufferedIOBase):
    """Encrypts what is written to it; nothing is complete before it is finished.

    Args:
        file: Where the encrypted file goes; it is not closed.
        key: The key of the backup.
        name: What the file is; it cannot be taken for another one.
    """

    def __init__(self, file: IO[bytes], key: bytes, name: str) -> None:
        self._file = file
        self._rest = bytearray()
        self._number = 0
        salt = os.urandom(SALT)
        self._cipher = _aes(_file_key(key, salt))
        self._name = name.encode()
        file.write(MAGIC + salt)

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, given: Any) -> int:
        """Take bytes."""
        self._rest += given
        while len(self._rest) > CHUNK:  # the last chunk is never empty, unless all is
            self._put(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]
        return len(given)

    def finish(self) -> None:
        """Write the last chunk."""
        self._put(bytes(self._rest), last=True)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, chunk, self._name))
        self._number += 1


class DecryptingReader(RawIOBase):
    """Reads an encrypted file.

    Args:
        file: The file; it is closed with this.
        key: The key of the backup.
        name: What it must be.
        shown: How errors call it.
    """

    def __init__(self, file: IO[bytes], key: bytes, name: str, shown: str) -> None:
        self._file = file
        self._shown = shown
        self._name = name.encode()
        head = file.read(len(MAGIC) + SALT)
        if len(head) < len(MAGIC) + SALT or not head.startswith(MAGIC):
            raise DamagedError(f"{shown} is truncated or overwritten")
        self._chunks = self._decrypted(_aes(_file_key(key, head[len(MAGIC) :])))
        self._chunk = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; 0 at the end.

        Raises:
            DamagedError: The file is not what was written.
        """
        if not self._chunk:
            self._chunk = next(self._chunks, b"")
        given = self._chunk[: len(buffer)]
        buffer[: len(given)] = given
        self._chunk = self._chunk[len(given) :]
        return len(given)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def _decrypted(self, cipher: "AESGCM") -> Iterator[bytes]:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see above

        encrypted, number = self._file.read(CHUNK + TAG), 0
        while True:
            following = self._file.read(CHUNK + TAG)
            nonce = _nonce(number, last=not following)
            try:
                yield cipher.decrypt(nonce, encrypted, self._name)
            except (InvalidTag, ValueError):
                raise DamagedError(f"{self._shown} is changed or truncated") from None
            if not following:
                return
            encrypted, number = following, number + 1


def encrypted_size(size: int) -> int:
    """Return the bytes of a file of so many bytes when it is encrypted."""
    return len(MAGIC) + SALT + size + TAG * max(1, -(-size // CHUNK))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])


def _aes(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import (  # noqa: PLC0415 - see above
        AESGCM,
    )

    return AESGCM(key)


def _file_key(key: bytes, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - see above

    return HKDF(algorithm=SHA256(), length=KEY, salt=salt, info=MAGIC).derive(key)
