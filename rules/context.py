"""What else of the record belongs beside the evidence, deciding nothing?"""

from collections.abc import Iterable, Mapping
from datetime import date

from rules.clinical_time import Precision, days_between
from rules.codes import Code
from rules.current_state import since
from rules.facts import Diagnosis, Score
from rules.knowledge.model import Knowledge, Scale
from rules.plain_words import number


def find_context(
    items: Iterable[Score], scores: Iterable[Score], as_of: date, knowledge: Knowledge
) -> tuple[str, ...]:
    """Give the latest fatigue item and anxiety total that are high enough to be shown.

    Units: points, from the limits of [cards] on, not older than `trd.severity_max_age_days`.
    Source: rule.md section 5. Unknown input: a score without a value or a day, outside the range
    of its scale, or of an unfinished status is not shown.
    """
    cards, scales = knowledge.cards, knowledge.scales.values()
    fatigue = {scale.fatigue_item: scale.name for scale in scales if scale.fatigue_item}
    anxiety = {code: scale for scale in knowledge.context_scales.values() for code in scale.totals}
    notes = []
    tired = _latest([each for each in items if each.code in fatigue], as_of, knowledge)
    if tired is not None and tired.value is not None and tired.value >= cards.fatigue_context_item:
        notes.append(f"{fatigue[tired.code]} fatigue item {_words(tired)}")
    within = [each for each in scores if each.code in anxiety and _in_range(each, anxiety)]
    anxious = _latest(within, as_of, knowledge)
    if anxious is not None and anxious.value is not None and anxious.value >= cards.gad7_context:
        notes.append(f"{anxiety[anxious.code].name} {_words(anxious)}")
    return tuple(notes)


def find_history(diagnoses: Iterable[Diagnosis], knowledge: Knowledge) -> tuple[str, ...]:
    """Give each coded history of suicidal behaviour once: context, never a signal.

    Source: rule.md section 9, "context only". Unknown input: without a date it is named without.
    """
    history = knowledge.value_sets["suicide-history"]
    found = [(each, code) for each in diagnoses if (code := history.find(each.codes)) is not None]
    return tuple(
        dict.fromkeys(f"{history.label(code)} is coded{since(each)}" for each, code in found)
    )


def _in_range(score: Score, scales: Mapping[Code, Scale]) -> bool:
    scale = scales[score.code]
    return score.value is not None and scale.minimum <= score.value <= scale.maximum


def _latest(scores: Iterable[Score], as_of: date, knowledge: Knowledge) -> Score | None:
    usable = [
        each
        for each in scores
        if each.value is not None
        and each.date is not None
        and each.date.precision is Precision.DAY
        and 0 <= days_between(each.date.earliest, as_of) <= knowledge.trd.severity_max_age_days
        and _is_final(each, knowledge)
    ]
    return max(
        usable,
        key=lambda each: (each.date.earliest if each.date else date.min, each.sources),
        default=None,
    )


def _is_final(score: Score, knowledge: Knowledge) -> bool:
    status, records = score.status or "unknown", knowledge.records
    if status == "unknown":
        return knowledge.marker.accept_status_unknown
    return status in records.observation_used | records.questionnaire_used


def _words(score: Score) -> str:
    day = score.date.text if score.date else ""
    return f"{number(score.value or 0)} on {day}"
