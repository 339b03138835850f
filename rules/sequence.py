"""How do the trials stand to each other: one after another, begun together, or the same twice?"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from rules.clinical_time import Span, days_between
from rules.knowledge.model import Knowledge
from rules.trial_candidate import TrialCandidate
from rules.trial_gaps import TrialGap
from rules.trials import Course


def compare_trials(
    candidates: Sequence[TrialCandidate], knowledge: Knowledge
) -> tuple[TrialCandidate, ...]:
    """Add the gaps that only a comparison shows: begun together, and not distinct.

    Source: rule.md sections 1.1, 4.5 and 12 point 12. Unknown input: what could not be placed or
    is settled takes no part.
    """
    placed = sorted(
        (each for each in candidates if each.settled is None and each.run is not None), key=_start
    )
    others = [each for each in candidates if each not in placed]
    compared = list(placed)
    for first, second in combinations(range(len(placed)), 2):
        if begun_together(placed[first], placed[second], knowledge):
            because = f"begun together with {placed[first].course.ingredient}"
            compared[second] = compared[second].with_gap(TrialGap.CONCURRENT_START, because)
    return (*_mark_repeated_groups(compared, knowledge), *others)


def begun_together(first: TrialCandidate, second: TrialCandidate, knowledge: Knowledge) -> bool:
    """Say whether the second of two trials belongs to one regimen with the first.

    Units: days and the fraction of the shorter run. A short overlap is a cross-taper; an add-on
    after enough adequate days of the first is a trial of its own. Source: rule.md section 4.5 and
    12 point 12; runs begun close together that overlap by more than a cross-taper but less than
    the regimen fraction are treated alike, because neither can be told apart from the other.
    """
    if first.run is None or second.run is None or first.adequacy is None:
        return False
    trd = knowledge.trd
    one, two = first.run.span, second.run.span
    shared = Span(max(one.start, two.start), min(one.end, two.end)).days
    shorter = min(one.days, two.days)
    if days_between(one.start, two.start) <= trd.concurrent_start_window_days and shorter:
        together = Decimal(shared) / Decimal(shorter) >= trd.concurrent_overlap_fraction
        if together:
            return True
    alone = first.adequacy.holds(Span(one.start, two.start))
    return shared > trd.cross_taper_max_days and alone < trd.min_days_adequate


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
    row = knowledge.drugs.antidepressants.get(course.exposures[0].drug.dose_row or "")
    if row is None or knowledge.trd.count_distinct_by == "ingredient":
        return course.ingredient
    if knowledge.trd.count_distinct_by == "class":
        return row.drug_class
    return row.equivalence_group


def _start(candidate: TrialCandidate) -> tuple[int, str]:
    ordinal = candidate.run.span.start.toordinal() if candidate.run else 0
    return (ordinal, candidate.course.ingredient)
