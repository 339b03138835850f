"""Is a Bundle the whole answer of the server, and if not, of which resource types?"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from rules.facts import Completeness, Incomplete
from rules.fhir_reader.decoding import UnreadableError, decode, read_number
from rules.fhir_reader.resource_types import USED_TYPES
from rules.fhir_reader.resources import NULL, RawResource, Resources
from rules.findings import NotUsed

_SEARCHED_TYPE = re.compile(r"(?:^|/)([A-Z][A-Za-z]{1,63})(?:/_search)?(?:\?|$)", re.ASCII)
# A search that asks for more than one type: included ones may be on a further page too.
_INCLUDES = re.compile(r"[?&]_(?:rev)?include(?:[:%]|=)", re.ASCII)
# Severities of remarks; from "warning" upward the answer of a server is no longer complete.
_HARMLESS = frozenset({"information", "success"})


class Link(msgspec.Struct, frozen=True):
    relation: str | None = None
    url: str | None = None


class BundleHead(msgspec.Struct, rename="camel", frozen=True):
    """What a Bundle says of itself, without its entries."""

    resource_type: str | None = None
    type: str | None = None
    total: msgspec.Raw = NULL
    link: list[Link] | None = None


class _Issue(msgspec.Struct, frozen=True):
    severity: str | None = None


class _Outcome(msgspec.Struct, frozen=True):
    issue: list[_Issue] | None = None


_OUTCOME = msgspec.json.Decoder(_Outcome)


def judge_completeness(
    head: BundleHead,
    matches: Sequence[RawResource],
    outcomes: Sequence[RawResource],
    asked_for: str | None,
) -> Resources:
    """Say what is missing from a Bundle: pages, matches that were counted, parts that failed.

    `matches`: entries that answer the search, without included ones. Source: cds-hooks section 6.
    Unknown input: where the resource type cannot be told, it may be any that the rules use.
    """
    types = _types(head, matches, asked_for)
    found = [*_judge_outcomes(outcomes, types), *_judge_paging(head, len(matches), types)]
    return Resources(
        incomplete=tuple(entry for entry in found if isinstance(entry, Incomplete)),
        not_used=tuple(entry for entry in found if isinstance(entry, NotUsed)),
    )


def not_obtained(resource_type: str) -> Incomplete:
    """Say that the server answered with a problem in place of this type."""
    return Incomplete(
        resource_type=resource_type,
        completeness=Completeness.NOT_OBTAINED,
        because="the server answered with a problem",
    )


def _types(
    head: BundleHead, matches: Sequence[RawResource], asked_for: str | None
) -> Sequence[str]:
    """Which types may be missing from the Bundle: the one it answers for, else any.

    A page of several types, such as all of a patient, does not tell what the next page holds; nor
    does a page with the Patient alone.
    """
    if asked_for is not None:
        return [asked_for]
    urls = [link.url or "" for link in head.link or [] if link.relation == "self"]
    if any(_INCLUDES.search(url) for url in urls):
        return USED_TYPES
    searched = (_SEARCHED_TYPE.search(url) for url in urls)
    named = {found[1] for found in searched if found} or {item.resource_type for item in matches}
    return USED_TYPES if len(named) != 1 or named == {"Patient"} else sorted(named)


def _judge_outcomes(
    outcomes: Sequence[RawResource], types: Sequence[str]
) -> Iterator[Incomplete | NotUsed]:
    """Record remarks of the server; from a warning upward the types were not obtained."""
    remarks = [item for item in outcomes if _is_remark(item)]
    yield from (NotUsed(item.name, "a remark of the server") for item in remarks)
    if len(remarks) < len(outcomes):
        yield from (not_obtained(name) for name in types)


def _is_remark(item: RawResource) -> bool:
    try:
        issues = decode(_OUTCOME, item.raw).issue or []
    except UnreadableError:
        return False
    return bool(issues) and all(issue.severity in _HARMLESS for issue in issues)


def _judge_paging(head: BundleHead, matches: int, types: Sequence[str]) -> Iterator[Incomplete]:
    if any(link.relation == "next" for link in head.link or []):
        yield from _truncated(types, "a further page was not read")
    if head.type not in {"searchset", None}:
        return
    try:
        total = read_number(head.total, "$.total")
    except UnreadableError as fault:
        yield from _truncated(types, f"the total of the Bundle could not be read: {fault}")
        return
    if total is not None and total > matches:
        yield from _truncated(types, "the server counts more resources than it sent")


def _truncated(types: Sequence[str], because: str) -> Iterator[Incomplete]:
    for name in types:
        yield Incomplete(resource_type=name, completeness=Completeness.TRUNCATED, because=because)
