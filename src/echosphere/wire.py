"""Shapes on the wire: strict on the way in, one encoder on the way out."""

import re
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from echosphere.core.errors import Invalid

T = TypeVar("T")

Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
Key = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,64}\Z")]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
"""A number of a message, or 0 for "before the first"."""

MAX_QUOTED = 200
"""Characters of a wrong value or name in a refusal."""


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a caller sends; unknown fields are refused."""


class Shape(msgspec.Struct, frozen=True):
    """What the server sends."""


class AdministrationEvent(Shape, frozen=True):
    """Something of the server is different now: administrators fetch it again.

    `topic` is the page of Administration, `user` whom it is about, where it is one person;
    `arrived` says that something is there now which waits for them.
    """

    topic: str
    user: str | None = None
    arrived: bool = False


class Existing(msgspec.Struct, frozen=True):
    """An answer which says that what was to be made was there already: 200 instead of 201."""

    answer: Shape


_encoder = msgspec.json.Encoder()
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}
_PLACE = re.compile(r"^(?P<problem>.*?)(?: - at `\$\.?(?P<place>[^`]*)`)?$", re.DOTALL)
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
_FIELD = re.compile(r"Object (?P<what>missing|contains).* field `(?P<field>[^`]+)`")
_FIELD_PROBLEMS = {"missing": "is missing", "contains": "is unknown"}
_BOUNDS = {
    "Expected `str` of length <= ": "must have at most {} characters",
    "Expected `str` of length >= ": "must have at least {} characters",
    "Expected `array` of length <= ": "must have at most {} entries",
    "Expected `array` of length >= ": "must have at least {} entries",
    "Expected `object` of length <= ": "must have at most {} entries",
    "Expected `str` matching regex '^[A-Za-z0-9_-]{8,64}": (
        "must have 8 to 64 letters, digits, hyphens or underscores"
    ),
    "Expected `int` <= ": "must be at most {}",
    "Expected `int` >= ": "must be at least {}",
    "Expected `float` <= ": "must be at most {}",
    "Expected `float` >= ": "must be at least {}",
}
"""What people may come upon, in words of ours; the rest of msgspec's is for programs."""


def is_key(text: str) -> bool:
    """Whether a text may be an idempotency key."""
    return _KEY.match(text) is not None


def encode(value: Any) -> bytes:
    """Encode a shape as JSON."""
    return _encoder.encode(value)


def encoded(value: Any) -> msgspec.Raw:
    """Encode a shape as JSON that can be placed inside another without encoding it again."""
    return msgspec.Raw(_encoder.encode(value))


def decode(shape: type[T], data: bytes | msgspec.Raw) -> T:
    """Decode JSON into a request shape.

    Raises:
        Invalid: Not JSON, not of this shape, or text that cannot be stored (NUL, lone surrogates).
    """
    decoder = _decoders.get(shape)
    if decoder is None:
        decoder = _decoders[shape] = msgspec.json.Decoder(shape)
    try:
        value: T = decoder.decode(data)
    except msgspec.ValidationError as error:
        raise refused(str(error)) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Invalid("The body is not valid JSON.") from None
    if b"\\u0000" in bytes(data):
        _refuse_nul(value)
    return value


def convert(shape: type[T], value: Any) -> T:
    """Check already decoded values, such as a query string, against a request shape.

    Raises:
        Invalid: The values are not of this shape.
    """
    try:
        result = msgspec.convert(value, shape, strict=False)
    except msgspec.ValidationError as error:
        raise refused(str(error)) from None
    _refuse_nul(result)
    return result


def refused(message: str, within: str = "") -> Invalid:
    """Turn msgspec's sentence into a refusal that names the field.

    Args:
        message: The sentence.
        within: The field whose value was looked at by itself, if any.
    """
    match = _PLACE.match(message)
    problem = match["problem"] if match else message
    places = [within, (match["place"] if match else None) or ""]
    if named := _FIELD.search(problem):
        places.append(named["field"])
    place = _shortened(".".join(filter(None, places)))
    if not place:
        return Invalid(f"{_shortened(problem)}.")
    if own := _own_words(problem):
        return Invalid(f"The field {place!r} {own}.", fields={place: own})
    problem = _shortened(problem)
    return Invalid(f"The field {place!r} was refused: {problem}.", fields={place: problem})


def _own_words(problem: str) -> str:
    """Return what is wrong with a field in words for people; empty if only programs do it."""
    if named := _FIELD.search(problem):
        return _FIELD_PROBLEMS.get(named["what"], "")
    for begin, words in _BOUNDS.items():
        if problem.startswith(begin):
            return words.format(problem.removeprefix(begin))
    return ""


def _shortened(text: str) -> str:
    """What a caller sent is quoted, but not by the megabyte."""
    return text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…"


def _refuse_nul(value: Any, place: str = "") -> None:
    """Refuse NUL characters: PostgreSQL cannot store them and no one types them."""
    if isinstance(value, str):
        if "\0" in value:
            problem = "contains a NUL character"
            raise Invalid(f"The field {place!r} {problem}.", fields={place: problem})
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            _refuse_nul(getattr(value, name), name)
    elif isinstance(value, dict):
        for name, item in value.items():
            _refuse_nul(name, place)
            _refuse_nul(item, place)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_nul(item, place)
