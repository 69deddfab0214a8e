"""Generates values of the types that commands are made of; whatever else they hold is refused."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec import inspect

Values = SearchStrategy[Any]


def values_of(kind: Any) -> Values:
    """Return values of a type.

    Raises:
        TypeError: It holds something that is not plain data.
    """
    return _values(inspect.type_info(kind))


def _values(node: inspect.Type) -> Values:
    if isinstance(node, inspect.Metadata):
        return _values(node.type)
    make = MAKERS.get(type(node))
    if make is None:
        raise TypeError(f"{node} is not plain data")
    return make(node)


def _text(node: inspect.StrType) -> Values:
    if node.pattern is not None:
        return st.from_regex(node.pattern, fullmatch=True)
    return st.text(min_size=node.min_length or 0, max_size=min(node.max_length or 20, 20))


def _integers(node: inspect.IntType) -> Values:
    least = node.ge if node.gt is None else node.gt + 1
    most = node.le if node.lt is None else node.lt - 1
    return st.integers(-(2**53) if least is None else least, 2**53 if most is None else most)


def _fields(node: Any) -> Values:
    chosen = {field.name: _values(field.type) for field in node.fields}
    return st.builds(node.cls, **chosen)


def _list(node: Any) -> Values:
    return st.lists(_values(node.item_type), min_size=node.min_length or 0, max_size=3)


MAKERS: dict[type, Callable[[Any], Values]] = {
    inspect.NoneType: lambda _: st.none(),
    inspect.BoolType: lambda _: st.booleans(),
    inspect.IntType: _integers,
    inspect.FloatType: lambda _: st.floats(allow_nan=False, allow_infinity=False),
    inspect.StrType: _text,
    inspect.BytesType: lambda _: st.binary(max_size=20),
    inspect.EnumType: lambda node: st.sampled_from(list(node.cls)),
    inspect.LiteralType: lambda node: st.sampled_from(node.values),
    inspect.UnionType: lambda node: st.one_of(*map(_values, node.types)),
    inspect.ListType: _list,
    inspect.VarTupleType: lambda node: _list(node).map(tuple),
    inspect.SetType: lambda node: _list(node).map(set),
    inspect.FrozenSetType: lambda node: _list(node).map(frozenset),
    inspect.TupleType: lambda node: st.tuples(*map(_values, node.item_types)),
    inspect.DictType: lambda node: st.dictionaries(
        _values(node.key_type), _values(node.value_type), max_size=3
    ),
    inspect.StructType: _fields,
    inspect.DataclassType: _fields,
    inspect.NamedTupleType: _fields,
}
