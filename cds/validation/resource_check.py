"""What is wrong with one resource, by the R4B models and where they are too kind?

The models of fhir.resources do not look at codes, nulls and empty values, take "2.5" for a number
and a text in an object's place for JSON. What they accept is compared with what was sent.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from cds.validation.report import MAX_ISSUES, MAX_VALUES_OF_ONE, Issue, write_path
from cds.validation.words import help_for, kind_of, problem_of, words

_SAFE_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}", re.ASCII)
_PRIMITIVES = {bool: "boolean", int: "whole", float: "number", Decimal: "number"}

Location = tuple[int | str, ...]


def model_of(resource_type: object) -> type[BaseModel] | None:
    """Give the model of a resource type; None where R4B has no such resource."""
    from fhir.resources.R4B import (  # noqa: PLC0415 - costs start-up time a hook never needs
        get_fhir_model_class,
    )
    from fhir.resources.R4B.resource import Resource  # noqa: PLC0415 - the same

    try:
        model: type[BaseModel] = get_fhir_model_class(str(resource_type))
    except ValueError:
        return None
    return model if issubclass(model, Resource) else None  # data types have models too


def check_resource(place: str, resource: Mapping[str, Any]) -> Iterator[Issue]:
    """Name the faults of one resource. place: the path to it, empty where it stands alone."""
    resource_type = resource.get("resourceType")
    model = model_of(resource_type)
    if model is None:  # a type that is none is not repeated: it may be anything
        path = write_path(place, ("resourceType",))
        yield Issue(
            source="?", expression=path, problem=problem_of("type"), help=help_for("type", "")
        )
        return
    path = f"{place}.ofType({resource_type})" if place else str(resource_type)
    source = _name_of(resource)
    for location, kind, help_ in _faults(model, resource):
        yield Issue(
            source=source,
            expression=write_path(path, location),
            problem=problem_of(kind),
            help=help_,
        )


def check_bundle_head(place: str, bundle: Mapping[str, Any]) -> Iterator[Issue]:
    """Name the faults of a Bundle's own members. place: the path to it."""
    from fhir.resources.R4B.bundle import Bundle  # noqa: PLC0415 - see model_of

    members = {name: value for name, value in bundle.items() if name != "entry"}
    for location, kind, help_ in _faults(Bundle, members):
        yield Issue(
            source="Bundle",
            expression=write_path(place, location),
            problem=problem_of(kind),
            help=help_,
        )


def count_values(content: Mapping[str, Any]) -> int:
    """Count what an object holds, at every depth; stops soon after MAX_VALUES_OF_ONE."""
    held = 0
    waiting: list[Any] = [content]
    while waiting and held <= MAX_VALUES_OF_ONE:
        value = waiting.pop()
        if isinstance(value, dict | list):
            held += len(value)
            if held <= MAX_VALUES_OF_ONE:
                waiting.extend(value.values() if isinstance(value, dict) else value)
    return held


def _faults(
    model: type[BaseModel], content: Mapping[str, Any]
) -> Iterator[tuple[Location, str, str]]:
    if count_values(content) > MAX_VALUES_OF_ONE:
        yield (), "large", help_for("large", "")
        return
    try:
        accepted = model.model_validate(_without_json_in_texts(content))
    except ValidationError as error:
        if error.error_count() > MAX_ISSUES:  # to list them all may cost more than all else
            yield (), "many", help_for("many", "")
            return
        for fault in error.errors(include_url=False, include_input=False):
            location = tuple(fault["loc"])
            kind = kind_of(fault["type"], fault["msg"])
            yield location, kind, help_for(kind, _element(location))
    except KeyError:  # a contained resource of unknown type raises what the look-up raised
        yield ("contained",), "type", help_for("type", "")
    except (AttributeError, TypeError):  # the models stumble over some values of a wrong type
        yield (), "stumbled", help_for("stumbled", "")
    else:
        yield from _too_kind(accepted, content, ())


def _without_json_in_texts(value: Any) -> Any:
    """Cut every text that begins like a JSON object to that beginning.

    In an object's place the models read a text as JSON, and that could hold what no limit on the
    body has seen.
    """
    if isinstance(value, dict):
        return {name: _without_json_in_texts(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_without_json_in_texts(item) for item in value]
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        return "{"
    return value


def _too_kind(
    accepted: BaseModel, sent: Mapping[str, Any], location: Location
) -> Iterator[tuple[Location, str, str]]:
    """Compare what the models made of an object with what was sent."""
    members = _members(type(accepted))
    for member, value in sent.items():
        if member in members:
            name, codes = members[member]
            yield from _compare(getattr(accepted, name), value, (*location, member), codes)


@cache
def _members(model: type[BaseModel]) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Give the members of an object by their FHIR names: the attribute, and the codes it allows."""
    return {
        field.alias or name: (name, _codes(model, field.alias or name, field.json_schema_extra))
        for name, field in model.model_fields.items()
    }


def _compare(
    accepted: object, sent: object, location: Location, codes: tuple[str, ...]
) -> Iterator[tuple[Location, str, str]]:
    if sent is None or sent in ("", [], {}):
        if not isinstance(location[-1], int):  # a null in a list keeps a place for an extension
            yield location, "empty", help_for("empty", "")
    elif isinstance(accepted, list) and isinstance(sent, list):
        for number, (one, other) in enumerate(zip(accepted, sent, strict=True)):
            yield from _compare(one, other, (*location, number), codes)
    elif not isinstance(accepted, BaseModel):
        yield from _compare_primitive(accepted, sent, location, codes)
    elif isinstance(sent, Mapping):
        yield from _too_kind(accepted, sent, location)
    else:
        yield location, "object", help_for("object", _element(location))


def _compare_primitive(
    accepted: object, sent: object, location: Location, codes: tuple[str, ...]
) -> Iterator[tuple[Location, str, str]]:
    kind = _wrong_primitive(accepted, sent)
    if kind is not None:
        yield location, kind, help_for(kind, "")
    elif codes and sent not in codes:
        yield location, "code", f"Allowed are {', '.join(codes)}."


def _wrong_primitive(accepted: object, sent: object) -> str | None:
    """Name the kind of a text that was read as something else, such as "2.5" as a number."""
    if not isinstance(sent, str) or isinstance(accepted, str | bytes):
        return None
    return next((kind for form, kind in _PRIMITIVES.items() if isinstance(accepted, form)), None)


def _codes(model: type[BaseModel], member: str, extra: object) -> tuple[str, ...]:
    """Give the codes an element may have; none where FHIR leaves it open or the list is cut."""
    listed = words().codes.get(f"{model.__name__}.{member}")
    if listed is not None:
        return listed
    stated = extra.get("enum_values", ()) if isinstance(extra, Mapping) else ()
    return () if "+" in stated else tuple(stated)


def _element(location: Location) -> str:
    return next((part for part in reversed(location) if isinstance(part, str)), "")


def _name_of(resource: Mapping[str, Any]) -> str:
    identity = resource.get("id")
    safe = isinstance(identity, str) and _SAFE_ID.fullmatch(identity) is not None
    return f"{resource['resourceType']}/{identity}" if safe else str(resource["resourceType"])
