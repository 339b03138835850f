"""What is in this Bundle or prefetch value?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from rules.fhir_reader.completeness import BundleHead, Link, judge_completeness, not_obtained
from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.resources import NULL, RawResource, Resources, join, look_at
from rules.findings import Gap, NotUsed

_BOM = b"\xef\xbb\xbf"
_OUTCOME = "OperationOutcome"


class BundleError(ValueError):
    """What came in cannot be taken apart at all. The text is safe to show."""


class NotABundleError(BundleError):
    """The content is not a FHIR Bundle."""


class NotAResourceError(BundleError):
    """A prefetch value is neither null nor a FHIR resource."""


class _Search(msgspec.Struct, frozen=True):
    mode: str | None = None


class _Response(msgspec.Struct, frozen=True):
    status: str | None = None


class _Entry(msgspec.Struct, rename="camel", frozen=True):
    full_url: str | None = None
    resource: msgspec.Raw = NULL
    search: _Search | None = None
    response: _Response | None = None


class _Bundle(msgspec.Struct, rename="camel", frozen=True):
    resource_type: str | None = None
    type: str | None = None
    total: msgspec.Raw = NULL
    link: list[Link] | None = None
    entry: list[_Entry] | None = None


class _LooseBundle(BundleHead, frozen=True):
    """A Bundle in which one entry is not as FHIR says: the others are still read."""

    entry: list[msgspec.Raw] | None = None


class _Value(msgspec.Struct, rename="camel", frozen=True):
    """A prefetch value: a resource, or the wrapper that drafts of CDS Hooks put around one."""

    resource_type: msgspec.Raw = NULL
    response: _Response | None = None
    resource: msgspec.Raw = NULL


_BUNDLE = msgspec.json.Decoder(_Bundle)
_LOOSE_BUNDLE = msgspec.json.Decoder(_LooseBundle)
_ENTRY = msgspec.json.Decoder(_Entry)
_VALUE = msgspec.json.Decoder(_Value)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A Bundle opened: its head, its entries, and what could not be read of them."""

    head: BundleHead
    entries: Sequence[_Entry]
    gaps: tuple[Gap, ...] = ()


def split_bundle(body: bytes) -> Resources:
    """Take a FHIR Bundle of any type apart, and say where it is not the whole answer.

    A Bundle within the Bundle, as a batch of searches answers, is taken apart too. An entry
    without a resource is named as not used. A byte order mark is accepted.
    Unknown input: an entry that cannot be read is a gap. Errors: NotABundleError.
    """
    return _take_apart(_open(body.removeprefix(_BOM)), None, _split_inner)


def split_prefetch_value(resource_type: str, value: bytes) -> Resources:
    """Take one prefetch value of a hook apart; `resource_type` is what was asked for.

    null means that the client looked and found nothing. An OperationOutcome means that the type
    was not obtained, whatever its severity, because it stands where the data should.
    Source: cds-hooks section 6. Errors: NotAResourceError, NotABundleError.
    """
    content = value.removeprefix(_BOM).strip()
    if content == b"null":
        return Resources()
    try:
        given = decode(_VALUE, content)
    except UnreadableError as error:
        raise NotAResourceError("the prefetch value is not a FHIR resource") from error
    if _is_null(given.resource_type):
        return _unwrap(resource_type, given)
    return _read_value(resource_type, content)


def _read_value(resource_type: str, content: bytes) -> Resources:
    item = look_at(content)
    if item is None:
        raise NotAResourceError("the prefetch value names no resource type")
    if item.resource_type == "Bundle":
        return _take_apart(_open(content), resource_type, _split_inner)
    if item.resource_type == _OUTCOME:
        return Resources(incomplete=(not_obtained(resource_type),))
    return Resources(items=(item,))


def _unwrap(resource_type: str, given: _Value) -> Resources:
    """Read {"response": …, "resource": …}, the form of CDS Hooks before 1.0."""
    if not _is_null(given.resource):
        return _read_value(resource_type, bytes(given.resource))
    if given.response is None:
        raise NotAResourceError("the prefetch value names no resource type")
    if (given.response.status or "").startswith("2"):
        return Resources()
    return Resources(incomplete=(not_obtained(resource_type),))


def _take_apart(
    opened: _Opened, asked_for: str | None, open_inner: Callable[[RawResource], Resources]
) -> Resources:
    parts = [Resources(gaps=opened.gaps)]
    matches: list[RawResource] = []
    outcomes: list[RawResource] = []
    for number, entry in enumerate(opened.entries):
        item = _look_into(number, entry)
        if isinstance(item, Resources):
            parts.append(item)
        elif item.resource_type == _OUTCOME:
            outcomes.append(item)
        elif item.resource_type == "Bundle":
            parts.append(open_inner(item))
        else:
            parts.append(Resources(items=(item,)))
            if entry.search is None or entry.search.mode != "include":
                matches.append(item)
    return join([*parts, judge_completeness(opened.head, matches, outcomes, asked_for)])


def _split_inner(item: RawResource) -> Resources:
    try:
        return _take_apart(_open(item.raw), None, _refuse_deeper)
    except NotABundleError:
        return _gap("a Bundle within the Bundle could not be read")


def _refuse_deeper(item: RawResource) -> Resources:
    return _gap(f"{item.name} lies too deep within other Bundles and was not read")


def _open(body: bytes | msgspec.Raw) -> _Opened:
    try:
        bundle = decode(_BUNDLE, body)
    except UnreadableError:
        opened = _open_entry_by_entry(body)
    else:
        head = BundleHead(bundle.resource_type, bundle.type, bundle.total, bundle.link)
        opened = _Opened(head, bundle.entry or [])
    if opened.head.resource_type != "Bundle":
        raise NotABundleError("the content is not a FHIR Bundle")
    return opened


def _open_entry_by_entry(body: bytes | msgspec.Raw) -> _Opened:
    try:
        bundle = decode(_LOOSE_BUNDLE, body)
    except UnreadableError as error:
        raise NotABundleError("the content is not a FHIR Bundle") from error
    entries: list[_Entry] = []
    gaps: list[Gap] = []
    for number, raw in enumerate(bundle.entry or []):
        try:
            entries.append(decode(_ENTRY, raw))
        except UnreadableError as fault:
            gaps.append(Gap("bundle", f"entry {number} could not be read: {fault}"))
    return _Opened(bundle, entries, tuple(gaps))


def _look_into(number: int, entry: _Entry) -> RawResource | Resources:
    if _is_null(entry.resource):
        status = (entry.response.status if entry.response else None) or ""
        if status.startswith(("4", "5")):
            return _gap(f"the server answered entry {number} with a problem")
        return Resources(not_used=(NotUsed(f"Bundle entry {number}", "it holds no resource"),))
    item = look_at(entry.resource, entry.full_url)
    return _gap(f"entry {number} names no resource type") if item is None else item


def _is_null(raw: msgspec.Raw) -> bool:
    return bytes(raw) == b"null"


def _gap(because: str) -> Resources:
    return Resources(gaps=(Gap("bundle", because),))
