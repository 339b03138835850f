"""Which data of a record does a service read: under which codes, in which units, how far back?

Taken from the services and the knowledge that run, so that it cannot fall behind them.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from cds.hooks.catalogue import PATIENT_VIEW, HookService, PrefetchTemplate
from rules.codes import Code
from rules.knowledge import Knowledge

_DAYS = "days"
# The tables of parameters that the rule on draft orders reads; the other rule reads all but these.
_OF_ORDERS = frozenset({"orders", "safety"})
_OF_ORDERS_ALONE = "orders"


class _Told(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class InputCode(_Told):
    """One code a service asks for.

    usual_units: what laboratories print. units: every spelling that is read; others are refused.
    """

    system: str
    code: str
    display: str
    usual_units: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


class ServiceInput(_Told):
    """One prefetch template. codes: none where all resources of the type are asked for."""

    key: str
    resource_type: str
    required: bool
    codes: tuple[InputCode, ...] = ()


class Limit(_Told):
    """One number the rule compares with. parameter: its key in the parameter files."""

    parameter: str
    value: int | float
    unit: str
    meaning: str


class CodeList(_Told):
    """A value set the rule looks codes up in. entries: codes, families and patterns."""

    name: str
    title: str
    entries: int


def list_inputs(service: HookService, knowledge: Knowledge) -> tuple[ServiceInput, ...]:
    """Give what a service asks for, in the order of its prefetch."""
    displays = _displays(knowledge)
    return tuple(_input(template, knowledge, displays) for template in service.prefetch)


def list_windows(service: HookService, knowledge: Knowledge) -> tuple[Limit, ...]:
    """Give every number of days the rule of a service uses."""
    return tuple(each for each in _limits(service, knowledge) if each.unit == _DAYS)


def list_thresholds(service: HookService, knowledge: Knowledge) -> tuple[Limit, ...]:
    """Give every other number with a unit the rule of a service uses."""
    return tuple(each for each in _limits(service, knowledge) if each.unit != _DAYS)


def list_code_lists(knowledge: Knowledge) -> tuple[CodeList, ...]:
    """Give the value sets by title; which codes they hold stands in the repository."""
    found = (
        CodeList(
            name=value_set.name,
            title=value_set.title,
            entries=len(value_set.codes)
            + len(value_set.families)
            + sum(len(group) for group in value_set.patterns.values()),
        )
        for value_set in knowledge.value_sets.values()
    )
    return tuple(sorted(found, key=lambda each: each.title))


def _input(
    template: PrefetchTemplate, knowledge: Knowledge, displays: Mapping[Code, str]
) -> ServiceInput:
    return ServiceInput(
        key=template.key,
        resource_type=template.resource_type,
        required=template.required,
        codes=tuple(_code(code, knowledge, displays) for code in sorted(template.codes)),
    )


def _code(code: Code, knowledge: Knowledge, displays: Mapping[Code, str]) -> InputCode:
    marker = knowledge.markers.get(code)
    units = () if marker is None else (*marker.to_mg_per_l, *sorted(marker.display_units))
    return InputCode(
        system=code.system,
        code=code.code,
        display=displays[code],
        usual_units=() if marker is None else marker.reported_in,
        units=tuple(dict.fromkeys(units)),
    )


def _displays(knowledge: Knowledge) -> Mapping[Code, str]:
    """Give our own word for every code a template may hold."""
    words = {
        code: f"{value_set.title}: {label}" if label != value_set.title else label
        for value_set in knowledge.value_sets.values()
        for code, label in value_set.codes.items()
    }
    words |= {code: scale.name for code, scale in knowledge.scales_by_code.items()}
    return words | {code: marker.name for code, marker in knowledge.markers.items()}


def _limits(service: HookService, knowledge: Knowledge) -> Iterator[Limit]:
    for key, entry in knowledge.parameters.items():
        if key.partition(".")[0] in _tables(service, knowledge.parameters) and entry.unit:
            if isinstance(entry.value, bool) or not isinstance(entry.value, int | Decimal):
                continue
            yield Limit(
                parameter=key,
                value=_number(entry.value),
                unit=entry.unit,
                meaning=entry.meaning,
            )


def _tables(service: HookService, keys: Iterable[str]) -> frozenset[str]:
    if service.id != PATIENT_VIEW:
        return _OF_ORDERS
    return frozenset(key.partition(".")[0] for key in keys) - {_OF_ORDERS_ALONE}


def _number(value: int | Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)
