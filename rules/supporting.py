"""Which other treatments support resistance without being a trial of their own?

Augmentation, esketamine, ketamine and neuromodulation: together they add at most one
indeterminate trial, unless the rule is set otherwise.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from rules.adequacy import Adequacy
from rules.clinical_time import Span, merge_spans, plus_days
from rules.episodes import Episode
from rules.exposures import Stretch, adds_days, cover
from rules.facts import Exposure, ExposureKind, Facts
from rules.findings import Finding, SupportingTreatment, TrialGrade, Verdict
from rules.indication import judge_indication
from rules.knowledge.drugs import Augmenter, OtherUseEffect
from rules.plain_words import counted, number, sources_of
from rules.response import judge_response
from rules.scale_response import Response
from rules.trial_candidate import TrialSetting
from rules.trials import Course, split_into_runs


def find_supporting(
    facts: Facts, courses: Iterable[Course], setting: TrialSetting
) -> tuple[SupportingTreatment, ...]:
    """List augmentation, esketamine, ketamine and neuromodulation in the current episode.

    Units: days of overlap, sessions. Source: drugs.md sections 4 and 5. Unknown input: a dose
    that is not recorded supports (it is never more than indeterminate); undated sessions and
    sessions outside the episode are not counted.
    """
    covered = merge_spans(
        stretch.span for course in courses for run in course.runs for stretch in run.stretches
    )
    return (
        *_augmentations(facts, covered, setting),
        *_ketamines(facts, setting),
        *_neuromodulation(facts, setting),
    )


def _augmentations(
    facts: Facts, covered: tuple[Span, ...], setting: TrialSetting
) -> Iterable[SupportingTreatment]:
    for name, exposures in _by_name(facts.exposures, "augmentation"):
        row = setting.knowledge.drugs.augmenters.get(name)
        kept = [each for each in exposures if row is not None and _at_dose(each, row)]
        stretches = cover(
            adds_days(kept, setting.as_of, setting.knowledge), setting.as_of, setting.knowledge
        )
        beside = _inside(stretches, covered, setting.episode)
        yield _augmentation(name, exposures, beside, setting)


def _by_name(exposures: Iterable[Exposure], role: str) -> Iterable[tuple[str, Sequence[Exposure]]]:
    named = sorted(
        (each for each in exposures if role in each.drug.roles),
        key=lambda each: (each.drug.name, each.start.earliest if each.start else date.min),
    )
    return ((name, list(same)) for name, same in groupby(named, lambda each: each.drug.name))


def _at_dose(exposure: Exposure, row: Augmenter) -> bool:
    if exposure.as_needed:
        return False
    dose = exposure.dose.high_mg
    return dose is None or row.minimum_per_day is None or dose >= row.minimum_in_mg


def _inside(
    stretches: Iterable[Stretch], covered: tuple[Span, ...], episode: Episode
) -> tuple[Stretch, ...]:
    """The parts of the stretches that lie in the episode beside an antidepressant."""
    parts = []
    for stretch in stretches:
        position = bisect_right(covered, stretch.span.start, key=lambda each: each.end)
        while position < len(covered) and covered[position].start < stretch.span.end:
            start = max(stretch.span.start, covered[position].start, episode.start)
            end = min(stretch.span.end, covered[position].end)
            parts.append(replace(stretch, span=Span(start, end)))
            position += 1
    return tuple(part for part in parts if part.span.days > 0)


def _augmentation(
    name: str, exposures: Sequence[Exposure], beside: tuple[Stretch, ...], setting: TrialSetting
) -> SupportingTreatment:
    knowledge = setting.knowledge
    days = _days(beside)
    indication = judge_indication(exposures, setting.diagnoses, knowledge)
    sources = sources_of([each.sources for each in exposures])
    because = f"{counted(days, 'day', 'days')} beside an antidepressant"
    grade = TrialGrade.NOT_COUNTED
    if indication.verdict is Verdict.NOT_MET:
        because = f"{because}; {indication.because}"
    elif days < knowledge.trd.augmentation_min_overlap_days:
        because = f"{because}, {knowledge.trd.augmentation_min_overlap_days} at dose are needed"
    elif knowledge.trd.augmentation == "ignore":
        because = f"{because}; the rule is set not to count augmentation"
    elif knowledge.trd.augmentation == "supporting":
        grade, because = TrialGrade.INDETERMINATE, f"{because}; it supports, and is no trial"
    else:
        grade, because = _as_trial(exposures, beside, setting)
    return _treatment(name, "augmentation", grade, because, sources)


def _days(stretches: Iterable[Stretch]) -> int:
    return sum(stretch.span.days for stretch in stretches)


def _as_trial(
    exposures: Sequence[Exposure], beside: tuple[Stretch, ...], setting: TrialSetting
) -> tuple[TrialGrade, str]:
    """Grade the longest run of an augmentation like a trial, where the rule is set so."""
    knowledge = setting.knowledge
    runs = split_into_runs(beside, knowledge.trd.within_trial_gap_days)
    days, run = max(((_days(each.stretches), each) for each in runs), key=lambda pair: pair[0])
    adequacy = Adequacy(
        finding=Finding(verdict=Verdict.MET, because=f"{days} days beside an antidepressant"),
        gaps=(),
        days=days,
        counted=run.stretches,
        highest_mg=None,
    )
    judged = judge_response(run, adequacy, exposures, setting.evidence, knowledge)
    because = f"{adequacy.finding.because}; {judged.finding.because}"
    if judged.response is Response.FAILED and days >= knowledge.trd.min_days_adequate:
        return TrialGrade.ADEQUATE_FAILED, because
    if judged.response in {Response.RESPONDED, Response.STOPPED_FOR_OTHER_REASON}:
        return TrialGrade.NOT_COUNTED, because
    return TrialGrade.INDETERMINATE, because


def _ketamines(facts: Facts, setting: TrialSetting) -> Iterable[SupportingTreatment]:
    """Esketamine by sessions in a window, ketamine by infusions given for depression."""
    trd = setting.knowledge.trd
    for name, exposures in _by_name(facts.exposures, "supporting"):
        needs_reason = any(
            use.drug == name and use.effect is OtherUseEffect.NEEDS_REASON
            for use in setting.knowledge.drugs.other_uses
        )
        indication = judge_indication(exposures, setting.diagnoses, setting.knowledge)
        days = _session_days(exposures, setting)
        sources = sources_of([each.sources for each in exposures])
        if needs_reason:
            enough = len(days) >= trd.min_infusions_ketamine
            because = f"{counted(len(days), 'infusion', 'infusions')} in the episode"
            if indication.verdict is Verdict.NOT_MET:
                enough, because = False, f"{because}; {indication.because}"
        else:
            most = _most_within(days, trd.esketamine_window_days)
            enough = most >= trd.grey_sessions_esketamine
            because = f"{counted(most, 'session', 'sessions')} in {trd.esketamine_window_days} days"
            if enough and most < trd.min_sessions_esketamine:
                because += f", fewer than the {trd.min_sessions_esketamine} of a full course"
        grade = TrialGrade.INDETERMINATE if enough else TrialGrade.NOT_COUNTED
        yield _treatment(name, name, grade, because, sources)


def _session_days(exposures: Iterable[Exposure], setting: TrialSetting) -> list[date]:
    return sorted(
        {
            each.start.latest
            for each in exposures
            if each.kind is ExposureKind.ADMINISTRATION
            and each.start is not None
            and setting.episode.start <= each.start.latest <= setting.as_of
        }
    )


def _most_within(days: Sequence[date], window_days: int) -> int:
    """The largest number of session days in any window; the days are sorted, each once."""
    return max(
        (
            bisect_left(days, plus_days(first, window_days)) - position
            for position, first in enumerate(days)
        ),
        default=0,
    )


def _neuromodulation(facts: Facts, setting: TrialSetting) -> Iterable[SupportingTreatment]:
    trd, sets = setting.knowledge.trd, setting.knowledge.value_sets
    needed = {"ect": trd.min_ect_treatments, "rtms": trd.min_rtms_sessions, "vns": 1}
    for set_name, minimum in needed.items():
        sessions = [
            each
            for each in facts.procedures
            if sets[set_name].find(each.codes) is not None
            and each.date is not None
            and each.date.earliest >= setting.episode.start
        ]
        if sessions:
            grade = TrialGrade.INDETERMINATE if len(sessions) >= minimum else TrialGrade.NOT_COUNTED
            because = f"{counted(len(sessions), 'treatment', 'treatments')} in the episode"
            if grade is TrialGrade.NOT_COUNTED:
                because = f"{because}, {number(minimum)} are needed"
            sources = sources_of([each.sources for each in sessions])
            yield _treatment(sets[set_name].title, "neuromodulation", grade, because, sources)


def _treatment(
    treatment: str, kind: str, grade: TrialGrade, because: str, sources: tuple[str, ...]
) -> SupportingTreatment:
    verdict = Verdict.NOT_MET if grade is TrialGrade.NOT_COUNTED else Verdict.CANNOT_TELL
    return SupportingTreatment(
        treatment=treatment,
        kind=kind,
        grade=grade,
        finding=Finding(
            verdict=verdict,
            because=because,
            citations=("trd.augmentation",),
            sources=sources,
        ),
    )
