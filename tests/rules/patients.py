"""Which patients do the tests of markers, safety and cards begin with?

The standard patient has two failed trials, current depression and CRP raised twice: an evidence
card is due. A twin differs from her in the facts a test adds.
"""

from datetime import date

from rules.acute_illness import find_acute_periods
from rules.assessment import assess
from rules.completeness import unread, unread_medications
from rules.facts import Facts
from rules.findings import Assessment, Inflammation
from rules.il6_blockade import find_blockade
from rules.inflammation import judge_inflammation
from rules.knowledge import Knowledge
from rules.latest_result import MarkerSetting
from rules.markers import label_results
from tests.support.build import (
    AS_OF,
    MIRTAZAPINE,
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    crp,
    diagnosis,
    drug,
    facts,
    phq9,
    refills,
)

PREDNISONE = drug("prednisone", "corticosteroid")
IBUPROFEN = drug("ibuprofen", "nsaid")
ADALIMUMAB = drug("adalimumab", "immunosuppressant_biologic", "biologic")
ATORVASTATIN = drug("atorvastatin", "statin")
ACICLOVIR = drug("aciclovir", "antiviral_systemic")

RESISTANT: tuple[Piece, ...] = (
    diagnosis("F33.1"),
    *refills(SERTRALINE, "2025-09-15", 90),
    phq9(18, "2025-09-12"),
    phq9(15, "2025-11-20"),
    *refills(VENLAFAXINE, "2025-12-20", 120, mg="150"),
    phq9(16, "2026-03-10"),
    *refills(MIRTAZAPINE, "2026-04-25", 66, mg="30"),
    phq9(17, "2026-06-15"),
)
RAISED_TWICE: tuple[Piece, ...] = (crp("3.4", "2026-03-02"), crp("4.1", "2026-06-01"))


def evidence_patient(
    knowledge: Knowledge, *more: Piece, as_of: date = AS_OF, **person: str | bool
) -> Assessment:
    """Assess the standard patient with further facts."""
    known = facts(RESISTANT, RAISED_TWICE, more, **person)  # type: ignore[arg-type]
    return assess(known, as_of, knowledge)


def inflammation_of(
    knowledge: Knowledge, *pieces: Piece, as_of: date = AS_OF, known: Facts | None = None
) -> Inflammation:
    """Judge the marker alone, without the rest of the assessment."""
    patient = known or facts(pieces)
    return judge_inflammation(
        label_results(patient.markers, as_of, knowledge),
        MarkerSetting(
            acute_periods=find_acute_periods(patient, as_of, knowledge),
            blockade=find_blockade(patient, as_of, knowledge),
            unread=unread(patient, "Observation"),
            unread_drugs=next(iter(unread_medications(patient)), None),
            as_of=as_of,
            knowledge=knowledge,
        ),
    )
