"""Which depressive episode is current, and since when?"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rules.clinical_time import ClinicalDate, Precision, Span, days_between, merge_spans, plus_days
from rules.codes import ValueSet
from rules.facts import Diagnosis, Encounter, Procedure
from rules.findings import Finding, Verdict
from rules.knowledge.model import Knowledge
from rules.severity import Total

DEPRESSION_SETS = (
    "depression-mdd",
    "depression-nonspecific",
    "depression-remission",
    "depression-perinatal",
)
NEUROMODULATION_SETS = ("ect", "rtms", "vns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """The current episode: from `start` to the day of evaluation.

    unclear_before: what ended by this day lies behind a long silence that nothing bridges.
    looks_back_to: where the history considered begins.
    """

    start: date
    unclear_before: date | None
    looks_back_to: date
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Signs of depression and of remission, each with its day."""

    signs: tuple[date, ...]
    records: tuple[date, ...]
    remissions: tuple[date, ...]


def find_activity(
    diagnoses: Iterable[Diagnosis],
    events: Iterable[Encounter | Procedure],
    totals: Iterable[Total],
    knowledge: Knowledge,
) -> Activity:
    """Collect the days that show depression, name it, or show it in remission.

    events: a contact for depression shows it, and so does a session of ECT, rTMS or VNS.
    Source: rule.md sections 4.6 and 12 points 13 and 21. A coded remission counts only where no
    score of moderate severity or more follows within the remission span. Unknown input: a sign or
    a record without a date known to the day is left out, and so is a clinical status of remission
    without abatement, because the day a disorder was recorded is not the day it ended; a remission
    known to the month ends the episode at the beginning of it.
    """
    depression = [knowledge.value_sets[name] for name in DEPRESSION_SETS]
    treated = [knowledge.value_sets[name] for name in NEUROMODULATION_SETS]
    high = sorted(total.day for total in totals if total.value >= total.scale.moderate)
    seen = [
        *_days_of([each for each in events if isinstance(each, Encounter)], depression),
        *_days_of([each for each in events if isinstance(each, Procedure)], treated),
    ]
    records, remissions = list[date](), list[date]()
    for diagnosis in diagnoses:
        if not any(each.find(diagnosis.codes) for each in depression):
            continue
        if _in_remission(diagnosis, knowledge):
            remissions += _remission(diagnosis, high, knowledge)
        elif diagnosis.recorded is not None and _known_to_the_day(diagnosis.recorded):
            records.append(diagnosis.recorded.earliest)
    return Activity(
        signs=tuple(sorted([*high, *seen])),
        records=tuple(sorted(records)),
        remissions=tuple(remissions),
    )


def _days_of(events: Iterable[Encounter | Procedure], sets: Sequence[ValueSet]) -> list[date]:
    return [
        event.date.earliest
        for event in events
        if any(each.find(event.codes) for each in sets)
        and event.date is not None
        and _known_to_the_day(event.date)
    ]


def _known_to_the_day(stated: ClinicalDate) -> bool:
    return stated.precision is Precision.DAY


def _remission(diagnosis: Diagnosis, high: Sequence[date], knowledge: Knowledge) -> list[date]:
    """The day of a remission that no score of moderate severity follows too soon, or none."""
    stated = diagnosis.abatement
    if knowledge.value_sets["depression-full-remission"].find(diagnosis.codes) is not None:
        stated = stated or diagnosis.recorded or diagnosis.onset
    if stated is None:
        return []
    lasting = plus_days(stated.earliest, knowledge.trd.remission_days_new_episode)
    following = bisect_left(high, stated.earliest)
    lasted = following == len(high) or high[following] > lasting
    return [stated.earliest] if lasted else []


def find_current_episode(
    covered: Iterable[Span],
    activity: Activity,
    totals: Sequence[Total],
    as_of: date,
    knowledge: Knowledge,
) -> Episode:
    """Find where the current episode begins, walking back from the latest evidence.

    Units: days. Source: rule.md sections 4.6 and 12 points 13 and 14. It begins after a remission
    of at least `trd.remission_days_new_episode` days, after a silence of more than
    `trd.new_episode_gap_days` days without antidepressant and without a sign of depression, or at
    the look-back limit, whichever is latest. Unknown input: no evidence at all makes the whole
    look-back one episode, because nothing shows an end.
    """
    trd = knowledge.trd
    limit = plus_days(as_of, -trd.lookback_days)
    exposed = merge_spans(covered)
    silence = _end_of_long_silence(exposed, activity.signs, trd.new_episode_gap_days)
    remission = max([*_score_remissions(totals, knowledge), *activity.remissions], default=None)
    start, because = limit, f"history considered since {limit.isoformat()}"
    if silence is not None and silence > start:
        start, because = silence, f"a silence of more than {trd.new_episode_gap_days} days ended "
        because += f"{silence.isoformat()}"
    if remission is not None and remission > start:
        start, because = remission, f"remission until {remission.isoformat()}"
    return Episode(
        start=start,
        unclear_before=_unbridged_silence(exposed, activity, start, knowledge),
        looks_back_to=limit,
        finding=Finding(
            verdict=Verdict.MET,
            because=because,
            citations=("trd.new_episode_gap_days", "trd.remission_days_new_episode"),
        ),
    )


def _in_remission(diagnosis: Diagnosis, knowledge: Knowledge) -> bool:
    coded = knowledge.value_sets["depression-full-remission"].find(diagnosis.codes)
    status = diagnosis.clinical_status in knowledge.records.condition_remission
    return status or coded is not None


def _end_of_long_silence(
    exposed: Sequence[Span], signs: Iterable[date], longest_days: int
) -> date | None:
    """The day on which evidence begins again after the latest silence that is too long."""
    evidence = merge_spans([*exposed, *(Span(day, plus_days(day, 1)) for day in signs)])
    for earlier, later in reversed(list(pairwise(evidence))):
        if days_between(earlier.end, later.start) > longest_days:
            return later.start
    return None


def _score_remissions(totals: Sequence[Total], knowledge: Knowledge) -> list[date]:
    """The last day of each series of remission scores that lasted long enough.

    A score of moderate severity ends a series; one between the two neither begins nor ends it.
    """
    ends: list[date] = []
    first: date | None = None
    for total in totals:
        if total.value >= total.scale.moderate:
            first = None
        if total.value > total.scale.remission_max:
            continue
        first = first or total.day
        if days_between(first, total.day) >= knowledge.trd.remission_days_new_episode:
            ends.append(total.day)
    return ends


def _unbridged_silence(
    exposed: Sequence[Span], activity: Activity, start: date, knowledge: Knowledge
) -> date | None:
    """The day before which exposure lies behind a silence that no sign of depression bridges."""
    bridges = sorted({*activity.signs, *activity.records})
    for earlier, later in reversed(list(pairwise(exposed))):
        if earlier.end <= start:
            return None
        following = bisect_left(bridges, earlier.end)
        bridged = following < len(bridges) and bridges[following] < later.start
        silent = days_between(earlier.end, later.start)
        if silent > knowledge.trd.between_trial_gap_days and not bridged:
            return earlier.end
    return None
