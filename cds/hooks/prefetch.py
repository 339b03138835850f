"""What did the client send for each template, and what did it not?

Four states stay apart: a key that is absent or holds an OperationOutcome was not obtained; null or
an empty Bundle means that the client looked and found nothing; content is read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import msgspec

from cds.ehr.fetched import Problem
from cds.errors import DataNotObtained, DataRefused, DataTimedOut, InvalidRequest
from cds.evaluation import Resources, join, open_prefetch_value
from cds.hooks.catalogue import PrefetchTemplate
from rules.codes import Code, read_code
from rules.facts import Completeness, Incomplete

# Which refusal a caller is told first, where its FHIR server failed in several ways.
_REFUSALS = {Problem.REFUSED: DataRefused, Problem.TIMEOUT: DataTimedOut}
# Read where a client sends them under a key of its own, although no template asks for them.
_WELCOME_TYPES = frozenset({"Medication", "Encounter", "AllergyIntolerance", "Immunization"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The resources of a prefetch, and what its templates asked for and did not get."""

    resources: Resources
    not_obtained: tuple[Incomplete, ...]


class _Typed(msgspec.Struct, rename="camel", frozen=True):
    resource_type: str | None = None


class _Coding(msgspec.Struct, frozen=True):
    system: str | None = None
    code: str | None = None


class _Concept(msgspec.Struct, frozen=True):
    coding: list[_Coding] | None = None


class _Coded(msgspec.Struct, frozen=True):
    code: _Concept | None = None


def find_unanswered(
    values: Mapping[str, bytes], templates: Sequence[PrefetchTemplate]
) -> tuple[PrefetchTemplate, ...]:
    """Say which templates nothing in the prefetch answers, required or not.

    Errors: InvalidRequest where a key of ours holds something that is no resource.
    """
    return tuple(_bind(values, templates).missing)


def fill_templates(
    values: Mapping[str, bytes],
    templates: Sequence[PrefetchTemplate],
    problems: Mapping[str, Problem] = MappingProxyType({}),
) -> Filled:
    """Read every prefetch value and say which templates stay without an answer.

    A key no template has is bound to a template that is absent, by resource type and codes,
    because some clients let an analyst choose the keys; bound to nothing, it is ignored. An empty
    value under an unknown key binds to nothing.

    A value of which nothing could be had, though it was not empty, was not obtained either.
    problems: why a key could not be had from the client's FHIR server, where it was asked.

    Errors: DataNotObtained, naming the keys, where a required template was not obtained;
    InvalidRequest where a key of ours holds something that is no resource.
    """
    sent = _bind(values, templates)
    _refuse_without_required(sent.missing, problems)
    return Filled(
        resources=join([*_without_failures(sent.named, sent.failed), *sent.bound]),
        not_obtained=tuple(
            _not_obtained(template, templates, sent.missing) for template in sent.missing
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """What came, held against the templates. failed: the keys whose own value is no answer."""

    named: Mapping[str, Resources]
    bound: Sequence[Resources]
    failed: frozenset[str]
    missing: Sequence[PrefetchTemplate]


def _bind(values: Mapping[str, bytes], templates: Sequence[PrefetchTemplate]) -> _Sent:
    named = {
        template.key: open_prefetch_value(
            template.key, template.resource_type, values[template.key]
        )
        for template in templates
        if template.key in values
    }
    missing = [template for template in templates if not _is_answered(template, named)]
    extras = _open_extras(values, {template.key for template in templates})
    bound = [extra for extra in extras if _is_wanted(extra, missing)]
    return _Sent(
        named=named,
        bound=bound,
        failed=frozenset(template.key for template in missing),
        missing=[template for template in missing if not _is_bound(template, bound)],
    )


def _without_failures(
    named: Mapping[str, Resources], failed: frozenset[str]
) -> Iterator[Resources]:
    """Leave out what a failed value says about its whole type; the template says it exactly."""
    for key, resources in named.items():
        yield replace(resources, incomplete=()) if key in failed else resources


def _is_answered(template: PrefetchTemplate, named: Mapping[str, Resources]) -> bool:
    resources = named.get(template.key)
    if resources is None:
        return False
    failed = any(
        entry.completeness is Completeness.NOT_OBTAINED
        and entry.resource_type == template.resource_type
        for entry in resources.incomplete
    )
    if failed or _holds(resources, template.resource_type):
        return not failed
    # Content of other types only is an answer to another question; and where nothing came of what
    # was announced, that nothing is no empty result.
    return not (resources.items or resources.incomplete or resources.gaps)


def _holds(resources: Resources, resource_type: str) -> bool:
    return any(item.resource_type == resource_type for item in resources.items)


def _open_extras(values: Mapping[str, bytes], known: set[str]) -> list[Resources]:
    opened = (_open_extra(value) for key, value in values.items() if key not in known)
    return [resources for resources in opened if resources.items]


def _open_extra(value: bytes) -> Resources:
    """Open a value under a key of the client's own; what is no resource holds nothing for us."""
    try:
        first = msgspec.json.decode(value, type=_Typed).resource_type or ""
        asked = _main_type(value) if first == "Bundle" else first
        return open_prefetch_value("", asked, value)
    except (msgspec.ValidationError, InvalidRequest):
        return Resources()


class _BundleTypes(msgspec.Struct, frozen=True):
    entry: list["_EntryType"] | None = None


class _EntryType(msgspec.Struct, frozen=True):
    resource: _Typed | None = None


def _main_type(value: bytes) -> str:
    """The type a Bundle answers for: that of its first resource."""
    entries = msgspec.json.decode(value, type=_BundleTypes).entry or []
    types = (entry.resource.resource_type for entry in entries if entry.resource)
    return next((name for name in types if name and name != "OperationOutcome"), "")


def _is_wanted(extra: Resources, missing: Iterable[PrefetchTemplate]) -> bool:
    return any(_is_bound(template, [extra]) for template in missing) or all(
        item.resource_type in _WELCOME_TYPES for item in extra.items
    )


def _is_bound(template: PrefetchTemplate, extras: Iterable[Resources]) -> bool:
    return any(
        item.resource_type == template.resource_type
        and (not template.codes or not template.codes.isdisjoint(_codes_of(bytes(item.raw))))
        for extra in extras
        for item in extra.items
    )


def _codes_of(raw: bytes) -> frozenset[Code]:
    try:
        concept = msgspec.json.decode(raw, type=_Coded).code
    except msgspec.ValidationError:
        return frozenset()
    codings = (concept.coding if concept else None) or []
    codes = (read_code(coding.system, coding.code) for coding in codings)
    return frozenset(code for code in codes if code is not None)


def _refuse_without_required(
    missing: Iterable[PrefetchTemplate], problems: Mapping[str, Problem]
) -> None:
    keys = [template.key for template in missing if template.required]
    if not keys:
        return
    kinds = {problems[key] for key in keys if key in problems}
    refusal = next((_REFUSALS[kind] for kind in _REFUSALS if kind in kinds), DataNotObtained)
    asked = " The client's FHIR server was asked for it in vain." if kinds else ""
    raise refusal(
        f"Required prefetch was not obtained: {', '.join(keys)}.{asked} An empty result is fine, "
        "but an absent key, an OperationOutcome or a value of which nothing can be read is not, "
        "because missing data is never read as normal.",
        expression=tuple(f"prefetch.{key}" for key in keys),
    )


def _not_obtained(
    template: PrefetchTemplate,
    templates: Iterable[PrefetchTemplate],
    missing: Sequence[PrefetchTemplate],
) -> Incomplete:
    """Name what an optional template would have carried.

    The type is incomplete only in part where another template of the same type was answered.
    """
    partly = any(
        other.resource_type == template.resource_type and other not in missing
        for other in templates
    )
    return Incomplete(
        resource_type=template.resource_type,
        completeness=Completeness.TRUNCATED if partly else Completeness.NOT_OBTAINED,
        because=f"the prefetch {template.key} was not obtained",
    )
