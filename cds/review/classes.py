"""Where does a decision stand in the reviewers' queue, and what of it stayed open?"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from cds.decision import Outcome
from cds.outcome import OutcomeKind, find_outcome
from rules.findings import (
    Assessment,
    InflammationStatus,
    ResistanceStatus,
    TrialGrade,
    Verdict,
    Withheld,
)
from rules.order_findings import OrderAssessment


class ReviewClass(Enum):
    """The six classes of a decision; each decision has one.

    SHOWN: a card was sent. SILENT: a card was due, and only recorded. SWITCHED_OFF: nothing was
    evaluated. COULD_NOT_TELL: no card, because something that decides is missing. NEAR_MISS: no
    card, and one single thing found otherwise would have made an evidence card due. NOTHING_TO_SAY:
    no card, and more than one thing speaks for that.

    The one thing of a near miss is one of four: the only reason for which a card is withheld; a
    marker below its cut-off where treatment resistance is met; one failed trial too few beside a
    raised marker; a current score that is too low beside a raised marker and enough trials. What
    is only missing makes no near miss: that is COULD_NOT_TELL.
    """

    SHOWN = "shown"
    SILENT = "silent"
    NEAR_MISS = "near_miss"
    COULD_NOT_TELL = "could_not_tell"
    NOTHING_TO_SAY = "nothing_to_say"
    SWITCHED_OFF = "switched_off"


# What can stay open, as it is kept with a decision, and the words for it on a page.
OPEN_CRITERIA: Mapping[str, str] = {
    "treatment_resistance": "Treatment resistance",
    "trials": "A trial that may count",
    "symptom_score": "No usable symptom score",
    "inflammation": "CRP",
    "confounders": "What else could move the CRP",
    "exclusions": "What withholds a card",
    "experimental_order": "Order of an experimental drug",
    "depression": "Depression, for a draft order",
    "record": "Part of the record",
}

# No trial, score or marker changes that a person has died.
_FINAL = "deceased"
_RAISED = frozenset({InflammationStatus.RAISED_PERSISTENT, InflammationStatus.RAISED_ONCE})
_OPEN_GRADES = frozenset({TrialGrade.INDETERMINATE, TrialGrade.UNPLACEABLE})


def classify(
    assessment: Assessment | OrderAssessment | None,
    outcome: Outcome,
    *,
    shown: bool,
    cards: Sequence[object],
    trials_needed: int,
) -> ReviewClass:
    """Say where a decision stands in the queue.

    assessment: None where nothing was evaluated. shown: the cards were sent. cards: those that
    were written. trials_needed: the parameter trd.min_failed_trials.
    """
    if outcome == "switched_off" or assessment is None:
        return ReviewClass.SWITCHED_OFF
    if cards:
        return ReviewClass.SHOWN if shown else ReviewClass.SILENT
    if isinstance(assessment, OrderAssessment):
        return _of_orders(assessment)
    if find_outcome(assessment).kind is OutcomeKind.COULD_NOT_TELL:
        return ReviewClass.COULD_NOT_TELL
    near = _is_near_miss(assessment, trials_needed)
    return ReviewClass.NEAR_MISS if near else ReviewClass.NOTHING_TO_SAY


def criteria_left_open(assessment: Assessment | OrderAssessment | None) -> tuple[str, ...]:
    """Give the keys of OPEN_CRITERIA that stayed open, in that order; none for no assessment."""
    if assessment is None:
        return ()
    if isinstance(assessment, OrderAssessment):
        found = set(_open_of_orders(assessment))
    else:
        found = set(_open_of_patient(assessment))
    if assessment.gaps:
        found.add("record")
    return tuple(key for key in OPEN_CRITERIA if key in found)


def _of_orders(assessment: OrderAssessment) -> ReviewClass:
    if _withheld_once(assessment.withheld):
        return ReviewClass.NEAR_MISS
    if assessment.finding.verdict is Verdict.CANNOT_TELL:
        return ReviewClass.COULD_NOT_TELL
    return ReviewClass.NOTHING_TO_SAY


def _is_near_miss(assessment: Assessment, needed: int) -> bool:
    if assessment.withheld:
        return _withheld_once(assessment.withheld)
    resistance, marker = assessment.treatment_resistance.status, assessment.inflammation.status
    if resistance is ResistanceStatus.MET:
        return marker is InflammationStatus.NORMAL
    if resistance is not ResistanceStatus.NOT_MET or marker not in _RAISED:
        return False
    return _one_step_from_resistance(assessment, needed)


def _withheld_once(withheld: Sequence[Withheld]) -> bool:
    return len(withheld) == 1 and withheld[0].reason != _FINAL


def _one_step_from_resistance(assessment: Assessment, needed: int) -> bool:
    """Whether one failed trial more, or a score high enough, would complete a raised marker.

    Beside a marker that is raised repeatedly, trials that may count are enough; beside one that
    was raised once, only trials that count in full are.
    """
    failed, open_trials = _count_trials(assessment)
    is_repeated = assessment.inflammation.status is InflammationStatus.RAISED_PERSISTENT
    counted = failed + open_trials if is_repeated else failed
    too_few = failed + open_trials < needed
    return counted + 1 >= needed if too_few else counted >= needed


def _count_trials(assessment: Assessment) -> tuple[int, int]:
    """Count trials in full and trials that may count; all support together adds one at most."""
    resistance = assessment.treatment_resistance
    grades = [each.grade for each in resistance.trials]
    support = [each.grade for each in resistance.supporting]
    failed = (*grades, *support).count(TrialGrade.ADEQUATE_FAILED)
    supported = TrialGrade.INDETERMINATE in support
    return failed, grades.count(TrialGrade.INDETERMINATE) + supported


def _open_of_patient(assessment: Assessment) -> Iterator[str]:
    resistance, inflammation = assessment.treatment_resistance, assessment.inflammation
    if resistance.finding.verdict is Verdict.CANNOT_TELL:
        yield "treatment_resistance"
    if any(each.grade in _OPEN_GRADES for each in resistance.trials):
        yield "trials"
    if resistance.latest_score is None:
        yield "symptom_score"
    if inflammation.finding.verdict is Verdict.CANNOT_TELL:
        yield "inflammation"
    if assessment.confounders_unread:
        yield "confounders"
    if any(each.finding.verdict is Verdict.CANNOT_TELL for each in assessment.withheld):
        yield "exclusions"


def _open_of_orders(assessment: OrderAssessment) -> Iterator[str]:
    if assessment.finding.verdict is Verdict.CANNOT_TELL:
        yield "experimental_order"
    if assessment.depression.verdict is Verdict.CANNOT_TELL:
        yield "depression"
