"""What does one entry of a Bundle hold, and what does one without a resource mean?"""

import msgspec

from rules.fhir_reader.completeness import not_obtained
from rules.fhir_reader.resource_types import RESOURCE_TYPES
from rules.fhir_reader.resources import NULL, RawResource, Resources, is_null, look_at
from rules.findings import Gap, NotUsed

OUTCOME = "OperationOutcome"


class Search(msgspec.Struct, frozen=True):
    mode: str | None = None


class Request(msgspec.Struct, frozen=True):
    method: str | None = None


class Response(msgspec.Struct, frozen=True):
    status: str | None = None
    outcome: msgspec.Raw = NULL


class Entry(msgspec.Struct, rename="camel", frozen=True):
    full_url: str | None = None
    resource: msgspec.Raw = NULL
    search: Search | None = None
    request: Request | None = None
    response: Response | None = None


def look_into(number: int, entry: Entry, asked_for: str | None) -> RawResource | Resources:
    """Give the resource of an entry, or what its absence says of the Bundle.

    number: the place of the entry. asked_for: the type a prefetch value answers, where it is one.
    Unknown input: what names no resource type of FHIR is a gap.
    """
    if is_null(entry.resource):
        return _look_beside(number, entry, asked_for)
    item = look_at(entry.resource, entry.full_url)
    if item is None:
        return gap(f"entry {number} names no resource type")
    if item.resource_type not in RESOURCE_TYPES:
        return gap(f"entry {number} names a resource type that FHIR does not have")
    return item


def _look_beside(number: int, entry: Entry, asked_for: str | None) -> Resources:
    """Say what an entry without a resource means: nothing there, or something that did not come."""
    status = (entry.response.status if entry.response else None) or ""
    if status.startswith(("4", "5")):
        because = f"the server answered entry {number} with a problem"
        lost = () if asked_for is None else (not_obtained(asked_for),)
        return Resources(incomplete=lost) if lost else gap(because)
    deleted = entry.request is not None and entry.request.method == "DELETE"
    if status or deleted:
        return Resources(not_used=(NotUsed(f"Bundle entry {number}", "it holds no resource"),))
    return gap(f"entry {number} holds no resource, so what belongs there was not received")


def outcomes_beside(entry: Entry) -> list[RawResource]:
    """Give the OperationOutcome that a batch puts beside a resource or in its place."""
    beside = entry.response.outcome if entry.response else NULL
    item = None if is_null(beside) else look_at(beside)
    return [item] if item is not None and item.resource_type == OUTCOME else []


def gap(because: str) -> Resources:
    """Name what could not be had of a Bundle."""
    return Resources(gaps=(Gap("bundle", because),))
