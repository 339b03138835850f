"""Does every decision get the class of the queue that its definition says?"""

from dataclasses import replace

import pytest

from cds.review.classes import (
    OPEN_CRITERIA,
    ReviewClass,
    classify,
    criteria_left_open,
)
from rules.findings import (
    Assessment,
    CardKind,
    Finding,
    InflammationStatus,
    ResistanceStatus,
    SupportingTreatment,
    TrialGrade,
    Verdict,
    Withheld,
)
from rules.order_findings import OrderAssessment
from tests.cds.assessments import (
    AS_OF,
    GAP,
    assessment,
    finding,
    trial,
    with_inflammation,
    with_resistance,
)

NEEDED = 2
FAILED, OPEN, NOT_COUNTED = (
    TrialGrade.ADEQUATE_FAILED,
    TrialGrade.INDETERMINATE,
    TrialGrade.NOT_COUNTED,
)


def judged(resistance: str, marker: str, *grades: TrialGrade) -> Assessment:
    trials = tuple(trial(f"drug {place}", grade=grade) for place, grade in enumerate(grades))
    given = with_resistance(
        assessment(cards_due=()), status=ResistanceStatus(resistance), trials=trials
    )
    return with_inflammation(given, status=InflammationStatus(marker))


def class_of(given: Assessment | OrderAssessment | None) -> str:
    return classify(given, "evaluated", shown=False, cards=(), trials_needed=NEEDED).value


def withheld(reason: str, verdict: Verdict = Verdict.MET) -> Withheld:
    return Withheld(reason=reason, finding=Finding(verdict=verdict, because="it is so"))


def of_orders(verdict: Verdict, *reasons: Withheld) -> OrderAssessment:
    found = Finding(verdict=verdict, because="about the draft")
    return OrderAssessment(
        as_of=AS_OF,
        rule_id="trd-default",
        rule_version="1",
        knowledge_version="1.0.0",
        knowledge_sha256="0" * 64,
        changed_parameters=(),
        finding=found,
        depression=found,
        drafts=(),
        suicide_signals=(),
        caveats=(),
        cards_due=(),
        gaps=(),
        not_used=(),
        withheld=reasons,
    )


@pytest.mark.parametrize(
    ("resistance", "marker", "grades", "expected"),
    [
        ("met", "normal", (FAILED, FAILED), "near_miss"),
        ("possible", "normal", (FAILED, OPEN), "nothing_to_say"),
        ("not_met", "raised_persistent", (FAILED,), "near_miss"),
        ("not_met", "raised_persistent", (OPEN,), "near_miss"),
        ("not_met", "raised_persistent", (FAILED, NOT_COUNTED), "near_miss"),
        ("not_met", "raised_persistent", (NOT_COUNTED, NOT_COUNTED), "nothing_to_say"),
        ("not_met", "raised_persistent", (), "nothing_to_say"),
        ("not_met", "raised_once", (FAILED,), "near_miss"),
        ("not_met", "raised_once", (OPEN,), "nothing_to_say"),
        ("not_met", "raised_persistent", (FAILED, OPEN), "near_miss"),
        ("not_met", "raised_once", (FAILED, FAILED), "near_miss"),
        ("not_met", "raised_once", (FAILED, OPEN), "nothing_to_say"),
        ("not_met", "normal", (FAILED,), "nothing_to_say"),
        ("not_met", "unknown", (FAILED,), "nothing_to_say"),
        ("not_met", "possible_acute", (FAILED,), "nothing_to_say"),
        ("out_of_scope", "raised_persistent", (FAILED, FAILED), "nothing_to_say"),
        ("met", "stale", (FAILED, FAILED), "could_not_tell"),
        ("met", "unknown", (FAILED, FAILED), "could_not_tell"),
        ("possible", "raised_once", (FAILED, OPEN), "could_not_tell"),
        ("insufficient_data", "raised_persistent", (FAILED,), "could_not_tell"),
    ],
)
def test_without_a_card_the_statuses_and_the_trials_decide(
    resistance: str, marker: str, grades: tuple[TrialGrade, ...], expected: str
) -> None:
    assert class_of(judged(resistance, marker, *grades)) == expected


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ((withheld("pregnancy"),), "near_miss"),
        ((withheld("evidence_expired"),), "near_miss"),
        ((withheld("pregnancy"), withheld("delirium")), "nothing_to_say"),
        ((withheld("deceased"),), "nothing_to_say"),
    ],
)
def test_one_reason_to_withhold_a_card_is_a_near_miss_and_two_or_a_death_are_none(
    reasons: tuple[Withheld, ...], expected: str
) -> None:
    given = replace(judged("met", "raised_persistent", FAILED, FAILED), withheld=reasons)
    assert class_of(given) == expected


def test_support_counts_as_one_trial_that_may_count() -> None:
    support = SupportingTreatment(
        treatment="lithium", kind="augmentation", grade=OPEN, finding=finding()
    )
    given = with_resistance(
        judged("not_met", "raised_persistent"), supporting=(support, support), trials=()
    )
    assert class_of(given) == "near_miss"


@pytest.mark.parametrize(("shown", "expected"), [(True, "shown"), (False, "silent")])
def test_a_card_makes_a_decision_shown_or_silent_whatever_else_holds(
    shown: bool, expected: str
) -> None:
    given = assessment(cards_due=(CardKind.SAFETY,))
    found = classify(given, "evaluated", shown=shown, cards=("a card",), trials_needed=NEEDED)
    assert found.value == expected


def test_what_was_not_evaluated_is_switched_off() -> None:
    found = classify(None, "switched_off", shown=False, cards=(), trials_needed=NEEDED)
    assert found is ReviewClass.SWITCHED_OFF


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (of_orders(Verdict.NOT_MET), "nothing_to_say"),
        (of_orders(Verdict.CANNOT_TELL), "could_not_tell"),
        (of_orders(Verdict.MET, withheld("evidence_expired")), "near_miss"),
    ],
)
def test_a_decision_on_orders_is_classed_by_its_own_finding(
    given: OrderAssessment, expected: str
) -> None:
    assert class_of(given) == expected


def test_a_settled_assessment_leaves_nothing_open() -> None:
    assert criteria_left_open(assessment()) == ()


def test_no_assessment_leaves_nothing_open() -> None:
    assert criteria_left_open(None) == ()


def test_each_part_that_cannot_be_told_is_named_once_in_a_fixed_order() -> None:
    unsure = Finding(verdict=Verdict.CANNOT_TELL, because="it is open")
    given = replace(
        assessment(),
        gaps=(GAP, GAP),
        confounders_unread=("acute_infection",),
        withheld=(withheld("diagnoses_unread", Verdict.CANNOT_TELL),),
    )
    given = with_resistance(given, finding=unsure, trials=(trial(grade=OPEN),), latest_score=None)
    given = with_inflammation(given, finding=unsure)
    expected = {"treatment_resistance", "trials", "symptom_score", "inflammation"}
    expected |= {"confounders", "exclusions", "record"}
    assert criteria_left_open(given) == tuple(key for key in OPEN_CRITERIA if key in expected)


def test_an_open_draft_order_is_named() -> None:
    assert criteria_left_open(of_orders(Verdict.CANNOT_TELL)) == (
        "experimental_order",
        "depression",
    )
