"""How are figures told as JSON? camelCase members; what has no value is left out.

A share or an estimate brings its count and its interval with it, so no number stands alone here
either.
"""

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Protocol, runtime_checkable

from pydantic.alias_generators import to_camel


@runtime_checkable
class _Wired(Protocol):
    """A figure that says itself how it is told."""

    def to_wire(self) -> dict[str, object]: ...


def tell_figures(value: object) -> Any:
    """Write any figure as JSON: dataclasses, tuples and mappings of them, days and numbers."""
    if isinstance(value, _Wired):
        return value.to_wire()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return _members((to_camel(each.name), getattr(value, each.name)) for each in fields(value))
    if isinstance(value, dict):
        return _members((str(key), each) for key, each in value.items())
    if isinstance(value, list | tuple):
        return [tell_figures(each) for each in value]
    return value


def _members(pairs: Any) -> dict[str, Any]:
    return {name: tell_figures(value) for name, value in pairs if value is not None}
