"""What do the symptom scores say about the response to one trial?

Each scale speaks for itself: first by its change from a baseline, then, without one, by its level.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from rules.adequacy import Adequacy
from rules.clinical_time import Span, merge_spans, overlap_days, plus_days
from rules.findings import Finding, Verdict
from rules.knowledge.model import Knowledge
from rules.plain_words import percent, sources_of
from rules.severity import Total
from rules.trials import Run


class Response(Enum):
    """What the record says about the response to one trial."""

    FAILED = "failed"
    RESPONDED = "responded"
    STOPPED_FOR_OTHER_REASON = "stopped_for_other_reason"
    NOT_SHOWN = "not_shown"
    NOTHING_FOUND = "nothing_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFinding:
    """The response with its grounds. finding is MET where failure is shown."""

    response: Response
    finding: Finding


def judge_scales(
    run: Run, adequacy: Adequacy, totals: Iterable[Total], knowledge: Knowledge
) -> ResponseFinding:
    """Judge the response by the symptom scores of each scale alone; scales are never mixed.

    Units: points and fractions of the baseline. Source: rule.md section 4.7 ranks 2 and 3; a
    response that is lost again before the end score leaves failure open (1.1, documented response).
    Unknown input: no score in the windows is NOTHING_FOUND, scales that contradict each other are
    NOT_SHOWN.
    """
    by_scale: dict[str, list[Total]] = {}
    for total in totals:
        by_scale.setdefault(total.scale.key, []).append(total)
    found = [
        finding
        for scored in by_scale.values()
        if (finding := _judge_one_scale(run, adequacy, scored, knowledge)) is not None
    ]
    decided = {each.response for each in found} & {Response.FAILED, Response.RESPONDED}
    if len(decided) > 1:
        return not_shown("the symptom scales contradict each other", found, run)
    for each in found:
        if each.response in decided:
            return each
    if found:
        return found[0]
    nothing = not_shown("no symptom score or stop reason was found for it", [], run)
    return replace(nothing, response=Response.NOTHING_FOUND)


def not_shown(because: str, found: Sequence[ResponseFinding], run: Run) -> ResponseFinding:
    """Say that the response is not shown, resting on what was found or else on the run itself."""
    sources = sources_of([each.finding.sources for each in found]) or run.sources
    return ResponseFinding(
        response=Response.NOT_SHOWN,
        finding=Finding(
            verdict=Verdict.CANNOT_TELL,
            because=because,
            citations=("trd.require_response_evidence",),
            sources=sources,
        ),
    )


def _judge_one_scale(
    run: Run, adequacy: Adequacy, totals: Sequence[Total], knowledge: Knowledge
) -> ResponseFinding | None:
    scores = _end_scores(run, adequacy, totals, knowledge)
    if not scores:
        return None
    baseline = _baseline(run, totals, knowledge)
    *before, found = [_by_baseline(run, adequacy, baseline, each, knowledge) for each in scores]
    lost = [each for each in before if each.response is Response.RESPONDED]
    if found.response is Response.FAILED and lost:
        return _not_kept(lost[-1], scores[-1])
    return found


def _by_baseline(
    run: Run, adequacy: Adequacy, baseline: Total | None, end: Total, knowledge: Knowledge
) -> ResponseFinding:
    if baseline is None:
        return _by_level(run, adequacy, end, "without an earlier score", knowledge)
    if baseline.value >= baseline.scale.min_baseline:
        return _by_change(baseline, end, knowledge)
    low = f"from a baseline too low to compare with ({baseline.words})"
    found = _by_level(run, adequacy, end, low, knowledge)
    sources = sources_of([baseline.sources, end.sources])
    return replace(found, finding=replace(found.finding, sources=sources))


def _not_kept(responded: ResponseFinding, end: Total) -> ResponseFinding:
    """A response on the drug that was lost again is no failure to respond, and no success."""
    because = f"{responded.finding.because}, then {_points(end)}: it did not last"
    sources = sources_of([responded.finding.sources, end.sources])
    return _scored(Response.NOT_SHOWN, because, sources)


def _baseline(run: Run, totals: Sequence[Total], knowledge: Knowledge) -> Total | None:
    """The last score on or before the start inside the window, else the first one after it."""
    start, trd = run.span.start, knowledge.trd
    before = [
        total
        for total in totals
        if plus_days(start, -trd.baseline_before_days) <= total.day <= start
    ]
    if before:
        return max(before, key=lambda total: (total.day, total.value))
    after = [
        total for total in totals if start < total.day <= plus_days(start, trd.baseline_after_days)
    ]
    return min(after, key=lambda total: (total.day, -total.value), default=None)


def _end_scores(
    run: Run, adequacy: Adequacy, totals: Sequence[Total], knowledge: Knowledge
) -> list[Total]:
    """The scores late enough in the trial and while the dose was adequate, or soon after.

    The last of them is the end score; of one day the better one.
    """
    trd = knowledge.trd
    earliest = plus_days(run.span.start, trd.end_score_min_days)
    dosed = merge_spans(
        Span(stretch.span.start, plus_days(stretch.span.end, trd.end_score_after_days))
        for stretch in adequacy.counted
        if stretch.span.days
    )
    inside = [
        total
        for total in totals
        if earliest <= total.day
        and overlap_days(dosed, Span(total.day, plus_days(total.day, 1))) > 0
    ]
    return sorted(inside, key=lambda total: (total.day, -total.value))


def _by_change(baseline: Total, end: Total, knowledge: Knowledge) -> ResponseFinding:
    change = (baseline.value - end.value) / baseline.value
    words = f"{baseline.words}, {_points(end)} ({_change_words(change)})"
    sources = sources_of([baseline.sources, end.sources])
    if change >= knowledge.trd.response_fraction or end.value <= end.scale.remission_max:
        return _scored(Response.RESPONDED, f"response: {words}", sources)
    if end.value < end.scale.moderate:
        because = f"partial improvement to a mild score: {words}"
        return _scored(Response.NOT_SHOWN, because, sources)
    partial = change >= knowledge.trd.partial_fraction
    kind = "partial response below one half" if partial else "no response"
    return _scored(Response.FAILED, f"{kind}: {words}", sources)


def _points(total: Total) -> str:
    return total.words.removeprefix(f"{total.scale.name} ")


def _change_words(change: Decimal) -> str:
    if change > 0:
        return f"{percent(change)} lower"
    return "unchanged" if change == 0 else f"{percent(-change)} higher"


def _by_level(
    run: Run, adequacy: Adequacy, end: Total, why: str, knowledge: Knowledge
) -> ResponseFinding:
    """Without a usable baseline only a clear level speaks: still moderate, or in remission."""
    if end.value <= end.scale.remission_max:
        return _scored(Response.RESPONDED, f"remission: {end.words}", end.sources)
    days = adequacy.holds(Span(run.span.start, end.day))
    if end.value < end.scale.moderate or days < knowledge.trd.absolute_min_adequate_days:
        because = f"{why}, {end.words} does not show whether it worked"
        return _scored(Response.NOT_SHOWN, because, end.sources)
    because = f"no response: {end.words} after {days} covered days, {why}"
    return _scored(Response.FAILED, because, end.sources)


def _scored(response: Response, because: str, sources: tuple[str, ...]) -> ResponseFinding:
    verdicts = {
        Response.FAILED: Verdict.MET,
        Response.RESPONDED: Verdict.NOT_MET,
        Response.NOT_SHOWN: Verdict.CANNOT_TELL,
    }
    return ResponseFinding(
        response=response,
        finding=Finding(
            verdict=verdicts[response],
            because=because,
            citations=("trd.response_fraction", "trd.end_score_min_days"),
            sources=sources,
        ),
    )
