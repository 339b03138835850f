"""Did an adequate trial fail? Stop reasons and symptom scores, best evidence first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.adequacy import Adequacy
from rules.clinical_time import days_between, plus_days
from rules.facts import Exposure, Intolerance
from rules.findings import Finding, Verdict
from rules.knowledge.model import Knowledge
from rules.plain_words import listed, sources_of
from rules.scale_response import Response, ResponseFinding, judge_scales, not_shown
from rules.severity import Total
from rules.trials import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEvidence:
    """What may speak about the response to the trials: scores, oldest first, and intolerances."""

    totals: tuple[Total, ...]
    intolerances: tuple[Intolerance, ...] = ()


def judge_response(
    run: Run,
    adequacy: Adequacy,
    exposures: Sequence[Exposure],
    evidence: TrialEvidence,
    knowledge: Knowledge,
) -> ResponseFinding:
    """Judge whether a trial of adequate length and dose failed.

    Source: rule.md section 4.7 and 12 points 1 to 5. A coded lack of effect shows failure; the
    change on one scale comes next, then a high score without a baseline; a coded reason other
    than lack of effect, or an intolerance near the stop, ends the trial without failure unless a
    scale shows failure. Unknown input: nothing found, or reason and scale that contradict each
    other, is NOT_SHOWN.
    """
    by_scale = judge_scales(run, adequacy, evidence.totals, knowledge)
    lack = _coded(exposures, "stop-lack-of-effect", knowledge)
    if lack is not None:
        return _coded_lack_of_effect(lack, by_scale, run)
    if by_scale.response in {Response.FAILED, Response.RESPONDED}:
        return by_scale
    return _other_reason(run, exposures, evidence.intolerances, knowledge) or by_scale


def _coded(exposures: Iterable[Exposure], set_name: str, knowledge: Knowledge) -> Exposure | None:
    reasons = knowledge.value_sets[set_name]
    return next((each for each in exposures if reasons.find(each.stop_reasons)), None)


def _coded_lack_of_effect(
    stopped: Exposure, by_scale: ResponseFinding, run: Run
) -> ResponseFinding:
    if by_scale.response is Response.RESPONDED:
        because = f"coded reason and scale disagree: lack of effect, but {by_scale.finding.because}"
        return not_shown(because, [by_scale], run)
    parts = ["stopped for lack of effect (coded reason)"]
    if by_scale.response is Response.FAILED:
        parts.append(by_scale.finding.because)
    return ResponseFinding(
        response=Response.FAILED,
        finding=Finding(
            verdict=Verdict.MET,
            because=listed(parts),
            citations=("value set stop-lack-of-effect",),
            sources=sources_of([stopped.sources, by_scale.finding.sources]),
        ),
    )


def _other_reason(
    run: Run,
    exposures: Sequence[Exposure],
    intolerances: Iterable[Intolerance],
    knowledge: Knowledge,
) -> ResponseFinding | None:
    sources: tuple[str, ...] = ()
    for set_name in ("stop-adverse-reaction", "stop-other"):
        stopped = _coded(exposures, set_name, knowledge)
        if stopped is not None:
            label = knowledge.value_sets[set_name].title.lower()
            sources, because = stopped.sources, f"{label} (coded)"
            break
    else:
        reaction = _reaction_at_stop(run, intolerances, knowledge)
        if reaction is None or reaction.date is None:
            return None
        sources = reaction.sources
        because = f"an intolerance recorded {reaction.date.text}, near its end"
    return ResponseFinding(
        response=Response.STOPPED_FOR_OTHER_REASON,
        finding=Finding(
            verdict=Verdict.NOT_MET,
            because=because,
            citations=("trd.intolerance_window_days",),
            sources=sources,
        ),
    )


def _reaction_at_stop(
    run: Run, intolerances: Iterable[Intolerance], knowledge: Knowledge
) -> Intolerance | None:
    names = {stretch.drug.name for stretch in run.stretches}
    last = plus_days(run.span.end, -1)
    window = knowledge.trd.intolerance_window_days
    return next(
        (
            each
            for each in intolerances
            if each.drug.name in names
            and each.date is not None
            and abs(days_between(each.date.earliest, last)) <= window
            and abs(days_between(each.date.latest, last)) <= window
        ),
        None,
    )
