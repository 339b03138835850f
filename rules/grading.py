"""How does each antidepressant trial count?

Every gap is named, and a trial with more gaps than the rule allows does not count.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rules.adequacy import (
    GAP_OF_DOSE,
    Adequacy,
    DoseClass,
    classify_dose,
    judge_adequacy,
    of_unknown_length,
)
from rules.adherence import judge_adherence, judge_denial
from rules.clinical_time import Span
from rules.exposures import Stretch
from rules.facts import Exposure
from rules.findings import TrialGrade, Verdict
from rules.indication import judge_indication, may_be_smoking_cessation
from rules.plain_words import counted, sources_of
from rules.record_status import status_is_unclear
from rules.response import judge_response
from rules.scale_response import Response
from rules.trial_candidate import (
    TrialCandidate,
    TrialSetting,
    exposures_of,
    preference,
    rests_on,
)
from rules.trial_gaps import TrialGap
from rules.trials import Course, Run

_ENDED_WITHOUT_FAILURE = {Response.RESPONDED, Response.STOPPED_FOR_OTHER_REASON}


def propose_trial(course: Course, setting: TrialSetting) -> TrialCandidate:
    """Judge one course at its best inside the current episode.

    Source: rule.md sections 1.1 and 4. A product or reason that is not for depression, and an
    order never filled, settle it first; then the best run inside the episode speaks; a course
    without placeable days is told as such. Unknown input: undated exposures are "unplaceable",
    an unknown length is a gap.
    """
    excluded = _excluded(course, setting)
    if excluded is not None:
        return _settled(course, TrialGrade.NOT_COUNTED, excluded)
    attempts = [_attempt(course, run, setting) for run in _runs_in_episode(course, setting)]
    best = min(attempts, key=preference, default=None)
    if best is not None and (best.adequacy is None or best.adequacy.can_count):
        return best
    return _without_days(course, setting) or best or _outside_episode(course, setting)


def _excluded(course: Course, setting: TrialSetting) -> str | None:
    """Why a course can never count, whatever its length and dose."""
    if course.not_for_depression is not None:
        return f"not a product for depression: {course.not_for_depression}"
    if len(course.never_filled) == len(course.exposures):
        days = setting.knowledge.trd.fill_within_days
        written = max(each.start.text for each in course.never_filled if each.start is not None)
        return f"no dispense followed the prescription of {written} within {days} days"
    return None


def _settled(course: Course, grade: TrialGrade, because: str) -> TrialCandidate:
    return TrialCandidate(course=course, run=None, adequacy=None, because=(because,), settled=grade)


def _runs_in_episode(course: Course, setting: TrialSetting) -> list[Run]:
    window = Span(setting.episode.start, setting.as_of)
    return [part for run in course.runs if (part := run.within(window)) is not None]


def _attempt(course: Course, run: Run, setting: TrialSetting) -> TrialCandidate:
    """Judge one run as the trial of its course."""
    knowledge = setting.knowledge
    exposures = exposures_of(course, run, setting.as_of, knowledge)
    indication = judge_indication(exposures, setting.diagnoses, knowledge)
    if indication.verdict is Verdict.NOT_MET:
        return replace(_settled(course, TrialGrade.NOT_COUNTED, indication.because), run=run)
    adequacy = judge_adequacy(run, knowledge)
    candidate = TrialCandidate(
        course=course,
        run=run,
        adequacy=adequacy,
        because=(adequacy.finding.because,),
        settled=None if adequacy.can_count else TrialGrade.NOT_COUNTED,
        sources=adequacy.finding.sources,
    )
    if candidate.settled is not None:
        return candidate
    if _crosses_boundary(course, run) and adequacy.days < knowledge.trd.min_days_adequate:
        inside = f"only {counted(adequacy.days, 'adequate day lies', 'adequate days lie')} inside "
        return replace(
            candidate, settled=TrialGrade.NOT_COUNTED, because=(f"{inside}the current episode",)
        )
    for gap in adequacy.gaps:
        candidate = candidate.with_gap(gap)
    candidate = _with_response(candidate, run, adequacy, setting)
    return _with_doubts(candidate, run, adequacy.counted, setting)


def _with_response(
    candidate: TrialCandidate, run: Run, adequacy: Adequacy, setting: TrialSetting
) -> TrialCandidate:
    exposures = exposures_of(candidate.course, run, setting.as_of, setting.knowledge)
    judged = judge_response(run, adequacy, exposures, setting.evidence, setting.knowledge)
    candidate = replace(
        candidate,
        response=judged.response,
        failure=judged.finding.because if judged.response is Response.FAILED else "",
        because=(*candidate.because, judged.finding.because),
        sources=sources_of([candidate.sources, judged.finding.sources]),
    )
    if judged.response in _ENDED_WITHOUT_FAILURE:
        return replace(candidate, settled=TrialGrade.NOT_COUNTED)
    if judged.response is not Response.FAILED:
        return candidate.with_gap(TrialGap.NO_RESPONSE_EVIDENCE, judged.finding.because)
    return candidate


def _with_doubts(
    candidate: TrialCandidate, run: Run, stretches: Sequence[Stretch], setting: TrialSetting
) -> TrialCandidate:
    """Add the gaps that are neither dose, length nor response."""
    knowledge = setting.knowledge
    candidate = _with_indication(candidate, run, setting)
    if rests_on(stretches, lambda each: each.drug_from_text, knowledge):
        candidate = candidate.with_gap(TrialGap.CODE_FREE_TEXT)
    if rests_on(stretches, lambda each: status_is_unclear(each, knowledge.records), knowledge):
        candidate = candidate.with_gap(TrialGap.STATUS_UNCLEAR)
    behind_silence = setting.episode.unclear_before
    ended = stretches[-1].span.end
    if behind_silence is not None and ended <= behind_silence:
        candidate = candidate.with_gap(TrialGap.EPISODE_UNCLEAR)
    return _with_adherence(candidate, run, setting)


def _with_indication(candidate: TrialCandidate, run: Run, setting: TrialSetting) -> TrialCandidate:
    """Add the gap of a course that may have been given for something else."""
    knowledge, course = setting.knowledge, candidate.course
    exposures = exposures_of(course, run, setting.as_of, knowledge)
    indication = judge_indication(exposures, setting.diagnoses, knowledge)
    if indication.verdict is Verdict.CANNOT_TELL:
        return candidate.with_gap(TrialGap.INDICATION_UNCLEAR, indication.because)
    if may_be_smoking_cessation(exposures, run.span, course.beside_smoking, knowledge):
        because = "a short course beside another drug to stop smoking"
        return candidate.with_gap(TrialGap.INDICATION_UNCLEAR, because)
    return candidate


def _with_adherence(candidate: TrialCandidate, run: Run, setting: TrialSetting) -> TrialCandidate:
    """Judge whether it was taken: by what is reported, then by what was supplied."""
    course, as_of, knowledge = candidate.course, setting.as_of, setting.knowledge
    denial = judge_denial(course, run, as_of)
    if denial.verdict is Verdict.NOT_MET:
        return replace(
            candidate,
            settled=TrialGrade.NOT_COUNTED,
            because=(*candidate.because, denial.because),
            sources=sources_of([candidate.sources, denial.sources]),
        )
    if denial.verdict is Verdict.CANNOT_TELL:
        return candidate.with_gap(TrialGap.ADHERENCE_DOUBT, denial.because)
    adherence = judge_adherence(course, run, as_of, knowledge)
    same_missing_fills = candidate.has(TrialGap.DURATION_NEAR) and candidate.has(
        TrialGap.NO_RESPONSE_EVIDENCE
    )
    if adherence.verdict is Verdict.NOT_MET and not same_missing_fills:
        return candidate.with_gap(TrialGap.ADHERENCE_DOUBT, adherence.because)
    return candidate


def _without_days(course: Course, setting: TrialSetting) -> TrialCandidate | None:
    """Judge a course whose decisive exposures have no length, or no date at all."""
    missing = _without_known_days(course, setting)
    if not missing:
        return None
    indication = judge_indication(missing, setting.diagnoses, setting.knowledge)
    if indication.verdict is Verdict.NOT_MET:
        return _settled(course, TrialGrade.NOT_COUNTED, indication.because)
    counting = {DoseClass.ADEQUATE, *GAP_OF_DOSE}
    may_count = [each for each in missing if classify_dose(each, setting.knowledge) in counting]
    if not may_count:
        because = "recorded only at a dose or schedule that is no adequate one"
        return _settled(course, TrialGrade.NOT_COUNTED, because)
    undated = {id(each) for each in course.undated}
    attempts = [
        _of_unknown_length(course, each, each.start.latest, setting)
        for each in may_count
        if each.start is not None and id(each) not in undated
    ]
    because = "recorded without a date that could place it"
    unplaceable = _settled(course, TrialGrade.UNPLACEABLE, because)
    return min(attempts, key=preference, default=unplaceable)


def _without_known_days(course: Course, setting: TrialSetting) -> list[Exposure]:
    """What has no length or no date and may belong to the episode."""
    return [
        each
        for each in (*course.of_unknown_length, *course.undated)
        if each.start is None or each.start.latest >= setting.episode.start
    ]


def _of_unknown_length(
    course: Course, exposure: Exposure, start: date, setting: TrialSetting
) -> TrialCandidate:
    stretch = Stretch(
        span=Span(start, start), dose=exposure.dose, drug=exposure.drug, exposure=exposure
    )
    run = Run(stretches=(stretch,))
    adequacy = of_unknown_length(stretch, classify_dose(exposure, setting.knowledge))
    candidate = TrialCandidate(
        course=course,
        run=run,
        adequacy=adequacy,
        because=(adequacy.finding.because,),
        sources=adequacy.finding.sources,
    )
    for gap in adequacy.gaps:
        candidate = candidate.with_gap(gap)
    candidate = _with_response(candidate, run, adequacy, setting)
    return _with_doubts(candidate, run, (stretch,), setting)


def _outside_episode(course: Course, setting: TrialSetting) -> TrialCandidate:
    """Name a course that lies before the episode, and whether it would have counted there."""
    unfilled = {id(each) for each in course.never_filled}
    filled = [each for each in course.exposures if id(each) not in unfilled]
    started = [each.start.latest for each in filled if each.start is not None]
    if max(started, default=setting.as_of) >= setting.episode.start:
        return _settled(course, TrialGrade.NOT_COUNTED, "no day of it is covered yet")
    runs = [judge_adequacy(run, setting.knowledge) for run in course.runs]
    adequate = any(each.can_count for each in runs)
    limit = setting.episode.looks_back_to
    before = all(run.span.end <= limit for run in course.runs) and max(started) < limit
    where = "before the look-back" if before else "outside the current episode"
    because = f"{'long enough at its dose, but ' if adequate else ''}{where}"
    return _settled(course, TrialGrade.NOT_COUNTED, because)


def _crosses_boundary(course: Course, part: Run) -> bool:
    return not any(run.span.start == part.span.start for run in course.runs)
