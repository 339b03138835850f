"""How does each antidepressant trial count?

Adequacy, response, indication, adherence and place in time are judged on their own; here they
meet. Every gap is named, and a trial with more gaps than the rule allows does not count.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from rules.adequacy import GAP_OF_DOSE, Adequacy, DoseClass, classify_dose, judge_adequacy
from rules.adherence import judge_adherence
from rules.clinical_time import Span
from rules.exposures import Stretch
from rules.facts import Exposure
from rules.findings import Finding, TrialGrade, Verdict
from rules.indication import judge_indication
from rules.knowledge.model import Knowledge
from rules.plain_words import counted, sources_of
from rules.record_status import status_is_unclear
from rules.response import judge_response
from rules.scale_response import Response
from rules.trial_candidate import TrialCandidate, TrialSetting
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
    best = min(attempts, key=_preference, default=None)
    if best is not None and best.adequacy is not None and _can_count(best.adequacy):
        return best
    return _without_days(course, setting) or best or _outside_episode(course, setting)


def _excluded(course: Course, setting: TrialSetting) -> str | None:
    """Why a course can never count, whatever its length and dose."""
    if course.not_for_depression is not None:
        return f"not a product for depression: {course.not_for_depression}"
    if len(course.never_filled) == len(course.exposures):
        return (
            f"no dispense followed the order within {setting.knowledge.trd.fill_within_days} days"
        )
    indication = judge_indication(course.exposures, setting.diagnoses, setting.knowledge)
    return indication.because if indication.verdict is Verdict.NOT_MET else None


def _settled(course: Course, grade: TrialGrade, because: str) -> TrialCandidate:
    return TrialCandidate(course=course, run=None, adequacy=None, because=(because,), settled=grade)


def _runs_in_episode(course: Course, setting: TrialSetting) -> list[Run]:
    window = Span(setting.episode.start, setting.as_of)
    return [part for run in course.runs if (part := run.within(window)) is not None]


def _attempt(course: Course, run: Run, setting: TrialSetting) -> TrialCandidate:
    """Judge one run as the trial of its course."""
    knowledge = setting.knowledge
    adequacy = judge_adequacy(run, knowledge)
    candidate = TrialCandidate(
        course=course,
        run=run,
        adequacy=adequacy,
        because=(adequacy.finding.because,),
        settled=None if _can_count(adequacy) else TrialGrade.NOT_COUNTED,
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
    return _with_doubts(candidate, adequacy.counted, setting)


def _with_response(
    candidate: TrialCandidate, run: Run, adequacy: Adequacy, setting: TrialSetting
) -> TrialCandidate:
    judged = judge_response(
        run, adequacy, candidate.course.exposures, setting.evidence, setting.knowledge
    )
    candidate = replace(
        candidate,
        because=(*candidate.because, judged.finding.because),
        sources=sources_of([candidate.sources, judged.finding.sources]),
    )
    if judged.response in _ENDED_WITHOUT_FAILURE:
        return replace(candidate, settled=TrialGrade.NOT_COUNTED)
    if judged.response is Response.NOT_SHOWN and setting.knowledge.trd.require_response_evidence:
        return candidate.with_gap(TrialGap.NO_RESPONSE_EVIDENCE, judged.finding.because)
    return candidate


def _with_doubts(
    candidate: TrialCandidate, stretches: Sequence[Stretch], setting: TrialSetting
) -> TrialCandidate:
    """Add the gaps that are neither dose, length nor response."""
    knowledge, course = setting.knowledge, candidate.course
    indication = judge_indication(course.exposures, setting.diagnoses, knowledge)
    if indication.verdict is Verdict.CANNOT_TELL:
        candidate = candidate.with_gap(TrialGap.INDICATION_UNCLEAR, indication.because)
    if _rests_on(stretches, lambda each: each.drug_from_text, knowledge):
        candidate = candidate.with_gap(TrialGap.CODE_FREE_TEXT)
    if _rests_on(stretches, lambda each: status_is_unclear(each, knowledge.records), knowledge):
        candidate = candidate.with_gap(TrialGap.STATUS_UNCLEAR)
    behind_silence = setting.episode.unclear_before
    ended = stretches[-1].span.end
    if behind_silence is not None and ended <= behind_silence:
        candidate = candidate.with_gap(TrialGap.EPISODE_UNCLEAR)
    adherence = judge_adherence(course, setting.as_of, knowledge)
    same_missing_fills = candidate.has(TrialGap.DURATION_NEAR) and candidate.has(
        TrialGap.NO_RESPONSE_EVIDENCE
    )
    if adherence.verdict is Verdict.NOT_MET and not same_missing_fills:
        candidate = candidate.with_gap(TrialGap.ADHERENCE_DOUBT, adherence.because)
    return candidate


def _rests_on(
    stretches: Sequence[Stretch], doubtful: Callable[[Exposure], bool], knowledge: Knowledge
) -> bool:
    """Say whether the days left without the doubtful exposures are too few."""
    sure = sum(each.span.days for each in stretches if not doubtful(each.exposure))
    needed = min(sum(each.span.days for each in stretches), knowledge.trd.min_days_adequate)
    return sure < needed or any(
        doubtful(each.exposure) and not each.span.days for each in stretches
    )


def _without_days(course: Course, setting: TrialSetting) -> TrialCandidate | None:
    """Judge a course whose decisive exposures have no length, or no date at all."""
    for exposure in course.of_unknown_length:
        start = exposure.start
        if start is None or start.latest < setting.episode.start:
            continue
        dose = classify_dose(exposure, setting.knowledge)
        if dose not in {DoseClass.ADEQUATE, *GAP_OF_DOSE}:
            continue
        return _of_unknown_length(course, exposure, start.latest, dose, setting)
    if course.undated:
        return _settled(
            course, TrialGrade.UNPLACEABLE, "recorded without a date that could place it"
        )
    return None


def _of_unknown_length(
    course: Course, exposure: Exposure, start: date, dose: DoseClass, setting: TrialSetting
) -> TrialCandidate:
    stretch = Stretch(
        span=Span(start, start), dose=exposure.dose, drug=exposure.drug, exposure=exposure
    )
    run = Run(stretches=(stretch,))
    adequacy = Adequacy(
        finding=Finding(
            verdict=Verdict.CANNOT_TELL,
            because=f"recorded from {start.isoformat()}, and how long it was taken is not recorded",
            sources=exposure.sources,
        ),
        gaps=(TrialGap.DURATION_UNKNOWN, *([GAP_OF_DOSE[dose]] if dose in GAP_OF_DOSE else [])),
        days=0,
        counted=(stretch,),
        highest_mg=exposure.dose.high_mg,
    )
    candidate = TrialCandidate(
        course=course,
        run=run,
        adequacy=adequacy,
        because=(adequacy.finding.because,),
        sources=adequacy.finding.sources,
    )
    for gap in adequacy.gaps:
        candidate = candidate.with_gap(gap)
    return _with_doubts(_with_response(candidate, run, adequacy, setting), (stretch,), setting)


def _outside_episode(course: Course, setting: TrialSetting) -> TrialCandidate:
    """Name a course that lies before the episode, and whether it would have counted there."""
    runs = [judge_adequacy(run, setting.knowledge) for run in course.runs]
    adequate = any(_can_count(each) for each in runs)
    before = setting.episode.start == setting.episode.looks_back_to
    where = "before the look-back" if before else "outside the current episode"
    because = f"{'long enough at its dose, but ' if adequate else ''}{where}"
    return _settled(course, TrialGrade.NOT_COUNTED, because)


def _can_count(adequacy: Adequacy) -> bool:
    return adequacy.finding.verdict is not Verdict.NOT_MET


def _crosses_boundary(course: Course, part: Run) -> bool:
    return not any(run.span.start == part.span.start for run in course.runs)


def _preference(candidate: TrialCandidate) -> tuple[bool, int, int, date]:
    """Sort first the run that counts best: not settled, fewest gaps, most days, earliest."""
    days = candidate.adequacy.days if candidate.adequacy else 0
    start = candidate.run.span.start if candidate.run else date.max
    return (candidate.settled is not None, len(candidate.gaps), -days, start)
