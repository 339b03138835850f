"""What patient do the tests of the trial rules begin from?

Two trials failed in the current episode: sertraline, then venlafaxine. A test leaves out, adds or
changes one thing.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from rules.assessment import assess
from rules.facts import Facts
from rules.findings import GradedTrial, ResistanceStatus, TreatmentResistance
from rules.knowledge import Knowledge
from tests.support.build import (
    AS_OF,
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    day,
    diagnosis,
    facts,
    phq9,
    refills,
)

MDD = diagnosis("F33.1", onset="2025-09-01", recorded="2025-09-10")
NOW = phq9(17, "2026-06-15")
# 90 days of sertraline up to 2025-12-13, 120 days of venlafaxine up to 2026-04-18.
SERTRALINE_FAILED = (
    phq9(18, "2025-09-10"),
    refills(SERTRALINE, "2025-09-15", 90),
    phq9(17, "2025-12-01"),
)
VENLAFAXINE_SCORES = (phq9(15, "2025-11-20"), phq9(16, "2026-03-10"))
VENLAFAXINE_FAILED = (refills(VENLAFAXINE, "2025-12-20", 120, mg=150), VENLAFAXINE_SCORES)

Pieces = Piece | Iterable["Pieces"]


def later(start: str, days: int) -> str:
    """Give the day so many days after another; before it where the number is negative."""
    return (day(start) + timedelta(days=days)).isoformat()


def ago(days: int) -> str:
    return (AS_OF - timedelta(days=days)).isoformat()


def judged(
    knowledge: Knowledge, *pieces: Pieces, as_of: date = AS_OF, given: Facts | None = None
) -> TreatmentResistance:
    """Give the verdict on a patient made of these pieces alone."""
    return assess(given or facts(*pieces), as_of, knowledge).treatment_resistance  # type: ignore[arg-type]


def status(knowledge: Knowledge, *pieces: Pieces, as_of: date = AS_OF) -> str:
    return judged(knowledge, *pieces, as_of=as_of).status.value


def trial(told: TreatmentResistance, drug: str) -> GradedTrial:
    """Give the one trial of a drug."""
    (found,) = [each for each in told.trials if each.ingredient == drug]
    return found


def graded(told: TreatmentResistance, drug: str) -> tuple[str, set[str]]:
    """Give the grade of a trial and its gaps."""
    found = trial(told, drug)
    return found.grade.value, {gap.value for gap in found.gaps}


MET = ResistanceStatus.MET.value
POSSIBLE = ResistanceStatus.POSSIBLE.value
NOT_MET = ResistanceStatus.NOT_MET.value
INSUFFICIENT = ResistanceStatus.INSUFFICIENT_DATA.value
OUT_OF_SCOPE = ResistanceStatus.OUT_OF_SCOPE.value
