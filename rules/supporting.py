"""Which other treatments support resistance without being a trial of their own?

Augmentation, esketamine, ketamine and neuromodulation: together they add at most one
indeterminate trial, unless the rule is set otherwise.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from rules.adequacy import Adequacy
from rules.clinical_time import Span, merge_spans
from rules.episodes import Episode
from rules.exposures import Stretch, adds_days, cover
from rules.facts import Exposure, Facts
from rules.findings import Finding, SupportingTreatment, TrialGrade, Verdict
from rules.indication import judge_indication
from rules.knowledge.drugs import Augmenter
from rules.knowledge.model import Knowledge
from rules.plain_words import counted, sources_of
from rules.resistance_statement import find_statement
from rules.response import judge_response
from rules.scale_response import Response
from rules.serum_level import judge_level
from rules.sessions import between, drugs_by_name, find_sessions, supporting_treatment
from rules.trial_candidate import TrialSetting
from rules.trials import Course, split_into_runs


def find_supporting(
    facts: Facts, courses: Iterable[Course], setting: TrialSetting
) -> tuple[SupportingTreatment, ...]:
    """List augmentation, esketamine, ketamine, neuromodulation and a coded statement of resistance.

    Units: days of overlap, sessions. Source: drugs.md sections 4 and 5, rule.md section 4.7 rank 4.
    Unknown input: a dose that is not recorded supports (it is never more than indeterminate);
    undated sessions and sessions outside the episode are not counted.
    """
    covered = merge_spans(
        stretch.span for course in courses for run in course.runs for stretch in run.stretches
    )
    return (
        *_augmentations(facts, covered, setting),
        *find_sessions(facts, setting),
        *find_statement(facts, setting),
    )


def _augmentations(
    facts: Facts, covered: tuple[Span, ...], setting: TrialSetting
) -> Iterable[SupportingTreatment]:
    for name, exposures in drugs_by_name(facts.exposures, "augmentation"):
        row = setting.knowledge.drugs.augmenters.get(name)
        known = [each for each in exposures if row is not None and not each.as_needed]
        level = None
        if row is not None and row.by_level:
            level = judge_level(_beside(known, covered, setting), facts, setting.knowledge)
        if row is not None and level is None:
            known = [each for each in known if _at_dose(each, row, setting.knowledge)]
        yield _augmentation(name, exposures, _beside(known, covered, setting), level, setting)


def _beside(
    exposures: Sequence[Exposure], covered: tuple[Span, ...], setting: TrialSetting
) -> tuple[Stretch, ...]:
    """The days of an augmentation that lie in the episode beside an antidepressant."""
    adding = adds_days(exposures, setting.as_of, setting.knowledge)
    stretches = cover(adding, setting.as_of, setting.knowledge)
    return _inside(stretches, covered, setting.episode)


def _at_dose(exposure: Exposure, row: Augmenter, knowledge: Knowledge) -> bool:
    dose = exposure.dose.high_mg
    least = knowledge.trd.min_lithium_mg_without_level if row.by_level else row.minimum_in_mg
    return dose is None or dose >= least


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
            parts.append(stretch.at(Span(start, end)))
            position += 1
    return tuple(part for part in parts if part.span.days > 0)


def _augmentation(
    name: str,
    exposures: Sequence[Exposure],
    beside: tuple[Stretch, ...],
    level: Finding | None,
    setting: TrialSetting,
) -> SupportingTreatment:
    knowledge = setting.knowledge
    days = _days(beside)
    indication = judge_indication(exposures, setting.diagnoses, knowledge)
    sources = sources_of([each.sources for each in exposures])
    because = f"{counted(days, 'day', 'days')} beside an antidepressant{between(beside)}"
    grade = TrialGrade.NOT_COUNTED
    if level is not None:
        sources = sources_of([sources, level.sources])
        because = f"{because}; {level.because}"
    if indication.verdict is Verdict.NOT_MET:
        because = f"{because}; {indication.because}"
    elif level is not None and level.verdict is Verdict.NOT_MET:
        grade = TrialGrade.NOT_COUNTED
    elif days < knowledge.trd.augmentation_min_overlap_days:
        because = f"{because}, {knowledge.trd.augmentation_min_overlap_days} at dose are needed"
    elif knowledge.trd.augmentation == "ignore":
        because = f"{because}; the rule is set not to count augmentation"
    elif knowledge.trd.augmentation == "supporting":
        grade, because = TrialGrade.INDETERMINATE, f"{because}; it supports, and is no trial"
    else:
        grade, because = _as_trial(exposures, beside, setting)
    return supporting_treatment(name, "augmentation", grade, because, sources)


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
