"""What is in this Bundle or prefetch value?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import repeat

import msgspec

from rules.facts import Completeness, Incomplete
from rules.fhir_reader.bounds import MAX_ENTRIES
from rules.fhir_reader.completeness import BundleHead, Link, judge_completeness, not_obtained
from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.entries import (
    BUNDLE,
    OUTCOME,
    Entry,
    Response,
    gap,
    look_into,
    outcomes_beside,
    peek_at_all,
)
from rules.fhir_reader.resource_types import USED_TYPES
from rules.fhir_reader.resources import NULL, Peek, RawResource, Resources, is_null, join, look_at
from rules.findings import Gap

_BOM = b"\xef\xbb\xbf"


class BundleError(ValueError):
    """What came in cannot be taken apart at all. The text is safe to show."""


class NotABundleError(BundleError):
    """The content is not a FHIR Bundle."""


class TooManyEntriesError(BundleError):
    """There are more entries than are read in one evaluation."""


class NotAResourceError(BundleError):
    """A prefetch value is neither null nor a FHIR resource."""


class _Bundle(msgspec.Struct, rename="camel", frozen=True):
    resource_type: str | None = None
    type: str | None = None
    total: msgspec.Raw = NULL
    link: list[Link] | None = None
    entry: list[Entry] | None = None


class _LooseBundle(BundleHead, frozen=True):
    """A Bundle in which one entry is not as FHIR says: the others are still read."""

    entry: list[msgspec.Raw] | None = None


class _Value(msgspec.Struct, rename="camel", frozen=True):
    """A prefetch value: a resource, or the wrapper that drafts of CDS Hooks put around one."""

    resource_type: msgspec.Raw = NULL
    response: Response | None = None
    resource: msgspec.Raw = NULL


_OpenInner = Callable[[RawResource, str | None], Resources]

_BUNDLE = msgspec.json.Decoder(_Bundle)
_LOOSE_BUNDLE = msgspec.json.Decoder(_LooseBundle)
_ENTRY = msgspec.json.Decoder(Entry)
_VALUE = msgspec.json.Decoder(_Value)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A Bundle opened: its head, its entries, and what could not be read of them.

    peeks: the head of the resource of each entry, where all of them are as FHIR says.
    """

    head: BundleHead
    entries: Sequence[Entry]
    peeks: Iterable[Peek | None] = repeat(None)
    gaps: tuple[Gap, ...] = ()


def split_bundle(body: bytes) -> Resources:
    """Take a FHIR Bundle of any type apart, and say where it is not the whole answer.

    A Bundle within the Bundle, as a batch of searches answers, is taken apart too. A byte order
    mark is accepted. Unknown input: an entry that cannot be read, or that names a resource and does
    not hold it, is a gap; where the gap's type cannot be told, every type the rules use is
    incomplete. Errors: NotABundleError; TooManyEntriesError above MAX_ENTRIES.
    """
    split = _take_apart(_open(body.removeprefix(_BOM)), None, _split_inner)
    untold = (each for each in split.gaps if each.what == BUNDLE)
    lost = (_partly_read(name, each) for each in untold for name in USED_TYPES)
    return replace(split, incomplete=(*split.incomplete, *lost))


def split_prefetch_value(resource_type: str, value: bytes) -> Resources:
    """Take one prefetch value of a hook apart; `resource_type` is what was asked for.

    null means that the client looked and found nothing. An OperationOutcome means that the type
    was not obtained, whatever its severity, because it stands where the data should.
    What could not be had of the value makes that type incomplete.
    Source: cds-hooks section 6. Errors: NotAResourceError, NotABundleError, TooManyEntriesError.
    """
    content = value.removeprefix(_BOM).strip()
    if content == b"null":
        return Resources()
    opened = _open_at_once(content)
    if opened is not None:
        return _answer(opened, resource_type)
    try:
        given = decode(_VALUE, content)
    except UnreadableError as error:
        raise NotAResourceError("the prefetch value is not a FHIR resource") from error
    if is_null(given.resource_type):
        return _unwrap(resource_type, given)
    return _read_value(resource_type, content)


def _read_value(resource_type: str, content: bytes) -> Resources:
    item = look_at(content)
    if item is None:
        raise NotAResourceError("the prefetch value names no resource type")
    if item.resource_type == "Bundle":
        return _answer(_open(content), resource_type)
    if item.resource_type == OUTCOME:
        return Resources(incomplete=(not_obtained(resource_type),))
    return Resources(items=(item,))


def _answer(opened: _Opened, resource_type: str) -> Resources:
    split = _take_apart(opened, resource_type, _split_inner)
    faults = (_partly_read(resource_type, each) for each in split.gaps)
    return replace(split, incomplete=(*split.incomplete, *faults))


def _unwrap(resource_type: str, given: _Value) -> Resources:
    """Read {"response": …, "resource": …}, the form of CDS Hooks before 1.0."""
    if not is_null(given.resource):
        return _read_value(resource_type, bytes(given.resource))
    if given.response is None:
        raise NotAResourceError("the prefetch value names no resource type")
    if (given.response.status or "").startswith("2"):
        return Resources()
    return Resources(incomplete=(not_obtained(resource_type),))


def _take_apart(opened: _Opened, asked_for: str | None, open_inner: _OpenInner) -> Resources:
    parts = [Resources(gaps=opened.gaps)]
    items: list[RawResource] = []
    matches: list[RawResource] = []
    outcomes: list[RawResource] = []
    within = 0
    for number, (entry, peek) in enumerate(zip(opened.entries, opened.peeks, strict=False)):
        if entry.response is not None:
            outcomes += outcomes_beside(entry)
        item = look_into(number, entry, asked_for, peek)
        if isinstance(item, Resources):
            parts.append(item)
        elif item.resource_type == OUTCOME:
            outcomes.append(item)
        elif item.resource_type == "Bundle":
            inner = open_inner(item, asked_for)
            items += inner.items
            parts.append(replace(inner, items=()))
            within += len(inner.items) + len(inner.gaps)
            _check_count(within)
        else:
            items.append(item)
            if entry.search is None or entry.search.mode in {None, "match"}:
                matches.append(item)
    parts.append(Resources(items=tuple(items)))
    return join([*parts, judge_completeness(opened.head, matches, outcomes, asked_for)])


def _split_inner(item: RawResource, asked_for: str | None) -> Resources:
    try:
        return _take_apart(_open(item.raw), asked_for, _refuse_deeper)
    except NotABundleError:
        return gap("a Bundle within the Bundle could not be read")


def _refuse_deeper(item: RawResource, _: str | None) -> Resources:
    return gap(f"{item.name} lies too deep within other Bundles and was not read")


def _open(body: bytes | msgspec.Raw) -> _Opened:
    opened = _open_at_once(body) or _open_entry_by_entry(body)
    if opened.head.resource_type != "Bundle":
        raise NotABundleError("the content is not a FHIR Bundle")
    return opened


def _open_at_once(body: bytes | msgspec.Raw) -> _Opened | None:
    """Open a Bundle in which every entry is as FHIR says; None for anything else."""
    try:
        bundle = decode(_BUNDLE, body)
    except UnreadableError:
        return None
    if bundle.resource_type != "Bundle":
        return None
    _check_count(len(bundle.entry or []))
    head = BundleHead(bundle.resource_type, bundle.type, bundle.total, bundle.link)
    return _Opened(head, bundle.entry or [], peek_at_all(body))


def _open_entry_by_entry(body: bytes | msgspec.Raw) -> _Opened:
    try:
        bundle = decode(_LOOSE_BUNDLE, body)
    except UnreadableError as error:
        raise NotABundleError("the content is not a FHIR Bundle") from error
    _check_count(len(bundle.entry or []))
    entries: list[Entry] = []
    gaps: list[Gap] = []
    for number, raw in enumerate(bundle.entry or []):
        try:
            entries.append(decode(_ENTRY, raw))
        except UnreadableError as fault:
            gaps.append(Gap(BUNDLE, f"entry {number} could not be read: {fault}"))
    return _Opened(bundle, entries, gaps=tuple(gaps))


def _check_count(entries: int) -> None:
    if entries > MAX_ENTRIES:
        raise TooManyEntriesError(f"there are more than {MAX_ENTRIES} entries")


def _partly_read(resource_type: str, fault: Gap) -> Incomplete:
    return Incomplete(
        resource_type=resource_type, completeness=Completeness.PARTLY_READ, because=fault.because
    )
