"""Do the points of the rule that the project settled for markers, safety and cards hold?

Each test names the point of rule.md section 12, or the question of the vignettes, that it proves.
"""

import pytest

from rules.assessment import assess
from rules.findings import Assessment, Inflammation
from rules.knowledge import Knowledge
from tests.rules.patients import ADALIMUMAB, RESISTANT, evidence_patient, inflammation_of
from tests.support.build import (
    AS_OF,
    TOCILIZUMAB,
    Piece,
    administration,
    crp,
    day,
    diagnosis,
    dispense,
    facts,
    order,
    phq9,
    phq9_item9,
    statement,
)
from tests.support.variants import with_parameters


def told(found: Inflammation) -> tuple[str, set[str]]:
    return found.status.value, set(found.notes)


def cards(assessment: Assessment) -> list[str]:
    return [each.value for each in assessment.cards_due]


def test_12_17_a_biologic_leaves_the_marker_and_withholds_the_card(knowledge: Knowledge) -> None:
    found = evidence_patient(knowledge, dispense(ADALIMUMAB, "2026-06-16"))
    assert found.inflammation.status.value == "raised_persistent"
    assert [each.reason for each in found.withheld] == ["biologic"]


def test_12_17_an_il6_blocker_is_no_biologic_but_makes_the_marker_unreadable(
    knowledge: Knowledge,
) -> None:
    found = evidence_patient(knowledge, administration(TOCILIZUMAB, "2026-06-16"))
    assert told(found.inflammation) == ("unknown", {"il6_blockade"})
    assert found.withheld == ()


@pytest.mark.parametrize(
    ("onset", "withheld"), [("2026-06-01", []), ("2026-06-02", ["active_infection"])]
)
def test_12_18_an_active_infection_withholds_the_card_for_28_days(
    onset: str, withheld: list[str], knowledge: Knowledge
) -> None:
    raised_before = (crp("3.4", "2026-02-01"), crp("4", "2026-04-01"))
    patient = facts(RESISTANT, raised_before, diagnosis("A41.9", onset=onset))
    found = assess(patient, AS_OF, knowledge)
    assert found.inflammation.status.value == "raised_persistent"
    assert [each.reason for each in found.withheld] == withheld


@pytest.mark.parametrize(
    ("code", "on", "withheld"),
    [
        ("O80", "2026-04-07", ["postpartum"]),
        ("O82", "2026-04-07", ["postpartum"]),
        ("Z37.0", "2026-04-07", ["postpartum"]),
        ("Z39.2", "2026-04-07", ["postpartum"]),
        ("O80", "2026-04-06", []),
        ("Z39.1", "2020-01-01", ["breastfeeding"]),
    ],
)
def test_12_19_a_delivery_within_84_days_or_breastfeeding_withholds_the_card(
    code: str, on: str, withheld: list[str], knowledge: Knowledge
) -> None:
    found = evidence_patient(knowledge, diagnosis(code, onset=on))
    assert [each.reason for each in found.withheld] == withheld


def same_day(*pairs: tuple[str | None, str]) -> tuple[Piece, ...]:
    return tuple(
        crp(value, "2026-06-10", comparator=comparator, sources=(f"Observation/{number}",))
        for number, (comparator, value) in enumerate(pairs)
    )


@pytest.mark.parametrize(
    ("results", "status"),
    [
        (same_day((None, "3.4"), (None, "2.6")), "normal"),
        (same_day((None, "12"), (None, "4")), "raised_once"),
        (same_day(("<", "5"), (None, "6")), "raised_once"),
    ],
)
def test_12_22_the_lowest_uncensored_value_of_a_day_counts(
    results: tuple[Piece, ...], status: str, knowledge: Knowledge
) -> None:
    assert inflammation_of(knowledge, *results).status.value == status


def test_12_22_confounders_are_applied_after_the_choice_of_the_day(knowledge: Knowledge) -> None:
    infection = diagnosis("J18.9", onset="2026-06-10")
    lower = inflammation_of(knowledge, *same_day((None, "3.4"), (None, "2.6")), infection)
    assert told(lower) == ("normal", set())
    raised = inflammation_of(knowledge, *same_day((None, "12"), (None, "4")), infection)
    assert told(raised) == ("possible_acute", {"confounded"})


def test_12_23_only_a_bound_within_180_days_is_unknown_although_older_results_exist(
    knowledge: Knowledge,
) -> None:
    found = inflammation_of(
        knowledge, crp("4", "2025-10-01"), crp("5", "2026-06-01", comparator="<", code="1988-5")
    )
    assert told(found) == ("unknown", {"reporting_limit"})


def test_12_23_a_bound_older_than_180_days_is_stale(knowledge: Knowledge) -> None:
    found = inflammation_of(knowledge, crp("5", "2025-12-31", comparator="<"))
    assert told(found) == ("stale", set())


@pytest.mark.parametrize(
    ("between", "status"),
    [
        ((crp("1", "2026-04-10"),), "raised_once"),
        ((crp("12", "2026-04-10"),), "raised_persistent"),
        (
            (
                crp("5", "2026-04-10"),
                diagnosis("J18.9", onset="2026-04-10", abatement="2026-04-20"),
            ),
            "raised_persistent",
        ),
        ((crp("5", "2026-04-10", comparator="<"),), "raised_persistent"),
    ],
)
def test_12_24_only_a_normal_result_between_breaks_persistence(
    between: tuple[Piece, ...], status: str, knowledge: Knowledge
) -> None:
    found = inflammation_of(knowledge, crp("4", "2026-02-01"), *between, crp("4", "2026-06-10"))
    assert found.status.value == status


def test_12_24_a_confounded_result_is_none_of_the_two(knowledge: Knowledge) -> None:
    found = inflammation_of(
        knowledge,
        crp("5", "2026-04-10"),
        diagnosis("J18.9", onset="2026-04-10", clinical_status="resolved"),
        crp("4", "2026-06-10"),
    )
    assert told(found) == ("raised_once", set())


def test_12_25_close_and_normal_between_is_fluctuating(knowledge: Knowledge) -> None:
    found = inflammation_of(
        knowledge,
        crp("4", "2026-03-01"),
        crp("1", "2026-05-01"),
        crp("4", "2026-06-05"),
        crp("4", "2026-06-10"),
    )
    assert told(found) == ("raised_once", {"fluctuating"})


@pytest.mark.parametrize(
    ("instant", "on"),
    [
        ("2026-06-10T23:30:00-05:00", "2026-06-10"),
        ("2026-06-10T00:30:00+09:00", "2026-06-10"),
        ("2026-06-10T23:59:59Z", "2026-06-10"),
    ],
)
def test_12_26_a_day_is_the_local_date_as_written(
    instant: str, on: str, knowledge: Knowledge
) -> None:
    (result,) = inflammation_of(knowledge, crp("4", instant)).results
    assert result.date == day(on)


@pytest.mark.parametrize("text", ["0.42", "4.2", "12"])
def test_12_27_a_number_without_unit_in_a_text_is_not_read(text: str, knowledge: Knowledge) -> None:
    found = inflammation_of(knowledge, crp(None, unit=None, text=text))
    assert told(found) == ("unknown", {"no_unit"})


@pytest.mark.parametrize(
    ("last", "status"),
    [
        (administration(TOCILIZUMAB, "2026-05-01"), "unknown"),  # 60 days before T
        (administration(TOCILIZUMAB, "2026-04-30"), "normal"),
        (dispense(TOCILIZUMAB, "2026-04-04", 28), "unknown"),  # last day 2026-05-01
        (dispense(TOCILIZUMAB, "2026-04-03", 28), "normal"),
        (order(TOCILIZUMAB, "2026-04-04", 28), "unknown"),
        (statement(TOCILIZUMAB, "2026-01-01", "2026-05-01"), "unknown"),
        (statement(TOCILIZUMAB, "2026-01-01", "2026-04-30"), "normal"),
    ],
)
def test_12_28_the_last_dose_is_the_last_day_of_exposure(
    last: Piece, status: str, knowledge: Knowledge
) -> None:
    found = inflammation_of(knowledge, crp("1", "2026-06-30"), last)
    assert found.status.value == status


@pytest.mark.parametrize("status", ["active", "resolved", "inactive", "remission"])
def test_12_30_a_coded_attempt_counts_whatever_its_clinical_status(
    status: str, knowledge: Knowledge
) -> None:
    attempt = diagnosis("X78.9XXA", onset="2026-02-01", clinical_status=status)
    assert cards(evidence_patient(knowledge, attempt)) == ["safety"]


def test_12_30_item_9_of_an_unfinished_questionnaire_is_read_and_its_total_is_not(
    knowledge: Knowledge,
) -> None:
    found = evidence_patient(
        knowledge,
        phq9_item9(2, "2026-06-20", status="in-progress"),
        phq9(3, "2026-06-20", status="in-progress"),
    )
    assert cards(found) == ["safety"]
    assert found.treatment_resistance.status.value == "met"


@pytest.mark.parametrize(
    ("onset", "recorded", "status", "due"),
    [
        ("2025-12-29", None, "active", ["safety"]),
        ("2025-12-28", None, "active", ["evidence"]),
        ("2020-01-01", "2025-12-29", "active", ["safety"]),
        ("2025-12-29", None, "resolved", ["evidence"]),
    ],
)
def test_12_33a_active_ideation_counts_for_183_days(
    onset: str, recorded: str | None, status: str, due: list[str], knowledge: Knowledge
) -> None:
    ideation = diagnosis("R45.851", onset=onset, recorded=recorded, clinical_status=status)
    assert cards(evidence_patient(knowledge, ideation)) == due


@pytest.mark.parametrize(
    ("sample", "status", "notes"),
    [
        ("2026-02-28", "raised_once", set()),  # before the first dose
        ("2026-03-01", "unknown", {"il6_blockade"}),
        ("2026-04-30", "unknown", {"il6_blockade"}),  # 60 days after the last
        ("2026-05-01", "raised_once", set()),
    ],
)
def test_12_33b_a_sample_in_the_blockade_is_unusable_whenever_it_is_judged(
    sample: str, status: str, notes: set[str], knowledge: Knowledge
) -> None:
    found = inflammation_of(knowledge, crp("4", sample), administration(TOCILIZUMAB, "2026-03-01"))
    assert told(found) == (status, notes)


def test_12_33b_a_blocked_sample_gives_way_to_an_older_fresh_one(knowledge: Knowledge) -> None:
    found = inflammation_of(
        knowledge,
        crp("4", "2026-02-01"),
        administration(TOCILIZUMAB, "2026-03-01"),
        crp("0.3", "2026-03-20"),
    )
    assert told(found) == ("raised_once", set())


def test_q3_a_blockade_at_the_evaluation_makes_even_an_earlier_sample_unknown(
    knowledge: Knowledge,
) -> None:
    found = inflammation_of(
        knowledge, crp("4", "2026-04-01"), administration(TOCILIZUMAB, "2026-05-15")
    )
    assert told(found) == ("unknown", {"il6_blockade"})


@pytest.mark.parametrize(
    ("onset", "due"), [("2025-12-29", ["safety"]), ("2025-12-28", ["evidence"])]
)
def test_q4_six_months_are_183_days(onset: str, due: list[str], knowledge: Knowledge) -> None:
    assert cards(evidence_patient(knowledge, diagnosis("T14.91XA", onset=onset))) == due


def test_q5_a_marker_note_stands_beside_a_signal(knowledge: Knowledge) -> None:
    found = evidence_patient(knowledge, crp("15", "2026-06-20"), phq9_item9(2, "2026-06-15"))
    assert cards(found) == ["marker_note"]


def test_q5_a_data_gap_card_stands_beside_a_signal(knowledge: Knowledge) -> None:
    opted_in = with_parameters(knowledge, {"cards.data_gap_card": True})
    found = evidence_patient(
        opted_in, administration(TOCILIZUMAB, "2026-06-01"), phq9_item9(2, "2026-06-15")
    )
    assert cards(found) == ["data_gap"]


@pytest.mark.parametrize(("suppress", "due"), [(True, []), (False, ["evidence"])])
def test_q6_without_the_safety_card_the_evidence_stays_withheld_by_its_own_parameter(
    suppress: bool, due: list[str], knowledge: Knowledge
) -> None:
    changed = with_parameters(
        knowledge,
        {"safety.suicide_safety_card": "off", "safety.suppress_evidence_when_si": suppress},
    )
    assert cards(evidence_patient(changed, phq9_item9(2, "2026-06-15"))) == due


def test_q10_the_marker_note_is_due_for_a_possible_acute_cause(knowledge: Knowledge) -> None:
    assert cards(evidence_patient(knowledge, crp("15", "2026-06-20"))) == ["marker_note"]


@pytest.mark.parametrize("code", ["F05", "F06.31", "Z51.5", "Z33.1"])
def test_q11_only_the_evidence_card_is_withheld_and_the_status_stays(
    code: str, knowledge: Knowledge
) -> None:
    found = evidence_patient(knowledge, diagnosis(code))
    assert cards(found) == []
    assert found.treatment_resistance.status.value == "met"
