"""Reads the body of a request to a webhook by its content type."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from echosphere.core.errors import Invalid
from echosphere.webhooks.bodies.body import Body, read_key, read_payload

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
FORM_WITH_FILES = "multipart/form-data"
TEXT = "text/plain"
NOT_JSON = "The body is not valid JSON."
NOT_AN_OBJECT = "The body must be a JSON object."
NOT_TEXT = "The body is not text in UTF-8."
MULTIPART = "Send JSON, a form, or plain text; files as multipart/form-data."
NUL = "The body contains a NUL character."
MAX_FIELDS = 50

_decode = msgspec.json.Decoder().decode


def parse_body(content: bytes, mimetype: str, headers: Mapping[str, str], form: str = "") -> Body:
    """Return what a body says.

    What begins like a JSON object is one, whatever its content type: `curl -d` calls everything a
    form.

    Raises:
        Invalid: It is not of a known shape, or has no text.
    """
    return _checked(_parse(content, mimetype, headers, form))


def parse_form(
    fields: Mapping[str, str], headers: Mapping[str, str], form: str = "", *, has_files: bool
) -> Body:
    """Return what the fields of a form say; with files it need not say anything.

    Raises:
        Invalid: They are not of a known shape, or there is neither text nor a file.
    """
    if has_files and not fields.get("text") and "payload" not in fields:
        return _checked(Body("", read_key(fields, headers)))
    return _checked(_fields(fields, headers, form))


def _checked(body: Body) -> Body:
    if "\0" in body.text or "\0" in (body.key or ""):
        raise Invalid(NUL)  # PostgreSQL cannot store it
    return body


def _parse(content: bytes, mimetype: str, headers: Mapping[str, str], form: str) -> Body:
    if mimetype != TEXT and (mimetype == JSON or content.lstrip().startswith(b"{")):
        return read_payload(_json(content), headers, form)
    if mimetype.startswith("multipart/"):
        raise Invalid(MULTIPART)
    text = _text(content)
    if mimetype == FORM and "=" in text:
        return _form(text, headers, form)
    # Commands end their last line, which would be an empty one in the message.
    return Body(text.rstrip("\r\n"), headers.get("idempotency-key") or None)


def _form(text: str, headers: Mapping[str, str], form: str) -> Body:
    try:
        fields = dict(parse_qsl(text, max_num_fields=MAX_FIELDS, keep_blank_values=True))
    except ValueError:
        raise Invalid(NOT_TEXT) from None
    return _fields(fields, headers, form)


def _fields(fields: Mapping[str, str], headers: Mapping[str, str], form: str) -> Body:
    """Return what a form says: `payload` has JSON, as Slack's senders and GitHub's do it."""
    if "payload" not in fields:
        return read_payload(fields, headers, form)
    body = read_payload(_json(fields["payload"].encode(errors="replace")), headers, form)
    return body if headers.get("x-github-event") else msgspec.structs.replace(body, as_slack=True)


def _json(content: bytes) -> Mapping[str, Any]:
    try:
        payload = _decode(content)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Invalid(NOT_JSON) from None
    if not isinstance(payload, dict):
        raise Invalid(NOT_AN_OBJECT)
    return payload


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeError:
        raise Invalid(NOT_TEXT) from None
