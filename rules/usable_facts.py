"""Which facts of the record count, each of them once and in one order?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from rules.facts import (
    Diagnosis,
    Encounter,
    Exposure,
    Facts,
    Intolerance,
    MarkerResult,
    Measurement,
    Procedure,
    Score,
    Vaccination,
)
from rules.findings import NotUsed
from rules.knowledge.model import Knowledge
from rules.record_status import keep_usable

_sources = attrgetter("sources")

F = TypeVar(
    "F",
    Diagnosis,
    Exposure,
    MarkerResult,
    Score,
    Measurement,
    Procedure,
    Vaccination,
    Encounter,
    Intolerance,
)


def keep_what_counts(facts: Facts, as_of: date, knowledge: Knowledge) -> Facts:
    """Give the facts that count, each once and in one order, and name what was left out.

    Servers page, repeat and reorder as they like; the same facts must lead to the same verdict.
    Source: rule.md sections 4.1, 6.3 and 8.1. Unknown input: as for laboratory results,
    `marker.accept_status_unknown` governs a measurement whose status is missing or unknown.
    """
    ordered = replace(
        facts,
        diagnoses=_in_order(facts.diagnoses),
        exposures=_in_order(facts.exposures),
        markers=_in_order(facts.markers),
        scores=_in_order(facts.scores),
        measurements=_in_order(facts.measurements),
        procedures=_in_order(facts.procedures),
        vaccinations=_in_order(facts.vaccinations),
        encounters=_in_order(facts.encounters),
        intolerances=_in_order(facts.intolerances),
        incomplete=tuple(sorted(set(facts.incomplete), key=repr)),
    )
    usable = keep_usable(ordered, as_of, knowledge)
    refused = [(each, _refused(each, as_of, knowledge)) for each in usable.measurements]
    not_used = {
        NotUsed(source, because)
        for each, because in refused
        if because is not None
        for source in each.sources
    }
    return replace(
        usable,
        measurements=tuple(each for each, because in refused if because is None),
        not_used=tuple(sorted({*usable.not_used, *not_used})),
    )


def _in_order(facts: Iterable[F]) -> tuple[F, ...]:
    """Sort by resource; several facts of one resource, each once, by all they say."""
    in_order = sorted(facts, key=_sources)
    if len(set(map(_sources, in_order))) == len(in_order):
        return tuple(in_order)
    by_source = groupby(in_order, key=_sources)
    groups = [list(same) for _, same in by_source]
    # Most resources hold one fact, and to write out all it says would cost more than to judge it.
    return tuple(
        each
        for group in groups
        for each in (group if len(group) == 1 else sorted(dict.fromkeys(group), key=repr))
    )


def _refused(measured: Measurement, as_of: date, knowledge: Knowledge) -> str | None:
    """Why a measurement does not count; only an expected delivery lies ahead by its nature."""
    status = measured.status or "unknown"
    accepted = status == "unknown" and knowledge.marker.accept_status_unknown
    if not accepted and status not in knowledge.records.observation_used:
        return f"status {knowledge.records.named(status)}"
    ahead = knowledge.value_sets["estimated-delivery-date"].contains(measured.code)
    if measured.date is not None and measured.date.earliest > as_of and not ahead:
        return f"dated {measured.date.text}, after the day of evaluation"
    return None
