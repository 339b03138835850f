"""Which records may be used at all, by their status?

Statuses are judged here and not by the reader, so that a vignette can state them and every record
that is left out is named. Which status counts is data (rules/parameters/records.toml).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from rules.facts import (
    Diagnosis,
    Encounter,
    Exposure,
    ExposureKind,
    Facts,
    Intolerance,
    Procedure,
    Vaccination,
)
from rules.findings import NotUsed
from rules.knowledge.model import Knowledge
from rules.knowledge.parameters import RecordParameters
from rules.speaks_against import speaks_against

_Event = Procedure | Vaccination | Encounter
Record = TypeVar("Record", Diagnosis, Exposure, Procedure, Vaccination, Encounter, Intolerance)


def keep_usable(facts: Facts, as_of: date, knowledge: Knowledge) -> Facts:
    """Leave out diagnoses, exposures, procedures and the like that do not count, and name each.

    Source: rule.md sections 4.1 and 8.1. Marker results and scores are judged where they are
    labelled, because their notes name the reason. A statement that an antidepressant was not taken
    is named and stays, because it speaks against the trial it denies. An unconfirmed or
    differential diagnosis shows nothing; one that speaks against a card is set apart as
    `unconfirmed`, where section 8.1 would ignore it: nobody ruled out a suspected attempt, bipolar
    disorder or pregnancy. Unknown input: a missing status counts as the status "unknown"; a record
    dated after `as_of` is left out.
    """
    records = knowledge.records
    left_out: list[NotUsed] = []

    def keep(items: Iterable[Record], refuse: Callable[[Record], str | None]) -> tuple[Record, ...]:
        return _keep(items, refuse, left_out)

    def unless(used: frozenset[str]) -> Callable[[_Event], str | None]:
        return lambda each: _refused_event(each, as_of, used, records)

    denials = tuple(each for each in facts.exposures if _denies_a_trial(each, as_of, records))
    apart = tuple(each for each in facts.diagnoses if _is_set_apart(each, knowledge))
    others = (each for each in facts.diagnoses if not _is_set_apart(each, knowledge))
    return replace(
        facts,
        diagnoses=keep(others, lambda each: _refused_diagnosis(each, as_of, records)),
        unconfirmed=keep(apart, lambda each: _refused_by_date(each, as_of)),
        exposures=(
            *keep(facts.exposures, lambda each: _refused_exposure(each, as_of, records)),
            *denials,
        ),
        procedures=keep(facts.procedures, unless(records.procedure_used)),
        vaccinations=keep(facts.vaccinations, unless(records.vaccination_used)),
        encounters=keep(facts.encounters, unless(records.encounter_used)),
        intolerances=keep(
            facts.intolerances, lambda each: _refused_intolerance(each, as_of, records)
        ),
        not_used=tuple(sorted({*facts.not_used, *left_out})),
    )


def _keep(
    items: Iterable[Record], refuse: Callable[[Record], str | None], left_out: list[NotUsed]
) -> tuple[Record, ...]:
    """Keep what nothing speaks against; the rest is named in `left_out`."""
    kept = []
    for item in items:
        because = refuse(item)
        if because is None:
            kept.append(item)
        else:
            left_out.extend(NotUsed(source, because) for source in item.sources)
    return tuple(kept)


def status_is_unclear(exposure: Exposure, records: RecordParameters) -> bool:
    """Say whether an exposure counts only with the gap `status_unclear`.

    Source: rule.md section 4.1. Unknown input: a missing status is "unknown"; a statement on hold
    whose last day is stated is clear, while the end of an order is only the end that was planned.
    """
    if exposure.kind is ExposureKind.STATEMENT and exposure.end is not None:
        return _status(exposure.status) in records.statement_unclear - records.statement_used
    _, *unclear = _accepted(exposure.kind, records)
    return any(_status(exposure.status) in each for each in unclear)


def reported_not_taken(exposure: Exposure, records: RecordParameters) -> bool:
    """Say whether a statement reports that its drug was not taken."""
    denied = _status(exposure.status) in records.statement_not_taken
    return exposure.kind is ExposureKind.STATEMENT and denied


def _denies_a_trial(exposure: Exposure, as_of: date, records: RecordParameters) -> bool:
    return (
        "antidepressant" in exposure.drug.roles
        and reported_not_taken(exposure, records)
        and _after(exposure.start.earliest if exposure.start else None, as_of) is None
    )


def _status(status: str | None) -> str:
    return status or "unknown"


def _is_set_apart(diagnosis: Diagnosis, knowledge: Knowledge) -> bool:
    unconfirmed = knowledge.records.condition_unconfirmed_verification
    return diagnosis.verification in unconfirmed and speaks_against(diagnosis.codes, knowledge)


def _refused_diagnosis(diagnosis: Diagnosis, as_of: date, records: RecordParameters) -> str | None:
    unused = records.condition_refused_verification | records.condition_unconfirmed_verification
    if diagnosis.verification in unused:
        return f"verification status {records.named(diagnosis.verification)}"
    return _refused_by_date(diagnosis, as_of)


def _refused_by_date(diagnosis: Diagnosis, as_of: date) -> str | None:
    begun = diagnosis.onset or diagnosis.recorded
    return _after(begun.earliest if begun else None, as_of)


def _refused_exposure(exposure: Exposure, as_of: date, records: RecordParameters) -> str | None:
    status = _status(exposure.status)
    if not any(status in accepted for accepted in _accepted(exposure.kind, records)):
        return f"status {records.named(status)}"
    if exposure.do_not_perform:
        return "an instruction not to give the drug"
    if exposure.intent is not None and exposure.intent not in records.request_intents:
        return f"intent {records.named(exposure.intent)}"
    return _after(exposure.start.earliest if exposure.start else None, as_of)


def _accepted(kind: ExposureKind, records: RecordParameters) -> tuple[frozenset[str], ...]:
    """The statuses that count, and those that count with a gap."""
    if kind is ExposureKind.REQUEST:
        return records.request_used, records.request_unclear
    if kind is ExposureKind.DISPENSE:
        return records.dispense_used, records.dispense_unclear
    if kind is ExposureKind.STATEMENT:
        return records.statement_used, records.statement_unclear
    return (records.administration_used,)


def _refused_intolerance(
    intolerance: Intolerance, as_of: date, records: RecordParameters
) -> str | None:
    if intolerance.verification in records.intolerance_refused_verification:
        return f"verification status {records.named(intolerance.verification)}"
    return _after(intolerance.date.earliest if intolerance.date else None, as_of)


def _refused_event(
    event: _Event,
    as_of: date,
    used: frozenset[str],
    records: RecordParameters,
) -> str | None:
    status = _status(event.status)
    if status not in used:
        return f"status {records.named(status)}"
    return _after(event.date.earliest if event.date else None, as_of)


def _after(day: date | None, as_of: date) -> str | None:
    if day is not None and day > as_of:
        return f"dated {day.isoformat()}, after the day of evaluation"
    return None
