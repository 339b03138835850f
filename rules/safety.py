"""Is there a recent entry about suicidal thoughts or self-harm?"""

from collections.abc import Iterable
from datetime import date

from rules.clinical_time import ClinicalDate, days_between
from rules.facts import Diagnosis, Score
from rules.findings import Finding, SuicideSignal, Verdict
from rules.knowledge.model import Knowledge
from rules.severity import Total


def find_suicide_signals(
    items: Iterable[Score],
    totals: Iterable[Total],
    diagnoses: Iterable[Diagnosis],
    as_of: date,
    knowledge: Knowledge,
) -> tuple[SuicideSignal, ...]:
    """Collect every recent signal, the newest first. No signal is never reassurance.

    Units: points and days, windows inclusive. Source: rule.md section 9 and 12 points 30 and 33a.
    Unknown input: a coded attempt without a date counts, because it cannot be shown to be old;
    a missing item score says nothing.
    """
    signals = [
        *_from_items(items, list(totals), as_of, knowledge),
        *_from_diagnoses(diagnoses, as_of, knowledge),
    ]
    newest = sorted(signals, key=lambda each: (each.date or date.max, each.label), reverse=True)
    return tuple(newest)


def _from_items(
    items: Iterable[Score], totals: list[Total], as_of: date, knowledge: Knowledge
) -> Iterable[SuicideSignal]:
    safety = knowledge.safety
    for item in items:
        scale = knowledge.scale_of(item.code)
        if scale is None or item.code != scale.suicide_item:
            continue
        if item.value is None or item.date is None or item.value < safety.item_signal_from:
            continue
        day = item.date.earliest
        if days_between(day, as_of) > safety.ideation_days:
            continue
        disagrees = any(
            total.day == day and total.scale is scale and total.value < item.value
            for total in totals
        )
        words = f"{scale.name} item on suicidal thoughts answered {item.value} on {day.isoformat()}"
        yield SuicideSignal(
            item_score=int(item.value),
            label=f"{scale.name} item 9",
            date=day,
            total_disagrees=disagrees,
            finding=_finding(
                f"{words}; item and total disagree" if disagrees else words,
                "safety.ideation_days",
                item.sources,
            ),
        )


def _from_diagnoses(
    diagnoses: Iterable[Diagnosis], as_of: date, knowledge: Knowledge
) -> Iterable[SuicideSignal]:
    sets, safety = knowledge.value_sets, knowledge.safety
    for diagnosis in diagnoses:
        dated = diagnosis.onset or diagnosis.recorded
        attempt = sets["suicide-attempt"].find(diagnosis.codes)
        ideation = sets["suicidal-ideation"].find(diagnosis.codes)
        if attempt is not None and _within(dated, as_of, safety.attempt_days):
            yield _coded(diagnosis, sets["suicide-attempt"].label(attempt), "safety.attempt_days")
        elif ideation is not None and _ideation_counts(diagnosis, as_of, knowledge):
            label = sets["suicidal-ideation"].label(ideation)
            yield _coded(diagnosis, label, "safety.ideation_condition_days")


def _ideation_counts(diagnosis: Diagnosis, as_of: date, knowledge: Knowledge) -> bool:
    """An ideation entry counts for a month, and for longer while it stands as active."""
    safety = knowledge.safety
    recent = any(
        _within(each, as_of, safety.ideation_days)
        for each in (diagnosis.onset, diagnosis.recorded)
        if each is not None
    )
    active = diagnosis.clinical_status in {None, *knowledge.records.condition_active}
    standing = any(
        _within(each, as_of, safety.ideation_condition_days)
        for each in (diagnosis.onset, diagnosis.recorded)
        if each is not None
    )
    undated = diagnosis.onset is None and diagnosis.recorded is None
    return recent or (active and (standing or undated))


def _within(when: ClinicalDate | None, as_of: date, days: int) -> bool:
    return when is None or days_between(when.latest, as_of) <= days


def _coded(diagnosis: Diagnosis, label: str, citation: str) -> SuicideSignal:
    dated = diagnosis.onset or diagnosis.recorded
    words = f"{label} coded" + (f" {dated.text}" if dated else ", undated")
    return SuicideSignal(
        item_score=None,
        label=label,
        date=dated.latest if dated else None,
        total_disagrees=False,
        finding=_finding(words, citation, diagnosis.sources),
    )


def _finding(because: str, citation: str, sources: tuple[str, ...]) -> Finding:
    return Finding(verdict=Verdict.MET, because=because, citations=(citation,), sources=sources)
