"""Is this Bundle valid FHIR R4B, and if not, where and why? The strict reading a person asks for.

It never decides what is evaluated: the tolerant reader does. Each entry is validated on its own,
because one bad resource would otherwise fail the whole Bundle. No value is ever repeated.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

MAX_CHECKED = 5_000  # about two seconds of work
MAX_ISSUES = 500

_SAFE_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}", re.ASCII)
_SAFE_NAME = re.compile(r"_?[a-z][A-Za-z0-9]{0,60}", re.ASCII)

# What pydantic calls a fault -> a sentence that helps.
_PROBLEMS: Mapping[str, str] = {
    "model_field_validation.missing": "is required and is not there",
    "missing": "is required and is not there",
    "extra_forbidden": "is no element of this resource in FHIR R4B",
    "string_type": "must be a string",
    "string_pattern_mismatch": "does not have the form FHIR gives this element",
    "string_too_short": "must not be empty",
    "string_too_long": "is longer than FHIR allows",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
}
# fhir.resources reports the form of dates, times and numbers as plain value errors.
_FORMS: Mapping[str, str] = {
    "DateTime value string does not match": "is not a FHIR dateTime, such as 2026-06-30",
    "Date value string does not match": "is not a FHIR date, such as 2026-06-30",
    "Instant value string does not match": "is not a FHIR instant, with seconds and a time zone",
    "Time value string does not match": "is not a FHIR time",
    "Decimal value string does not match": "is not a number",
    "Integer value string does not match": "is not a whole number",
    "Any of one field value is expected": "needs exactly one of the elements that share this name",
}
_OTHERWISE = "is not valid in FHIR R4B"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One fault. source: Type/id of the resource; expression: where; problem: why."""

    source: str
    expression: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was checked and what was found, with what was left unchecked or untold by count."""

    checked: int
    issues: tuple[Issue, ...]
    not_checked: int = 0
    issues_left_out: int = 0

    def tell(self) -> dict[str, Any]:
        """Write the report as a JSON object; `issues` is there even when there are none."""
        told: dict[str, Any] = {
            "checked": self.checked,
            "issues": [
                {"source": each.source, "expression": each.expression, "problem": each.problem}
                for each in self.issues
            ],
        }
        counts = {"notChecked": self.not_checked, "issuesLeftOut": self.issues_left_out}
        return told | {name: count for name, count in counts.items() if count}


def validate_bundle(body: bytes) -> Report:
    """Validate every resource of a Bundle, or a single resource, against the R4B models.

    body: known to be one JSON object. Codes are not checked against their code systems. At most
    MAX_CHECKED resources are checked and MAX_ISSUES told; the rest is counted.
    """
    content = json.loads(body)
    if content.get("resourceType") != "Bundle":
        return _report([("", content)])
    entries = content.get("entry", [])
    if not isinstance(entries, list):
        issue = Issue(source="Bundle", expression="Bundle.entry", problem="must be a list")
        return Report(checked=0, issues=(issue,))
    return _report([(f"Bundle.entry[{index}]", entry) for index, entry in enumerate(entries)])


def _report(places: list[tuple[str, Any]]) -> Report:
    issues = [
        issue for place, found in places[:MAX_CHECKED] for issue in _check_place(place, found)
    ]
    return Report(
        checked=min(len(places), MAX_CHECKED),
        issues=tuple(issues[:MAX_ISSUES]),
        not_checked=max(0, len(places) - MAX_CHECKED),
        issues_left_out=max(0, len(issues) - MAX_ISSUES),
    )


def _check_place(place: str, found: Any) -> Iterable[Issue]:
    if not place:
        return _check_resource(place, found.get("resourceType"), found)
    if not isinstance(found, dict):
        return [Issue(source="Bundle", expression=place, problem="must be an object")]
    resource = found.get("resource")
    if resource is None:
        return []
    if not isinstance(resource, dict):
        path = f"{place}.resource"
        return [Issue(source="Bundle", expression=path, problem="must be an object")]
    return _check_resource(f"{place}.resource", resource.get("resourceType"), resource)


def _check_resource(place: str, resource_type: object, resource: dict[str, Any]) -> Iterator[Issue]:
    from fhir.resources.R4B import (  # noqa: PLC0415 - costs start-up time a hook never needs
        get_fhir_model_class,
    )
    from fhir.resources.R4B.resource import Resource  # noqa: PLC0415 - the same

    source = "?"  # a type that is none is not repeated: it may be anything
    unknown = "names no resource type of FHIR R4B"
    try:
        model = get_fhir_model_class(str(resource_type))
        known = issubclass(model, Resource)  # the models of data types have names too
    except ValueError:
        known = False
    if not known:
        yield Issue(source=source, expression=f"{place or '?'}.resourceType", problem=unknown)
        return
    source = _name_of(resource)
    place = place or str(resource_type)
    try:
        model.model_validate(resource)
    except ValidationError as error:
        if error.error_count() > MAX_ISSUES:  # to list them all may cost more than all else
            problem = f"has {error.error_count()} faults, too many to list"
            yield Issue(source=source, expression=place, problem=problem)
            return
        for fault in error.errors(include_url=False, include_input=False):
            yield Issue(
                source=source,
                expression=_path(place, fault["loc"]),
                problem=_problem(fault["type"], fault["msg"]),
            )
    except KeyError:  # a contained resource of unknown type raises what the look-up raised
        yield Issue(source=source, expression=f"{place}.contained", problem=unknown)


def _name_of(resource: dict[str, Any]) -> str:
    resource_type, identity = resource.get("resourceType"), resource.get("id")
    known = isinstance(resource_type, str) and resource_type.isascii() and resource_type.isalpha()
    name = str(resource_type) if known else "?"
    safe = isinstance(identity, str) and _SAFE_ID.fullmatch(identity) is not None
    return f"{name}/{identity}" if safe else name


def _path(place: str, location: tuple[int | str, ...]) -> str:
    """Write a pydantic location as a path; a name that is no element name is not repeated."""
    path = place
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if _SAFE_NAME.fullmatch(part) else ".?"
    return path


def _problem(kind: str, message: str) -> str:
    if kind in _PROBLEMS:
        return _PROBLEMS[kind]
    return next((words for form, words in _FORMS.items() if form in message), _OTHERWISE)
