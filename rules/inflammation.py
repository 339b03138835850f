"""Is the marker raised, repeatedly, recently, and is it readable at all?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rules.acute_illness import days_near_acute
from rules.clinical_time import Span, days_between, overlaps, plus_days
from rules.findings import (
    Finding,
    Inflammation,
    InflammationStatus,
    LabelledResult,
    ResultLabel,
    Verdict,
)
from rules.latest_result import MarkerSetting, MarkerVerdict, describe_result, judge_latest
from rules.marker_change import explain_marker_change
from rules.markers import SortedResults, lowest_of_each_day

_VERDICTS = {
    InflammationStatus.RAISED_PERSISTENT: Verdict.MET,
    InflammationStatus.RAISED_ONCE: Verdict.MET,
    InflammationStatus.NORMAL: Verdict.NOT_MET,
}


def judge_inflammation(results: SortedResults, setting: MarkerSetting) -> Inflammation:
    """Judge the marker status of the patient, in the order of the rule.

    Units: mg/L and days. Source: rule.md section 6.4 and 12 points 22 to 28 and 33b. Unknown
    input: no usable result is "unknown" with the reason; where results did not arrive, "normal"
    is never said, nor where drugs did not that could have lowered it.
    """
    blocked = setting.blockade
    acute = days_near_acute(setting.acute_periods, setting.knowledge)
    near_acute = [_confounded(result, acute) for result in dict.fromkeys(results.labelled)]
    free = [result for result in near_acute if not blocked.covers(result.date)]
    suppressed = [_blocked(result) for result in near_acute if blocked.covers(result.date)]
    judged = _first_match(results, free, suppressed, setting)
    missing = setting.unread
    if judged.status is InflammationStatus.NORMAL:
        missing = setting.unread or setting.unread_drugs
        judged = _unless_unread(judged, setting)
    shown = dict.fromkeys(results.shown_only)
    newest = sorted((*free, *suppressed, *shown), key=_newest_first)
    return Inflammation(
        status=judged.status,
        notes=tuple(dict.fromkeys(judged.notes)),
        finding=Finding(
            verdict=_VERDICTS.get(judged.status, Verdict.CANNOT_TELL),
            because=judged.because,
            citations=("rule 6.4", "marker.crp_low_mg_l", "marker.recency_days"),
            sources=judged.sources,
        ),
        results=tuple(newest),
        would_change=explain_marker_change(judged.status, judged.notes, missing, setting.knowledge),
    )


def _unless_unread(normal: MarkerVerdict, setting: MarkerSetting) -> MarkerVerdict:
    """Leave a normal result open where a later one, or a drug that blocks IL-6, may be missing."""
    missing = setting.unread or setting.unread_drugs
    if missing is None:
        return normal
    what = "laboratory results" if setting.unread else "a drug that makes CRP unreadable"
    return replace(
        normal,
        status=InflammationStatus.UNKNOWN,
        because=f"{normal.because}, but {what} may be missing: {missing.because}",
    )


def _confounded(result: LabelledResult, acute: Sequence[Span]) -> LabelledResult:
    if result.label is not ResultLabel.RAISED:
        return result
    if not overlaps(acute, Span(result.date, plus_days(result.date, 1))):
        return result
    return replace(result, label=ResultLabel.CONFOUNDED, notes=(*result.notes, "confounded"))


def _blocked(result: LabelledResult) -> LabelledResult:
    return replace(result, notes=(*result.notes, "il6_blockade"))


def _first_match(
    results: SortedResults,
    free: Sequence[LabelledResult],
    blocked: Sequence[LabelledResult],
    setting: MarkerSetting,
) -> MarkerVerdict:
    if setting.blockade.covers(setting.as_of):
        return MarkerVerdict(
            status=InflammationStatus.UNKNOWN,
            because=setting.blockade.because,
            notes=("il6_blockade",),
            sources=setting.blockade.sources,
        )
    days = lowest_of_each_day(free)
    fresh = [each for each in days if _is_fresh(each, setting)]
    if not fresh and blocked and (not days or any(_is_fresh(each, setting) for each in blocked)):
        return _all_blocked(setting)
    if not days:
        return _nothing_usable(results, setting)
    if not fresh:
        return _stale(days[0], setting)
    readable = [each for each in fresh if each.label is not ResultLabel.CENSORED]
    if not readable:
        return _only_bounds(fresh)
    return judge_latest(days[days.index(readable[0]) :], setting)


def _stale(latest: LabelledResult, setting: MarkerSetting) -> MarkerVerdict:
    limit = setting.knowledge.marker.recency_days
    return MarkerVerdict(
        status=InflammationStatus.STALE,
        because=f"the latest result ({describe_result(latest)}) is {_age(latest, setting)} days "
        f"old, older than {limit} days",
        notes=latest.notes,
        sources=latest.sources,
    )


def _only_bounds(fresh: Sequence[LabelledResult]) -> MarkerVerdict:
    return MarkerVerdict(
        status=InflammationStatus.UNKNOWN,
        because=f"{describe_result(fresh[0])}: a reporting limit does not tell raised from normal",
        notes=("reporting_limit", *fresh[0].notes),
        sources=fresh[0].sources,
    )


def _all_blocked(setting: MarkerSetting) -> MarkerVerdict:
    return MarkerVerdict(
        status=InflammationStatus.UNKNOWN,
        because=f"{setting.blockade.because}, and no other recent result is usable",
        notes=("il6_blockade",),
        sources=setting.blockade.sources,
    )


def _nothing_usable(results: SortedResults, setting: MarkerSetting) -> MarkerVerdict:
    """Say why nothing can be read: nothing obtained, nothing there, or nothing usable."""
    unusable = [each for each in results.unusable if each.compared]
    if unusable:
        latest = max(unusable, key=lambda each: (each.day or date.min, each.sources))
        words = f"no usable CRP result: {latest.because}"
        notes = tuple(dict.fromkeys(each.note for each in unusable if each.note))
        return MarkerVerdict(
            status=InflammationStatus.UNKNOWN, because=words, notes=notes, sources=latest.sources
        )
    because = "no CRP result is in the data received"
    if setting.unread is not None:
        because = f"laboratory results could not be read: {setting.unread.because}"
    return MarkerVerdict(status=InflammationStatus.UNKNOWN, because=because)


def _is_fresh(result: LabelledResult, setting: MarkerSetting) -> bool:
    return _age(result, setting) <= setting.knowledge.marker.recency_days


def _age(result: LabelledResult, setting: MarkerSetting) -> int:
    return days_between(result.date, setting.as_of)


def _newest_first(result: LabelledResult) -> tuple[int, str, tuple[str, ...]]:
    return (-result.date.toordinal(), result.marker, result.sources)
