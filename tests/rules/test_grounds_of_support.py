"""Does every answer about what a drug was given for, or beside, give its whole ground?"""

import pytest

from rules.episodes import Episode
from rules.exposures import cover
from rules.facts import Diagnosis, Exposure
from rules.findings import Finding, SupportingTreatment, TrialGrade, Verdict
from rules.indication import judge_indication
from rules.knowledge import Knowledge
from rules.resistance_statement import find_statement
from rules.response import TrialEvidence
from rules.serum_level import judge_level
from rules.sessions import drugs_by_name
from rules.trial_candidate import TrialSetting
from rules.trial_entry import find_trial_exclusions
from tests.rules.trial_cases import MDD, NOW, Pieces, judged, later
from tests.support.build import (
    ARIPIPRAZOLE,
    AS_OF,
    SERTRALINE,
    Piece,
    administration,
    day,
    diagnosis,
    dispense,
    drug,
    facts,
    icd,
    loinc,
    measurement,
    order,
    refills,
    snomed,
)
from tests.support.variants import with_codes

START = "2025-12-20"
USES = ("rules/drugs/other_uses.csv",)
AUGMENTATION = ("trd.augmentation",)
DULOXETINE = drug("duloxetine")
KETAMINE = drug("ketamine", "supporting")
LITHIUM = drug("lithium", "augmentation")
QUETIAPINE = drug("quetiapine", "augmentation")
LEVEL = "14334-7"
RESISTANT = snomed("1153570009")
INSOMNIA = diagnosis("G47.00")
BACK_PAIN = diagnosis("M54.50")
ANXIETY = diagnosis("F41.1")


@pytest.fixture
def site(knowledge: Knowledge) -> Knowledge:
    """Give the knowledge of a site that says under which code it sends lithium levels."""
    return with_codes(knowledge, "serum-lithium", {loinc(LEVEL): "lithium level"})


def level(value: str, on: str) -> Piece:
    return measurement(LEVEL, value, on, unit="mmol/L")


@pytest.mark.parametrize(
    ("given", "others", "expected"),
    [
        (
            dispense(SERTRALINE, START, reasons=(icd("F41.1"),)),
            [ANXIETY],
            Finding(
                verdict=Verdict.NOT_MET,
                because="given for another reason: anxiety, trauma or eating disorder; no "
                "depression is coded as present",
                citations=USES,
                sources=("MedicationDispense/sertraline-2025-12-20",),
            ),
        ),
        (
            dispense(QUETIAPINE, START),
            [MDD, INSOMNIA],
            Finding(
                verdict=Verdict.NOT_MET,
                because="no depression reason is recorded for it, and a diagnosis it is also used "
                "for is coded: psychosis, mania, delirium, nausea or insomnia",
                citations=USES,
                sources=INSOMNIA.sources,
            ),
        ),
        (
            dispense(DULOXETINE, START),
            [MDD, BACK_PAIN],
            Finding(
                verdict=Verdict.CANNOT_TELL,
                because="no depression reason is recorded for it, and a diagnosis it is also used "
                "for is coded: nerve or muscle pain, or stress incontinence",
                citations=USES,
                sources=BACK_PAIN.sources,
            ),
        ),
    ],
    ids=["anxiety alone", "a diagnosis that removes", "a diagnosis that leaves it open"],
)
def test_a_doubt_about_the_indication_gives_its_grounds(
    given: Exposure, others: list[Diagnosis], expected: Finding, knowledge: Knowledge
) -> None:
    assert judge_indication([given], others, knowledge) == expected


@pytest.mark.parametrize(("recorded", "stands"), [("2025-12-19", False), (START, True)])
def test_a_statement_of_resistance_stands_from_the_first_day_of_the_episode(
    recorded: str, stands: bool, knowledge: Knowledge
) -> None:
    stated = diagnosis(RESISTANT, recorded=recorded)
    nothing = Finding(verdict=Verdict.MET, because="")
    episode = Episode(
        start=day(START), unclear_before=None, looks_back_to=day("2024-06-30"), finding=nothing
    )
    setting = TrialSetting(
        episode=episode,
        evidence=TrialEvidence(totals=()),
        diagnoses=(stated,),
        as_of=AS_OF,
        knowledge=knowledge,
    )
    expected = SupportingTreatment(
        treatment="Treatment resistant depression",
        kind="statement",
        grade=TrialGrade.INDETERMINATE,
        finding=Finding(
            verdict=Verdict.CANNOT_TELL,
            because=f"coded by a clinician (recorded {START}); it supports, and shows no trial",
            citations=AUGMENTATION,
            sources=stated.sources,
        ),
    )
    assert find_statement(facts(stated), setting) == ((expected,) if stands else ())


@pytest.mark.parametrize(
    ("day_of_lithium", "counts"), [(-1, False), (0, True), (60, True), (61, False)]
)
def test_a_level_counts_from_the_first_day_to_the_day_after_the_last(
    day_of_lithium: int, counts: bool, site: Knowledge
) -> None:
    beside = cover([dispense(LITHIUM, START, 60)], AS_OF, site)
    on = later(START, day_of_lithium)
    expected = Finding(
        verdict=Verdict.MET,
        because=f"highest blood level 0.5 mmol/L on {on}",
        citations=("rules/drugs/augmenters.csv",),
        sources=(f"Observation/14334-7-{on}",),
    )
    told = judge_level(beside, facts(level("0.5", on)), site)
    assert told == (expected if counts else None)


def test_the_highest_of_several_levels_is_told_with_the_sources_of_all(site: Knowledge) -> None:
    beside = cover([dispense(LITHIUM, START, 60)], AS_OF, site)
    given = facts(level("0.4", "2026-01-10"), level("0.3", "2026-02-01"))
    assert judge_level(beside, given, site) == Finding(
        verdict=Verdict.NOT_MET,
        because="highest blood level 0.4 mmol/L on 2026-01-10, below 0.5",
        citations=("rules/drugs/augmenters.csv",),
        sources=("Observation/14334-7-2026-02-01", "Observation/14334-7-2026-01-10"),
    )


def test_the_entries_of_one_drug_come_oldest_first_and_the_undated_before_all() -> None:
    late = administration(KETAMINE, "2026-02-01")
    early = administration(KETAMINE, "2026-01-01")
    undated = administration(KETAMINE, None)
    other = administration(drug("esketamine", "supporting"), "2026-03-01")
    given = [late, dispense(SERTRALINE, START), undated, early, other]
    assert list(drugs_by_name(given, "supporting")) == [
        ("esketamine", [other]),
        ("ketamine", [undated, early, late]),
    ]


OPEN_ORDER = order(ARIPIPRAZOLE, "2026-01-10", None, mg=5, status="active")
LITHIUM_SUPPLY = dispense(LITHIUM, "2026-01-10", 30, mg=900)
LOW_LEVEL = level("0.4", "2026-01-20")
QUETIAPINE_SUPPLY = dispense(QUETIAPINE, "2026-01-10", 30, mg=150)


@pytest.mark.parametrize(
    ("pieces", "grade", "because", "sources"),
    [
        (
            [OPEN_ORDER],
            TrialGrade.INDETERMINATE,
            "129 days beside an antidepressant (2026-01-10 to 2026-05-18); it supports, and is no "
            "trial",
            OPEN_ORDER.sources,
        ),
        (
            [LITHIUM_SUPPLY, LOW_LEVEL],
            TrialGrade.NOT_COUNTED,
            "30 days beside an antidepressant (2026-01-10 to 2026-02-08); highest blood level 0.4 "
            "mmol/L on 2026-01-20, below 0.5",
            ("MedicationDispense/lithium-2026-01-10", "Observation/14334-7-2026-01-20"),
        ),
        (
            [QUETIAPINE_SUPPLY, INSOMNIA],
            TrialGrade.NOT_COUNTED,
            "30 days beside an antidepressant (2026-01-10 to 2026-02-08); no depression reason is "
            "recorded for it, and a diagnosis it is also used for is coded: psychosis, mania, "
            "delirium, nausea or insomnia",
            QUETIAPINE_SUPPLY.sources,
        ),
    ],
    ids=["still open", "a low level", "another use"],
)
def test_an_augmentation_gives_its_whole_ground(
    pieces: Pieces, grade: TrialGrade, because: str, sources: tuple[str, ...], site: Knowledge
) -> None:
    (told,) = judged(site, MDD, NOW, refills(SERTRALINE, START, 150), pieces).supporting
    counts = grade is TrialGrade.INDETERMINATE
    verdict = Verdict.CANNOT_TELL if counts else Verdict.NOT_MET
    assert (told.kind, told.grade) == ("augmentation", grade)
    assert told.finding == Finding(
        verdict=verdict, because=because, citations=AUGMENTATION, sources=sources
    )


@pytest.mark.parametrize(
    ("ended", "excluded"), [("2026-06-30", True), ("2025-12-29", True), ("2025-12-28", False)]
)
def test_a_substance_use_disorder_that_is_over_counts_for_half_a_year(
    ended: str, excluded: bool, knowledge: Knowledge
) -> None:
    alcohol = diagnosis("F10.20", onset="2015-01-01", abatement=ended)
    words = "people with a substance use disorder in the last 6 months were excluded from the trial"
    told = find_trial_exclusions(facts(alcohol), (), AS_OF, knowledge)
    assert told == ((words,) if excluded else ())
