"""Which resources does this body hold, and what is wrong with each?

A Bundle, a hook request or one resource. Each resource is validated on its own, because one bad
resource would otherwise fail the whole Bundle. No value is ever repeated.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from cds.errors import ServiceError, UnsupportedFhirVersion
from cds.evaluation import check_version, open_bundle
from cds.validation import report
from cds.validation.report import Issue, Report, write_path
from cds.validation.resource_check import (
    check_bundle_head,
    check_resource,
    count_values,
    model_of,
)
from cds.validation.words import help_for, problem_of

_BUNDLES_WITHIN = 2  # a batch of searches holds Bundles; nothing real holds Bundles in those


@dataclass(frozen=True, slots=True)
class _Place:
    """A resource and the path to it."""

    path: str
    resource: Mapping[str, Any]


def validate_body(body: bytes) -> Report:
    """Validate every resource of a Bundle, of a hook request, or one resource, as FHIR R4B.

    body: known to be one JSON object. Codes are compared with the codes FHIR fixes, not with code
    systems. At most MAX_CHECKED resources are checked and MAX_ISSUES told; the rest is counted.
    """
    content = json.loads(body)
    found = list(_find(content))
    places = [each for each in found if isinstance(each, _Place)]
    issues = [each for each in found if isinstance(each, Issue)]
    checked = 0
    values = report.MAX_VALUES
    issues_left_out = 0
    for place in islice(places, report.MAX_CHECKED):
        values -= min(count_values(place.resource), report.MAX_VALUES_OF_ONE)
        if values < 0:
            break
        checked += 1
        told = list(check_resource(place.path, place.resource))
        room = max(0, report.MAX_ISSUES - len(issues))
        issues += told[:room]
        issues_left_out += len(told[room:])
    if issues and content.get("resourceType") == "Bundle":
        issues = [*_old_version(body), *issues]
    return Report(
        kind=_kind(content),
        checked=checked,
        issues=tuple(issues[: report.MAX_ISSUES]),
        not_checked=len(places) - checked,
        issues_left_out=issues_left_out + max(0, len(issues) - report.MAX_ISSUES),
    )


def _kind(content: Mapping[str, Any]) -> str:
    if "resourceType" in content:
        return "Bundle" if content["resourceType"] == "Bundle" else "resource"
    return "CDS Hooks request" if _is_hook_request(content) else "unknown JSON"


def _is_hook_request(content: Mapping[str, Any]) -> bool:
    return "hook" in content or "prefetch" in content


def _find(content: Mapping[str, Any]) -> Iterator[_Place | Issue]:
    if content.get("resourceType") == "Bundle":
        yield from _in_bundle("Bundle", content, _BUNDLES_WITHIN)
    elif "resourceType" in content:
        yield _Place("", content)
    elif _is_hook_request(content):
        yield from _in_hook_request(content)
    else:
        yield _issue("resourceType", "unknown")


def _in_bundle(path: str, bundle: Mapping[str, Any], deeper: int) -> Iterator[_Place | Issue]:
    """Give the resources of a Bundle, and the faults of its own members."""
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        yield _issue(f"{path}.entry", "list")
        return
    yield from check_bundle_head(path, bundle)
    for number, entry in enumerate(entries):
        yield from _in_entry(f"{path}.entry[{number}]", entry, deeper)


def _in_entry(path: str, entry: object, deeper: int) -> Iterator[_Place | Issue]:
    if not isinstance(entry, Mapping):
        yield _issue(path, "object")
        return
    resource = entry.get("resource")
    if resource is not None:
        yield from _resource(f"{path}.resource", resource, deeper)
    elif not (entry.get("response") or entry.get("request")):
        yield _issue(path, "entry")


def _resource(path: str, resource: object, deeper: int) -> Iterator[_Place | Issue]:
    if not isinstance(resource, Mapping):
        yield _issue(path, "object")
    elif resource.get("resourceType") == "Bundle" and deeper:
        yield from _in_bundle(f"{path}.ofType(Bundle)", resource, deeper - 1)
    else:
        yield _Place(path, resource)


def _in_hook_request(request: Mapping[str, Any]) -> Iterator[_Place | Issue]:
    """Give the resources of a prefetch, and the draft orders of the context."""
    prefetch = request.get("prefetch") or {}
    if not isinstance(prefetch, Mapping):
        yield _issue("prefetch", "object")
        prefetch = {}
    for key, value in prefetch.items():
        named = f"prefetch.{key}" if model_of(key) else write_path("prefetch", (key,))
        yield from _prefetched(named, value)
    context = request.get("context")
    drafts = context.get("draftOrders") if isinstance(context, Mapping) else None
    if drafts is not None:
        yield from _prefetched("context.draftOrders", drafts)


def _prefetched(path: str, value: object) -> Iterator[_Place | Issue]:
    if value is None:
        return
    if not isinstance(value, Mapping):
        yield _issue(path, "hook")
    elif "resourceType" in value:
        yield from _resource(path, value, _BUNDLES_WITHIN)
    elif value.get("resource") is not None:  # drafts of CDS Hooks put a wrapper around it
        yield from _resource(f"{path}.resource", value["resource"], _BUNDLES_WITHIN)
    elif "response" not in value:
        yield _issue(path, "hook")


def _old_version(body: bytes) -> Iterator[Issue]:
    """Say first what explains most of the rest: that the record is of an older version."""
    try:
        check_version(open_bundle(body))
    except UnsupportedFhirVersion as error:
        (example,) = error.expression
        yield Issue(
            source=example,
            expression="Bundle",
            problem=f"{problem_of('version')}: {error.message.split('. ')[0]}.",
            help=help_for("version", ""),
        )
    except ServiceError:
        return  # what is wrong with it as a Bundle is told below


def _issue(path: str, kind: str) -> Issue:
    return Issue(
        source="Bundle" if path.startswith("Bundle") else "?",
        expression=path,
        problem=problem_of(kind),
        help=help_for(kind, ""),
    )
