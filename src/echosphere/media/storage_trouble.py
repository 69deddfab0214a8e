"""Says to the operator why the file storage cannot be used, and what to do."""

import re

from echosphere.core.operator_error import OperatorError

WRONG_ACCOUNT = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
"""The codes of S3 by which an account is refused."""

MAX_SHOWN = 300

_CODE = re.compile(r"<Code>(\w+)</Code>")
_ADDRESS = re.compile(r"\b[A-Z]+ (https?://[^\s?]+)")


class StorageError(OperatorError):
    """The file storage cannot be used; the text says so to the operator."""


def storage_error(error: Exception) -> StorageError:
    """Return what an error of the disk or of an object store means."""
    if isinstance(error, TimeoutError):
        return StorageError("It does not answer in time. Check the object store and its log.")
    text = str(error)
    found = _ADDRESS.search(text)
    if found is None:  # of the disk
        return StorageError(f"{_first_line(text)}. Check ECHOSPHERE_STORAGE_URL.")
    code = _CODE.search(text)
    return StorageError(_explain(text, found[1], "" if code is None else code[1]))


def _explain(text: str, address: str, code: str) -> str:
    if code == "NoSuchBucket":
        return f"There is no bucket at {address}. Create it, or correct ECHOSPHERE_STORAGE_URL."
    if code in WRONG_ACCOUNT:
        return (
            f"{address} rejected the credentials ({code}). Check AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY."
        )
    if "source: BadScheme" in text:
        return f"{address} does not use HTTPS. Set AWS_ALLOW_HTTP=true if you trust the network."
    if "kind: Connect" in text:
        return (
            f"No connection to {address}. "
            "Start the object store, or correct AWS_ENDPOINT or the certificate."
        )
    return f"{_first_line(text)} {code}".strip()


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:MAX_SHOWN]
