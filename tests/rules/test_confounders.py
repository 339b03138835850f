"""Is each row of the confounder table found, within its window, and not beyond it?"""

from decimal import Decimal
from typing import Any

import pytest

from rules.acute_illness import find_acute_periods
from rules.confounders import ConfounderScan, find_confounders
from rules.knowledge import Knowledge
from tests.rules.patients import (
    ADALIMUMAB,
    ATORVASTATIN,
    IBUPROFEN,
    PREDNISONE,
    evidence_patient,
)
from tests.support.build import (
    AMOXICILLIN,
    AS_OF,
    TOCILIZUMAB,
    Piece,
    administration,
    bmi,
    day,
    diagnosis,
    dispense,
    drug,
    facts,
    loinc,
    measurement,
    snomed,
    statement,
    unread,
    vaccination,
)
from tests.support.variants import with_codes, with_parameters

EGFR = "98979-8"
EGFR_UNIT = "mL/min/{1.73_m2}"


def scan(knowledge: Knowledge, *pieces: Piece, samples: tuple[str, ...] = ()) -> ConfounderScan:
    patient = facts(pieces)
    acute = find_acute_periods(patient, AS_OF, knowledge)
    return find_confounders(patient, acute, [day(each) for each in samples], AS_OF, knowledge)


def kinds(knowledge: Knowledge, *pieces: Piece, samples: tuple[str, ...] = ()) -> list[str]:
    return [each.kind for each in scan(knowledge, *pieces, samples=samples).found]


def test_a_healthy_record_shows_no_confounder(knowledge: Knowledge) -> None:
    assert kinds(knowledge, diagnosis("F33.1")) == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("M05.9", "autoimmune_inflammatory"),
        ("M10.9", "autoimmune_inflammatory"),
        ("M14.80", "autoimmune_inflammatory"),
        ("M30.0", "autoimmune_inflammatory"),
        ("M36.0", "autoimmune_inflammatory"),
        ("M45.9", "autoimmune_inflammatory"),
        ("K50.90", "autoimmune_inflammatory"),
        ("K51.90", "autoimmune_inflammatory"),
        ("L40.0", "autoimmune_inflammatory"),
        ("D86.9", "autoimmune_inflammatory"),
        ("E05.00", "autoimmune_inflammatory"),
        ("E06.3", "autoimmune_inflammatory"),
        ("G35", "autoimmune_inflammatory"),
        ("I00", "autoimmune_inflammatory"),
        ("C50.919", "cancer"),
        ("D37.9", "cancer"),
        ("N18.3", "kidney_disease"),
        ("K70.30", "liver_disease"),
        ("E11.9", "cardiometabolic"),
        ("I25.10", "cardiometabolic"),
        ("G47.33", "cardiometabolic"),
        ("J44.9", "airway_disease"),
        ("J45.909", "airway_disease"),
        ("K05.30", "periodontal_disease"),
        ("Z33.1", "pregnancy"),
        ("E66.9", "obesity"),
        ("F17.210", "nicotine_dependence"),
        ("F10.20", "substance_use_disorder"),
        ("F19.20", "substance_use_disorder"),
        ("B20", "chronic_infection"),
        ("A15.0", "chronic_infection"),
        ("Z22.7", "chronic_infection"),
        ("B18.2", "chronic_infection"),
    ],
)
def test_each_diagnosis_of_the_table_is_a_confounder(
    code: str, kind: str, knowledge: Knowledge
) -> None:
    assert kinds(knowledge, diagnosis(code)) == [kind]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("M05.9", True),  # ever
        ("B20", True),  # ever
        ("N18.3", False),
        ("K70.30", False),
        ("E11.9", False),
        ("J45.909", False),
        ("E66.9", False),
        ("F17.210", False),
    ],
)
def test_what_must_be_active_does_not_count_once_it_is_resolved(
    code: str, found: bool, knowledge: Knowledge
) -> None:
    assert bool(kinds(knowledge, diagnosis(code, clinical_status="resolved"))) is found


@pytest.mark.parametrize(
    ("code", "dates", "found"),
    [
        ("C50.919", {"onset": "2021-06-29"}, False),  # 1827 days
        ("C50.919", {"onset": "2021-06-30"}, True),
        ("C50.919", {"onset": "2021-07-01"}, True),
        ("C50.919", {"onset": "2010-01-01", "abatement": "2024-01-01"}, True),
        ("C50.919", {"onset": "2010-01-01", "recorded": "2026-01-01"}, False),
        ("C50.919", {}, True),  # undated: it cannot be shown to be old
        ("F10.20", {"onset": "2025-06-29"}, False),  # 366 days
        ("F10.20", {"onset": "2025-06-30"}, True),
        ("F10.20", {"onset": "2025-07-01"}, True),
        ("F10.20", {"onset": "2010-01-01", "abatement": "2026-01-01"}, True),
    ],
)
def test_a_resolved_cancer_or_substance_use_disorder_counts_for_its_window(
    code: str, dates: dict[str, str], found: bool, knowledge: Knowledge
) -> None:
    pieces = diagnosis(code, clinical_status="resolved", **dates)
    assert bool(kinds(knowledge, pieces)) is found


@pytest.mark.parametrize(
    ("key", "code"),
    [("confounder.cancer_days", "C50.919"), ("confounder.substance_days", "F10.20")],
)
@pytest.mark.parametrize(("days", "found"), [(28, False), (29, True)])
def test_these_windows_are_parameters(
    key: str, code: str, days: int, found: bool, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {key: days})
    resolved = diagnosis(code, clinical_status="resolved", onset="2026-06-01")
    assert bool(kinds(changed, resolved)) is found


def test_an_old_active_cancer_counts(knowledge: Knowledge) -> None:
    assert kinds(knowledge, diagnosis("C50.919", onset="2010-01-01")) == ["cancer"]


@pytest.mark.parametrize(
    ("onset", "found"),
    [("2026-01-01", True), ("2025-12-31", False), ("2026-01-02", True)],
)
def test_an_acute_illness_is_listed_as_long_as_a_result_is_fresh(
    onset: str, found: bool, knowledge: Knowledge
) -> None:
    over = diagnosis("J18.9", onset=onset, clinical_status="resolved")
    assert bool(kinds(knowledge, over)) is found


@pytest.mark.parametrize("code", ["J18.9", "S72.001A"])
def test_an_undated_acute_illness_is_listed_while_it_is_active(
    code: str, knowledge: Knowledge
) -> None:
    (found,) = scan(knowledge, diagnosis(code)).found
    assert found.finding.because.endswith("coded, undated")
    assert kinds(knowledge, diagnosis(code, clinical_status="resolved")) == []


def test_of_several_entries_of_a_kind_the_latest_is_named(knowledge: Knowledge) -> None:
    pieces = [
        diagnosis("L03.90", onset="2026-03-01", clinical_status="resolved"),
        diagnosis("J18.9", onset="2026-05-01", clinical_status="resolved"),
        diagnosis("C50.919", onset="2015-01-01"),
        diagnosis("C18.9", onset="2024-01-01"),
        diagnosis("C34.90"),
    ]
    for ordered in (pieces, pieces[::-1]):
        assert [each.finding.because for each in scan(knowledge, *ordered).found] == [
            "respiratory infection on 2026-05-01",
            "cancer coded 2024-01-01",
        ]


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (PREDNISONE, "corticosteroid"),
        (IBUPROFEN, "nsaid"),
        (drug("aspirin", "aspirin"), "aspirin"),
        (ATORVASTATIN, "statin"),
        (drug("metformin", "metformin"), "metformin"),
        (drug("colchicine", "colchicine"), "colchicine"),
        (drug("methotrexate", "dmard"), "dmard"),
        (ADALIMUMAB, "immunosuppressant_biologic"),
        (TOCILIZUMAB, "il6_blocker"),
        (drug("estradiol", "oestrogen"), "oestrogen"),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_each_current_drug_of_the_table_is_a_confounder(
    what: Any, kind: str, knowledge: Knowledge
) -> None:
    assert kinds(knowledge, dispense(what, "2026-06-10")) == [kind]
    assert kinds(knowledge, dispense(what, "2025-06-10")) == []


def test_an_antibiotic_is_listed_with_its_course(knowledge: Knowledge) -> None:
    assert kinds(knowledge, dispense(AMOXICILLIN, "2026-05-10", 5)) == ["antibacterial_systemic"]


@pytest.mark.parametrize(
    ("sample", "found"),
    [("2026-03-15", True), ("2026-03-31", False), (None, False), ("2025-12-20", False)],
)
def test_a_drug_taken_at_the_sample_is_a_confounder_although_it_has_ended(
    sample: str | None, found: bool, knowledge: Knowledge
) -> None:
    course = dispense(PREDNISONE, "2026-03-01", 10)
    samples = () if sample is None else (sample,)
    assert bool(kinds(knowledge, course, samples=samples)) is found


def test_a_drug_that_has_ended_is_said_to_be_near_a_sample(knowledge: Knowledge) -> None:
    (found,) = scan(
        knowledge, dispense(PREDNISONE, "2026-03-01", 10), samples=("2026-03-05",)
    ).found
    assert found.finding.because == (
        "corticosteroids, taken near a sample: prednisone (2026-03-01)"
    )


def test_a_drug_at_a_stale_sample_is_no_confounder(knowledge: Knowledge) -> None:
    course = dispense(PREDNISONE, "2025-12-20", 5)
    assert kinds(knowledge, course, samples=("2025-12-31",)) == []
    assert kinds(knowledge, course, samples=("2026-01-01",)) == ["corticosteroid"]


def test_drugs_of_one_role_are_named_together(knowledge: Knowledge) -> None:
    (found,) = scan(
        knowledge,
        dispense(IBUPROFEN, "2026-06-10"),
        dispense(drug("diclofenac", "nsaid"), "2026-06-12"),
        administration(drug("diclofenac", "nsaid"), "2026-06-20"),
    ).found
    assert found.finding.because == (
        "non-steroidal anti-inflammatory drugs, current: "
        "diclofenac (2026-06-20), ibuprofen (2026-06-10)"
    )
    assert len(found.finding.sources) == 3


@pytest.mark.parametrize(
    ("value", "on", "found"),
    [
        ("29.9", "2026-05-02", False),
        ("30", "2026-05-02", True),
        ("30.1", "2026-05-02", True),
        ("38", "2025-06-29", False),  # 366 days
        ("38", "2025-06-30", True),
        ("38", "2025-07-01", True),
        ("38", "2025-06", True),
    ],
)
def test_obesity_is_a_recent_body_mass_index_of_30(
    value: str, on: str, found: bool, knowledge: Knowledge
) -> None:
    assert (kinds(knowledge, bmi(value, on)) == ["obesity"]) is found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"confounder.obesity_bmi": Decimal(38)}, True),
        ({"confounder.obesity_bmi": Decimal(39)}, False),
        ({"confounder.obesity_days": 59}, True),
        ({"confounder.obesity_days": 58}, False),
    ],
)
def test_obesity_is_a_parameter(changes: dict[str, Any], found: bool, knowledge: Knowledge) -> None:
    assert bool(kinds(with_parameters(knowledge, changes), bmi(38, "2026-05-02"))) is found


def test_the_latest_body_mass_index_decides(knowledge: Knowledge) -> None:
    assert kinds(knowledge, bmi(38, "2026-01-01"), bmi(29, "2026-05-01")) == []


def test_a_body_mass_index_without_a_value_says_nothing(knowledge: Knowledge) -> None:
    assert kinds(knowledge, measurement("39156-5", None, "2026-05-01")) == []


@pytest.mark.parametrize(
    ("value", "unit", "found"),
    [
        ("59.9", EGFR_UNIT, True),
        ("60", EGFR_UNIT, False),
        ("60.1", EGFR_UNIT, False),
        ("45", "mL/min/1.73m2", True),
        ("45", "ml/min/1.73 m2", True),
        ("0.5", "mL/s", False),
        ("45", None, False),
        (None, EGFR_UNIT, False),
    ],
)
def test_a_filtration_rate_below_60_is_kidney_disease(
    value: str | None, unit: str | None, found: bool, knowledge: Knowledge
) -> None:
    site = with_codes(knowledge, "glomerular-filtration-rate", {loinc(EGFR): ""})
    measured = measurement(EGFR, value, "2026-03-01", unit=unit)
    assert (kinds(site, measured) == ["kidney_disease"]) is found


def test_the_latest_filtration_rate_decides(knowledge: Knowledge) -> None:
    site = with_codes(knowledge, "glomerular-filtration-rate", {loinc(EGFR): ""})
    older = measurement(EGFR, 40, "2026-01-01", unit=EGFR_UNIT)
    assert kinds(site, older, measurement(EGFR, 70, "2026-03-01", unit=EGFR_UNIT)) == []


@pytest.mark.parametrize(("limit", "found"), [("50", False), ("51", True)])
def test_the_filtration_rate_is_a_parameter(limit: str, found: bool, knowledge: Knowledge) -> None:
    site = with_codes(knowledge, "glomerular-filtration-rate", {loinc(EGFR): ""})
    changed = with_parameters(site, {"confounder.ckd_egfr_below": Decimal(limit)})
    measured = measurement(EGFR, 50, "2026-03-01", unit=EGFR_UNIT)
    assert bool(kinds(changed, measured)) is found


def smoking(answer: str, on: str | None) -> Piece:
    return measurement("72166-2", None, on, answers=(snomed(answer),))


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        ((smoking("449868002", "2026-01-01"),), True),
        ((smoking("428041000124106", "2010-01-01"),), True),
        ((smoking("266919005", "2026-01-01"),), False),
        ((smoking("449868002", "2025-01-01"), smoking("266919005", "2026-01-01")), False),
        ((smoking("449868002", None),), False),
    ],
)
def test_smoking_is_the_latest_recorded_status(
    pieces: tuple[Piece, ...], found: bool, knowledge: Knowledge
) -> None:
    assert (kinds(knowledge, *pieces) == ["smoking"]) is found


@pytest.mark.parametrize(
    "resource_type",
    ["Condition", "Observation", "Procedure", "MedicationRequest", "MedicationDispense",
     "MedicationStatement", "MedicationAdministration"],
)  # fmt: skip
def test_each_type_that_could_not_be_read_is_named(
    resource_type: str, knowledge: Knowledge
) -> None:
    assert scan(knowledge, unread(resource_type)).unread == (resource_type,)


def test_a_type_in_which_no_confounder_is_looked_for_is_not_named(knowledge: Knowledge) -> None:
    assert scan(knowledge, unread("Encounter")).unread == ()


def test_a_recent_delivery_is_a_confounder(knowledge: Knowledge) -> None:
    assert kinds(knowledge, diagnosis("O80", onset="2026-06-01")) == ["postpartum"]


def test_an_active_statement_without_a_date_is_current(knowledge: Knowledge) -> None:
    assert kinds(knowledge, statement(ATORVASTATIN, None, status="active")) == ["statin"]


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("2026-05-24", []),
        ("2026-05-25", ["vaccination 2026-05-25, within 7 days before a sample"]),
        ("2026-05-26", ["vaccination 2026-05-26, within 7 days before a sample"]),
        ("2026-06-01", ["vaccination 2026-06-01, within 7 days before a sample"]),
        ("2026-06-02", []),
        ("2026-05", ["vaccination 2026-05, within 7 days before a sample"]),
        (None, []),
    ],
)
def test_a_vaccination_in_the_week_before_a_sample_is_listed(
    on: str | None, found: list[str], knowledge: Knowledge
) -> None:
    listed = evidence_patient(knowledge, vaccination(on)).confounders
    assert [each.finding.because for each in listed] == found


def test_of_several_vaccinations_the_latest_is_listed(knowledge: Knowledge) -> None:
    told = evidence_patient(knowledge, vaccination("2026-05-26"), vaccination("2026-05-28"))
    (listed,) = told.confounders
    assert "2026-05-28" in listed.finding.because
    assert listed.finding.sources == ("Immunization/vaccine-2026-05-28",)


def test_vaccinations_that_could_not_be_read_are_named(knowledge: Knowledge) -> None:
    assert evidence_patient(knowledge, unread("Immunization")).confounders_unread == (
        "Immunization",
    )
