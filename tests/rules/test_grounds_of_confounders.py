"""Does each confounder give its whole ground, and does an illness near a sample keep to its day?"""

import pytest

from rules.acute_illness import AcutePeriod, find_acute_periods, judge_near_sample
from rules.assessment import assess
from rules.confounders import find_confounders
from rules.current_state import describe_drugs, find_pregnancy
from rules.findings import Confounder, Finding, InflammationStatus, ResultLabel, Verdict
from rules.knowledge import Knowledge
from rules.marker_change import explain_marker_change
from tests.rules.patients import IBUPROFEN
from tests.support.build import (
    AS_OF,
    Piece,
    crp,
    day,
    diagnosis,
    dispense,
    facts,
    loinc,
    measurement,
    snomed,
    span,
    unread,
    vaccination,
)
from tests.support.variants import with_codes, with_parameters


def confounders(knowledge: Knowledge, *pieces: Piece) -> tuple[Confounder, ...]:
    patient = facts(pieces)
    acute = find_acute_periods(patient, AS_OF, knowledge)
    return find_confounders(patient, acute, (), AS_OF, knowledge).found


def of_rule_7(kind: str, name: str, because: str, source: str) -> Confounder:
    return Confounder(
        kind=kind,
        name=name,
        finding=Finding(
            verdict=Verdict.MET, because=because, citations=("rule 7",), sources=(source,)
        ),
    )


def test_a_low_filtration_rate_gives_its_grounds(knowledge: Knowledge) -> None:
    site = with_codes(knowledge, "glomerular-filtration-rate", {loinc("98979-8"): ""})
    measured = measurement(
        "98979-8", "45.0", "2026-03-01", unit="mL/min/{1.73_m2}", sources=("Observation/egfr",)
    )
    assert confounders(site, measured) == (
        of_rule_7(
            "kidney_disease",
            "Chronic kidney disease",
            "filtration rate 45 mL/min/1.73 m² on 2026-03-01",
            "Observation/egfr",
        ),
    )


def test_current_smoking_gives_its_grounds(knowledge: Knowledge) -> None:
    smokes = measurement(
        "72166-2",
        None,
        "2026-01",
        answers=(snomed("449868002"),),
        sources=("Observation/smokes",),
    )
    assert confounders(knowledge, smokes) == (
        of_rule_7("smoking", "smoking", "current smoking recorded 2026-01", "Observation/smokes"),
    )


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        ("J18.9", "acute_infection", "respiratory infection"),
        ("S72.001A", "acute_injury", "injury"),
    ],
)
def test_an_undated_acute_illness_gives_its_grounds(
    code: str, kind: str, name: str, knowledge: Knowledge
) -> None:
    ill = diagnosis(code, sources=("Condition/ill",))
    assert confounders(knowledge, ill) == (
        of_rule_7(kind, name, f"{name} coded, undated", "Condition/ill"),
    )


@pytest.mark.parametrize(
    "dates",
    [
        {"onset": "2025-12-31"},
        {"recorded": "2025-12-31"},
        {"onset": "2025-12-30", "recorded": "2025-12-31"},
    ],
    ids=str,
)
def test_an_injury_of_long_ago_that_nobody_closed_is_not_undated(
    dates: dict[str, str], knowledge: Knowledge
) -> None:
    assert confounders(knowledge, diagnosis("S72.001A", **dates)) == ()


def test_of_two_cancers_the_later_one_is_named_whatever_their_sources(
    knowledge: Knowledge,
) -> None:
    earlier = diagnosis("C18.9", onset="2015-01-01", sources=("Condition/a",))
    later = diagnosis("C50.919", recorded="2024-01-01", sources=("Condition/b",))
    (named,) = confounders(knowledge, earlier, later)
    assert named.finding == Finding(
        verdict=Verdict.MET,
        because="cancer coded 2024-01-01",
        citations=("rule 7",),
        sources=("Condition/b",),
    )


@pytest.mark.parametrize(
    ("piece", "kind", "because"),
    [
        (
            measurement("11778-8", None, "2026-12-01", sources=("Observation/p",)),
            "pregnancy",
            "delivery expected 2026-12-01",
        ),
        (
            measurement("11778-8", None, "2026-06-01", sources=("Observation/p",)),
            "postpartum",
            "delivery expected 2026-06-01",
        ),
        (
            measurement(
                "82810-3",
                None,
                "2026-06-01",
                answers=(loinc("LA15173-0"),),
                sources=("Observation/p",),
            ),
            "pregnancy",
            "pregnancy recorded 2026-06-01",
        ),
    ],
    ids=["expected", "past its day", "recorded"],
)
def test_a_pregnancy_or_a_delivery_gives_its_grounds(
    piece: Piece, kind: str, because: str, knowledge: Knowledge
) -> None:
    assert find_pregnancy(facts(piece), AS_OF, knowledge) == (
        Confounder(
            kind=kind,
            name=kind,
            finding=Finding(
                verdict=Verdict.MET,
                because=because,
                citations=("rule 7", "rule 8.1"),
                sources=("Observation/p",),
            ),
        ),
    )


def test_a_drug_is_named_with_its_latest_day_whatever_comes_last() -> None:
    supplies = [dispense(IBUPROFEN, "2026-06-20"), dispense(IBUPROFEN, "2026-06-10")]
    assert describe_drugs(supplies) == "ibuprofen (2026-06-20)"


def test_a_vaccination_is_an_acute_period_of_its_own_kind(knowledge: Knowledge) -> None:
    acute = with_parameters(knowledge, {"marker.vaccination_is_acute": True})
    given = vaccination("2026-05-26", sources=("Immunization/v",))
    assert find_acute_periods(facts(given), AS_OF, acute) == (
        AcutePeriod(
            kind="vaccination",
            name="vaccination",
            span=span("2026-05-26", "2026-05-27"),
            sources=("Immunization/v",),
            open=False,
        ),
    )
    near = judge_near_sample(
        day("2026-06-01"), find_acute_periods(facts(given), AS_OF, acute), acute
    )
    assert near is not None
    assert near.citations == ("marker.vaccination_before_days",)


@pytest.mark.parametrize(
    ("onset", "label"),
    [("2026-06-08", ResultLabel.CONFOUNDED), ("2026-06-09", ResultLabel.RAISED)],
)
def test_a_result_is_confounded_by_what_is_near_its_own_day(
    onset: str, label: ResultLabel, knowledge: Knowledge
) -> None:
    ill = diagnosis("J18.9", onset=onset, clinical_status="resolved")
    told = assess(facts(crp("4.2", "2026-06-01"), ill), AS_OF, knowledge).inflammation
    assert [(each.date, each.label) for each in told.results] == [(day("2026-06-01"), label)]


def test_a_normal_result_stays_open_where_drugs_could_not_be_read(knowledge: Knowledge) -> None:
    normal = crp("1.2", "2026-06-01", sources=("Observation/crp",))
    told = assess(facts(normal, unread("MedicationStatement")), AS_OF, knowledge).inflammation
    assert told.status is InflammationStatus.UNKNOWN
    assert told.finding == Finding(
        verdict=Verdict.CANNOT_TELL,
        because="hs-CRP 1.2 mg/L on 2026-06-01, below the cut-off, but a drug that makes CRP "
        "unreadable may be missing: the server answered 403",
        citations=("rule 6.4", "marker.crp_low_mg_l", "marker.recency_days"),
        sources=("Observation/crp",),
    )
    assert told.would_change == (
        "the medication statements of the record",
        "a CRP within 180 days",
    )


@pytest.mark.parametrize(
    ("key", "status", "notes", "named"),
    [
        (
            "marker.min_days_between",
            "raised_once",
            (),
            "a second raised CRP at least 1 day apart, with no normal one between",
        ),
        (
            "marker.il6_blocker_washout_days",
            "unknown",
            ("il6_blockade",),
            "a CRP more than 1 day after the IL-6 blocker",
        ),
        ("marker.recency_days", "stale", (), "a CRP within 1 day"),
    ],
)
def test_a_site_that_asks_for_one_day_reads_of_one_day(
    key: str, status: str, notes: tuple[str, ...], named: str, knowledge: Knowledge
) -> None:
    site = with_parameters(knowledge, {key: 1})
    assert explain_marker_change(InflammationStatus(status), notes, None, site) == (named,)
