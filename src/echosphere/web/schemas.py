"""JSON Schemas of shapes as the API documents have them, fit for generators in any language."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

Schema = dict[str, Any]
COMPONENT = "#/components/schemas/{name}"

NO_DEFAULT: tuple[Any, ...] = (None, [], "", "{}")
"""Defaults that say no more than that a field can be left out."""

_REF = COMPONENT.format(name="")


def schemas_of(shapes: Iterable[type]) -> tuple[dict[type, Schema], dict[str, Schema]]:
    """Return the schema of each shape, and the components that these refer to."""
    ordered = sorted(set(shapes), key=lambda shape: (shape.__name__, shape.__module__))
    schemas, components = msgspec.json.schema_components(ordered, ref_template=COMPONENT)
    names = {name: _component_name(name, one) for name, one in components.items()}
    named = {names[name]: _portable(one, names) for name, one in components.items()}
    own = [_portable(one, names) for one in schemas]
    return dict(zip(ordered, own, strict=True)), dict(sorted(named.items()))


def _component_name(name: str, schema: Schema) -> str:
    """Return `Message` for the class `MessageShape`, and `MemberList` for `Members`, which has `members`.

    Generators call a variable like the class, and another one like its field.
    """
    if name.lower() in schema.get("properties", {}):
        return name.removesuffix("s") + "List"
    return name.removesuffix("Shape") or name


def resolved(schema: Schema, components: dict[str, Schema]) -> Schema:
    """Return the schema that a reference stands for, or the schema itself."""
    return components[ref_name(schema)] if "$ref" in schema else schema


def ref_name(schema: Schema) -> str:
    """Return the name of the component to which a schema refers; empty if it does not."""
    return str(schema.get("$ref", "")).removeprefix(_REF)


def _portable(schema: Any, names: Mapping[str, str]) -> Any:
    """Return a schema without what only Python or few generators understand.

    Titles repeat the name of the component. `\\Z` is Python's, where `$` has the same meaning in JSON
    Schema. `items: false` says again what `maxItems` says. Of a field with a default, some generators
    say that it must be sent: it is in the description instead.
    """
    if isinstance(schema, list):
        return [_portable(one, names) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        name: _portable(one, names) for name, one in schema.items() if not _is_noise(name, one)
    }
    if isinstance(pattern := found.get("pattern"), str) and pattern.endswith("\\Z"):
        found["pattern"] = pattern.removesuffix("\\Z") + "$"
    if isinstance(description := found.get("description"), str):
        found["description"] = inspect.cleandoc(description)
    default = schema.get("default")
    if default not in NO_DEFAULT and not isinstance(default, dict):
        found["description"] = f"By default `{msgspec.json.encode(default).decode()}`."
    if isinstance(ref := found.get("$ref"), str):
        found["$ref"] = _REF + names[ref.removeprefix(_REF)]
    return found


def _is_noise(name: str, value: Any) -> bool:
    """Whether it is a keyword that is left out, and not a field of this name."""
    if name == "default":
        return not isinstance(value, dict) or value == {}
    return (name == "title" and isinstance(value, str)) or (name == "items" and value is False)
