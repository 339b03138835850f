"""What does one entry of a Bundle hold, and what does one without a resource mean?"""

import re
from collections.abc import Iterable
from itertools import repeat

import msgspec

from rules.fhir_reader.completeness import not_obtained
from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.resource_types import RESOURCE_TYPES
from rules.fhir_reader.resources import (
    NULL,
    Peek,
    RawResource,
    Resources,
    is_null,
    look_at,
    name_resource,
    partly_read,
)
from rules.findings import Gap, NotUsed

OUTCOME = "OperationOutcome"
BUNDLE = "bundle"  # what a gap is about where its resource type cannot be told
_ADDRESSED = re.compile(r"(?:^|/)([A-Z][A-Za-z]{1,63})(?:/[^/?#]+)?(?:/_history/[^/]+)?$", re.ASCII)


class Search(msgspec.Struct, frozen=True, gc=False):
    mode: str | None = None


class Request(msgspec.Struct, frozen=True, gc=False):
    method: str | None = None


class Response(msgspec.Struct, frozen=True, gc=False):
    status: str | None = None
    outcome: msgspec.Raw = NULL


class Entry(msgspec.Struct, rename="camel", frozen=True, gc=False):
    full_url: str | None = None
    resource: msgspec.Raw = NULL
    search: Search | None = None
    request: Request | None = None
    response: Response | None = None


class _Headed(msgspec.Struct, frozen=True, gc=False):
    resource: Peek | None = None


class _Heads(msgspec.Struct, frozen=True):
    entry: list[_Headed] = []


_HEADS = msgspec.json.Decoder(_Heads)


def peek_at_all(body: bytes | msgspec.Raw) -> Iterable[Peek | None]:
    """Give the head of the resource of each entry of a Bundle, all in one pass.

    Unknown input: where one of them is not as FHIR says, None for each: they are looked at one by
    one then, so that only the odd one is refused.
    """
    try:
        return [each.resource for each in decode(_HEADS, body).entry]
    except UnreadableError:
        return repeat(None)


def look_into(
    number: int, entry: Entry, asked_for: str | None, peek: Peek | None = None
) -> RawResource | Resources:
    """Give the resource of an entry, or what its absence says of the Bundle.

    number: the place of the entry. asked_for: the type a prefetch value answers, where it is one.
    peek: the head of the resource, where it is known already.
    Unknown input: what names no resource type of FHIR is a gap.
    """
    if peek is not None and peek.resource_type in RESOURCE_TYPES:  # as nearly all are
        return name_resource(peek.resource_type, peek, entry.resource, entry.full_url)
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
        if asked_for is not None:
            return Resources(incomplete=(not_obtained(asked_for),))
        return _missing(entry, because)
    deleted = entry.request is not None and entry.request.method == "DELETE"
    if status or deleted:
        return Resources(not_used=(NotUsed(f"Bundle entry {number}", "it holds no resource"),))
    because = f"entry {number} holds no resource, so what belongs there was not received"
    return _missing(entry, because)


def _missing(entry: Entry, because: str) -> Resources:
    """Name what an entry should have held, by the type in its address where there is one."""
    named = _ADDRESSED.search(entry.full_url or "")
    if named is None or named[1] not in RESOURCE_TYPES:
        return gap(because)
    told, incomplete = partly_read(named[1], because)
    return Resources(gaps=(told,), incomplete=(incomplete,))


def outcomes_beside(entry: Entry) -> list[RawResource]:
    """Give the OperationOutcome that a batch puts beside a resource or in its place."""
    beside = entry.response.outcome if entry.response else NULL
    item = None if is_null(beside) else look_at(beside)
    return [item] if item is not None and item.resource_type == OUTCOME else []


def gap(because: str) -> Resources:
    """Name what could not be had of a Bundle."""
    return Resources(gaps=(Gap(BUNDLE, because),))
