"""How do the trials stand to each other: one after another, begun together, or the same twice?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

from rules.adequacy import Adequacy
from rules.clinical_time import Span, days_between, plus_days
from rules.knowledge.model import Knowledge
from rules.plain_words import on
from rules.scale_response import Response
from rules.trial_candidate import TrialCandidate
from rules.trial_gaps import TrialGap
from rules.trials import Course, Run


def compare_trials(
    candidates: Sequence[TrialCandidate], knowledge: Knowledge
) -> tuple[TrialCandidate, ...]:
    """Add what only a comparison shows: begun together, not distinct, followed by another one.

    Source: rule.md sections 1.1, 4.5, 4.7 rank 5 and 12 point 12. Unknown input: what could not be
    placed or is settled takes no part.
    """
    placed = sorted(
        (each for each in candidates if each.settled is None and each.run is not None), key=_start
    )
    others = [each for each in candidates if each.settled is not None or each.run is None]
    compared = [_with_next_treatment(each, candidates, knowledge) for each in placed]
    for first, second in combinations(range(len(placed)), 2):
        if _is_one_regimen(placed[first], placed[second], knowledge):
            because = f"begun together with {placed[first].course.ingredient}"
            compared[second] = compared[second].with_gap(TrialGap.CONCURRENT_START, because)
    return (*_mark_repeated_groups(compared, knowledge), *others)


def _is_one_regimen(first: TrialCandidate, second: TrialCandidate, knowledge: Knowledge) -> bool:
    return (
        first.run is not None
        and first.adequacy is not None
        and second.run is not None
        and begun_together(first.run, first.adequacy, second.run, knowledge)
    )


def begun_together(first: Run, adequacy: Adequacy, second: Run, knowledge: Knowledge) -> bool:
    """Say whether the second of two runs belongs to one regimen with the first.

    Units: days and the fraction of the shorter run; `adequacy` is that of the first. A short
    overlap is a cross-taper; an add-on after enough adequate days of the first is a trial of its
    own. Source: rule.md section 4.5 and 12 point 12; runs begun close together that overlap by
    more than a cross-taper but less than the regimen fraction are treated alike, because neither
    can be told apart from the other. Unknown input: a run without days shares none.
    """
    trd = knowledge.trd
    one, two = first.span, second.span
    shared = Span(max(one.start, two.start), min(one.end, two.end)).days
    shorter = min(one.days, two.days)
    if days_between(one.start, two.start) <= trd.concurrent_start_window_days and shorter:
        together = Decimal(shared) / Decimal(shorter) >= trd.concurrent_overlap_fraction
        if together:
            return True
    alone = adequacy.holds(Span(one.start, two.start))
    return shared > trd.cross_taper_max_days and alone < trd.min_days_adequate


def _with_next_treatment(
    trial: TrialCandidate, candidates: Sequence[TrialCandidate], knowledge: Knowledge
) -> TrialCandidate:
    """Name the treatment begun in or soon after a trial on whose response nothing was found.

    It hints at failure; only where the rule is set so does it stand for response evidence.
    """
    if trial.response is not Response.NOTHING_FOUND or trial.run is None:
        return trial
    last = plus_days(trial.run.span.end, knowledge.trd.switch_signal_days - 1)
    following = [
        (day, name)
        for day, name in _starts_of_others(trial, candidates)
        if trial.run.span.start < day <= last
    ]
    if not following:
        return trial
    day, name = min(following)
    because = f"{name} was begun {on(day)} without a recorded reason"
    trial = replace(trial, because=(*trial.because, because))
    if knowledge.trd.require_response_evidence:
        return trial
    return trial.without_gap(TrialGap.NO_RESPONSE_EVIDENCE)


def _starts_of_others(
    trial: TrialCandidate, candidates: Sequence[TrialCandidate]
) -> list[tuple[date, str]]:
    starts = [(day, "another treatment") for day in trial.course.other_starts]
    for other in candidates:
        course = other.course
        if course.ingredient != trial.course.ingredient and course.not_for_depression is None:
            starts += [(run.span.start, course.ingredient) for run in course.runs]
            starts += [
                (e.start.latest, course.ingredient) for e in course.of_unknown_length if e.start
            ]
    return starts


def _mark_repeated_groups(
    candidates: Sequence[TrialCandidate], knowledge: Knowledge
) -> list[TrialCandidate]:
    """Count each group of equivalent drugs once: the best of a group stays as it is."""
    first_of_group: dict[str, TrialCandidate] = {}
    marked = []
    for each in sorted(candidates, key=lambda each: (len(each.gaps), _start(each))):
        group = group_of(each.course, knowledge)
        known = first_of_group.setdefault(group, each)
        if known is not each:
            because = f"closely related to {known.course.ingredient}, counted once"
            each = each.with_gap(TrialGap.DISTINCTNESS, because)  # noqa: PLW2901
        marked.append(each)
    return sorted(marked, key=_start)


def group_of(course: Course, knowledge: Knowledge) -> str:
    """Give what makes a course distinct, by the parameter `trd.count_distinct_by`.

    Source: drugs.md section 3. Unknown input: a drug without a row is a group of its own.
    """
    rows = (
        knowledge.drugs.antidepressants.get(exposure.drug.dose_row or "")
        for exposure in course.exposures
    )
    row = next((each for each in rows if each is not None), None)
    if row is None or knowledge.trd.count_distinct_by == "ingredient":
        return course.ingredient
    if knowledge.trd.count_distinct_by == "class":
        return row.drug_class
    return row.equivalence_group


def _start(candidate: TrialCandidate) -> tuple[int, str]:
    ordinal = candidate.run.span.start.toordinal() if candidate.run else 0
    return (ordinal, candidate.course.ingredient)
