"""What all parts of a message store and show: `{name: content}`, in the shapes they declare."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType

from echosphere.core.errors import Invalid
from echosphere.messages.message import MAX_BODY
from echosphere.messages.parts.part import as_json, decode_raw, kinds
from echosphere.wire import Request, Shape

if TYPE_CHECKING:

    class SentParts(Request, frozen=True):
        """What of its parts comes with a new message."""

    class PartContents(Shape, frozen=True):
        """The content of a message's parts."""

else:

    def _shape(name: str, base: type, attribute: str, doc: str) -> type:
        """Return the shape with what each part declares there; none of it must be there."""
        declared = [
            (part.name, getattr(part, attribute)) for part in kinds if not part.has_own_field
        ]
        fields = [(name, shape | UnsetType, UNSET) for name, shape in declared if shape]
        space = {"__doc__": doc}
        return msgspec.defstruct(
            name, fields, bases=(base,), namespace=space, module=__name__, frozen=True
        )

    SentParts = _shape("SentParts", Request, "sent", "The parts that a new message can include.")
    PartContents = _shape("PartContents", Shape, "content", "The content of a message's parts.")

_FOLLOW_TEXT = frozenset(part.name for part in kinds if part.follows_text)
_GO_ALONG = frozenset(part.name for part in kinds if part.goes_along)

_decode = msgspec.json.Decoder(PartContents).decode
_NOTHING = PartContents()


def decode_contents(stored: str) -> PartContents | UnsetType:
    """Return what is shown in `parts` of a message."""
    shown = _decode(stored)
    return UNSET if shown == _NOTHING else shown


def encode_contents(sent: SentParts | UnsetType, **of_fields: Any) -> str | None:
    """Return what came with a message as it is stored; None if there is nothing.

    Args:
        sent: What came in `parts`.
        of_fields: The contents that came in fields of their own, by the names of their parts.
    """
    values = {} if sent is UNSET else msgspec.structs.asdict(sent)
    values |= {name: value for name, value in of_fields.items() if value}
    return as_json({name: value for name, value in values.items() if value is not UNSET})


def require_fitting(stored: str) -> None:
    """Refuse contents that are longer than a text may be.

    Raises:
        Invalid: They are.
    """
    if len(stored) > MAX_BODY:
        problem = f"must have at most {MAX_BODY} characters"
        raise Invalid(f"The field 'parts' {problem}.", fields={"parts": problem})


def following_text_removed(stored: str) -> str | None:
    """Return stored contents without those that come from the text of the message."""
    return _only(stored, decode_raw(stored).keys() - _FOLLOW_TEXT)


def going_along(stored: str) -> str | None:
    """Return those stored contents that a forwarded copy has."""
    return _only(stored, _GO_ALONG)


def _only(stored: str, names: Collection[str]) -> str | None:
    return as_json({name: raw for name, raw in decode_raw(stored).items() if name in names})
