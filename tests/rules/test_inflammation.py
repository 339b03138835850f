"""Does the patient's marker status follow the order of the rule?"""

import pytest

from rules.completeness import MEDICATION_TYPES
from rules.findings import Inflammation
from rules.knowledge import Knowledge
from rules.plain_words import kind_of_record
from tests.rules.patients import inflammation_of
from tests.support.build import (
    TOCILIZUMAB,
    Piece,
    administration,
    crp,
    day,
    diagnosis,
    dispense,
    statement,
    unread,
)
from tests.support.variants import with_parameters


def told(inflammation: Inflammation) -> tuple[str, set[str]]:
    return inflammation.status.value, set(inflammation.notes)


def test_no_result_at_all_is_unknown(knowledge: Knowledge) -> None:
    found = inflammation_of(knowledge)
    assert told(found) == ("unknown", set())
    assert found.finding.because == "no CRP result is in the data received"


def test_results_that_could_not_be_read_are_not_no_results(knowledge: Knowledge) -> None:
    found = inflammation_of(knowledge, unread("Observation"))
    assert found.finding.because == (
        "laboratory results could not be read: the server answered 403"
    )


@pytest.mark.parametrize(
    ("result", "note"),
    [
        (crp("4", unit=None), "no_unit"),
        (crp(None, unit=None), "no_value"),
        (crp("4", status="preliminary"), "not_final"),
        (crp("4", "2026-07-05"), "future_date"),
        (crp("4", code="16503-5"), "wrong_specimen"),
        (crp(None, code="11039-5", text="positive"), "qualitative"),
    ],
)
def test_an_unusable_result_is_unknown_with_the_reason(
    result: Piece, note: str, knowledge: Knowledge
) -> None:
    assert told(inflammation_of(knowledge, result)) == ("unknown", {note})


def test_the_latest_unusable_result_gives_the_sentence(knowledge: Knowledge) -> None:
    found = inflammation_of(
        knowledge, crp("4", "2026-01-01", unit=None), crp("4", "2026-02-01", status="preliminary")
    )
    assert found.finding.because == "no usable CRP result: status preliminary"
    assert told(found) == ("unknown", {"no_unit", "not_final"})


@pytest.mark.parametrize(
    "other", [crp("8", code="26881-3", unit="mg/L"), crp(None, code="44322-6", text="positive")]
)
def test_an_unusable_result_of_another_marker_is_no_reason(
    other: Piece, knowledge: Knowledge
) -> None:
    found = inflammation_of(knowledge, other)
    assert told(found) == ("unknown", set())
    assert found.finding.because == "no CRP result is in the data received"


def test_a_marker_without_a_cut_off_leaves_the_status_unknown_and_is_shown(
    knowledge: Knowledge,
) -> None:
    found = inflammation_of(knowledge, crp("40", code="4537-7", unit="mm/h"))
    assert told(found) == ("unknown", set())
    assert [each.shown for each in found.results] == ["ESR 40 mm/h"]


@pytest.mark.parametrize(
    ("on", "status"),
    [("2026-01-02", "raised_once"), ("2026-01-01", "raised_once"), ("2025-12-31", "stale")],
)
def test_a_result_is_fresh_for_180_days(on: str, status: str, knowledge: Knowledge) -> None:
    assert inflammation_of(knowledge, crp("5", on)).status.value == status


@pytest.mark.parametrize(("on", "status"), [("2026-06-20", "normal"), ("2026-06-19", "stale")])
def test_recency_is_a_parameter(on: str, status: str, knowledge: Knowledge) -> None:
    changed = with_parameters(knowledge, {"marker.recency_days": 10})
    assert inflammation_of(changed, crp("1", on)).status.value == status


def test_a_stale_result_says_how_old_it_is(knowledge: Knowledge) -> None:
    assert inflammation_of(knowledge, crp("5", "2025-12-31")).finding.because == (
        "the latest result (hs-CRP 5 mg/L on 2025-12-31) is 181 days old, older than 180 days"
    )


@pytest.mark.parametrize(
    ("apart", "status", "notes"),
    [
        ("2026-05-19", "raised_once", {"too_close"}),  # 13 days
        ("2026-05-18", "raised_persistent", set()),
        ("2026-05-17", "raised_persistent", set()),
        ("2025-06-02", "raised_persistent", set()),
        ("2025-06-01", "raised_persistent", set()),  # 365 days
        ("2025-05-31", "raised_once", set()),
    ],
)
def test_two_raised_results_14_to_365_days_apart_are_persistent(
    apart: str, status: str, notes: set[str], knowledge: Knowledge
) -> None:
    found = inflammation_of(knowledge, crp("3.2", apart), crp("4.1", "2026-06-01"))
    assert told(found) == (status, notes)


@pytest.mark.parametrize(
    ("key", "days", "status"),
    [
        ("marker.min_days_between", 20, "raised_persistent"),
        ("marker.min_days_between", 21, "raised_once"),
        ("marker.max_days_between", 20, "raised_persistent"),
        ("marker.max_days_between", 19, "raised_once"),
    ],
)
def test_the_time_between_two_raised_results_is_a_parameter(
    key: str, days: int, status: str, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {key: days})
    found = inflammation_of(changed, crp("4", "2026-05-12"), crp("4", "2026-06-01"))
    assert found.status.value == status


def test_persistence_names_both_results(knowledge: Knowledge) -> None:
    found = inflammation_of(knowledge, crp("3.4", "2026-03-02"), crp("4.1", "2026-06-01"))
    assert found.finding.because == (
        "hs-CRP 3.4 mg/L on 2026-03-02 and hs-CRP 4.1 mg/L on 2026-06-01, 91 days apart, "
        "both at or above 3 mg/L"
    )
    assert found.finding.sources == ("Observation/crp-2026-03-02", "Observation/crp-2026-06-01")


@pytest.mark.parametrize(
    ("between", "status", "notes"),
    [
        (crp("2.9", "2026-05-01"), "raised_once", {"fluctuating"}),
        (crp("0.3", "2026-05-01", comparator="<"), "raised_once", {"fluctuating"}),
        (crp("5", "2026-05-01", comparator="<"), "raised_persistent", set()),
        (crp("5", "2026-05-01", comparator=">"), "raised_persistent", set()),
        (crp("12", "2026-05-01"), "raised_persistent", set()),
        (crp("1", "2026-05-01", status="preliminary"), "raised_persistent", set()),
    ],
)
def test_only_a_usable_normal_result_between_breaks_persistence(
    between: Piece, status: str, notes: set[str], knowledge: Knowledge
) -> None:
    found = inflammation_of(knowledge, crp("4", "2026-04-01"), between, crp("4.4", "2026-06-01"))
    assert told(found) == (status, notes)


def test_a_normal_result_before_both_raised_ones_breaks_nothing(knowledge: Knowledge) -> None:
    found = inflammation_of(
        knowledge, crp("1", "2026-02-01"), crp("4", "2026-04-01"), crp("4.4", "2026-06-01")
    )
    assert told(found) == ("raised_persistent", set())


def test_notes_of_both_results_stand_with_persistence(knowledge: Knowledge) -> None:
    found = inflammation_of(
        knowledge,
        crp("4", "2026-04-01", status="unknown"),
        crp("4", "2026-06-01", date_from_issued=True),
    )
    assert told(found) == ("raised_persistent", {"status_unknown", "date_from_issued"})


@pytest.mark.parametrize(
    ("earlier", "mentioned"),
    [("4", True), ("12", True), ("2", False)],
)
def test_a_normal_latest_result_mentions_an_earlier_raised_one(
    earlier: str, mentioned: bool, knowledge: Knowledge
) -> None:
    found = inflammation_of(knowledge, crp(earlier, "2026-03-10"), crp("1.1", "2026-06-10"))
    assert found.status.value == "normal"
    assert ("earlier hs-CRP" in found.finding.because) is mentioned


def test_normal_is_never_said_when_results_may_be_missing(knowledge: Knowledge) -> None:
    found = inflammation_of(knowledge, crp("1.1"), unread("Observation"))
    assert found.status.value == "unknown"
    assert found.finding.because == (
        "hs-CRP 1.1 mg/L on 2026-06-01, below the cut-off, but laboratory results may be missing: "
        "the server answered 403"
    )


@pytest.mark.parametrize("resource_type", MEDICATION_TYPES)
def test_normal_is_never_said_when_an_il6_blocker_may_be_missing(
    resource_type: str, knowledge: Knowledge
) -> None:
    found = inflammation_of(knowledge, crp("1.1"), unread(resource_type))
    assert found.status.value == "unknown"
    assert "a drug that makes CRP unreadable may be missing" in found.finding.because
    assert f"the {kind_of_record(resource_type)} of the record" in found.would_change


@pytest.mark.parametrize("resource_type", MEDICATION_TYPES)
def test_a_raised_result_stands_although_a_drug_may_be_missing(
    resource_type: str, knowledge: Knowledge
) -> None:
    found = inflammation_of(knowledge, crp("4"), unread(resource_type))
    assert (found.status.value, str(found.would_change).count(resource_type)) == ("raised_once", 0)


@pytest.mark.parametrize("resource_type", ["Condition", "Procedure"])
def test_another_type_that_was_not_read_leaves_normal_as_it_is(
    resource_type: str, knowledge: Knowledge
) -> None:
    assert inflammation_of(knowledge, crp("1.1"), unread(resource_type)).status.value == "normal"


def test_a_raised_result_stands_although_others_may_be_missing(knowledge: Knowledge) -> None:
    assert inflammation_of(knowledge, crp("4"), unread("Observation")).status.value == "raised_once"


@pytest.mark.parametrize(
    ("comparator", "value", "status", "notes"),
    [
        ("<", "5", "unknown", {"reporting_limit"}),
        (">", "2", "unknown", {"reporting_limit"}),
        (">", "5", "raised_once", {"upper_bound_unknown"}),
        (">", "200", "possible_acute", set()),
        ("<", "3", "normal", set()),
    ],
)
def test_a_bound_settles_what_it_can(
    comparator: str, value: str, status: str, notes: set[str], knowledge: Knowledge
) -> None:
    assert told(inflammation_of(knowledge, crp(value, comparator=comparator))) == (status, notes)


def test_a_bound_that_settles_nothing_gives_way_to_an_older_fresh_result(
    knowledge: Knowledge,
) -> None:
    found = inflammation_of(knowledge, crp("4", "2026-04-01"), crp("5", comparator="<"))
    assert told(found) == ("raised_once", set())


def test_a_raised_bound_never_supports_persistence(knowledge: Knowledge) -> None:
    found = inflammation_of(knowledge, crp("5", "2026-04-01", comparator=">"), crp("4"))
    assert told(found) == ("raised_once", set())


def acute(*values: str) -> tuple[Piece, ...]:
    return tuple(
        crp(value, f"2026-0{month}-01") for month, value in enumerate(values, start=6 - len(values))
    )


@pytest.mark.parametrize(
    ("results", "sustained"),
    [
        (acute("15", "18"), True),
        (acute("15", "4", "18"), False),
        (acute("15", "2", "18"), False),
        (acute("15", "18", "4", "20"), False),
        ((crp("15", "2026-05-19"), crp("14", "2026-06-01")), False),  # 13 days
        ((crp("15", "2026-05-18"), crp("14", "2026-06-01")), True),
        ((*acute("15"), crp("5", "2026-05-15", comparator="<"), crp("18")), False),
        ((*acute("15"), crp("10", "2026-05-15", comparator="<="), crp("18")), False),
        ((*acute("15"), crp("20", "2026-05-15", comparator="<"), crp("18")), True),
        ((*acute("15"), crp("5", "2026-05-15", comparator=">"), crp("18")), True),
        ((crp("18"),), False),
    ],
)
def test_high_results_two_weeks_apart_without_a_lower_one_are_sustained(
    results: tuple[Piece, ...], sustained: bool, knowledge: Knowledge
) -> None:
    found = inflammation_of(knowledge, *results)
    assert found.status.value == "possible_acute"
    assert ("sustained_high" in found.notes) is sustained


def test_a_confounded_result_is_low_and_ends_a_run_of_high_ones(knowledge: Knowledge) -> None:
    found = inflammation_of(
        knowledge,
        crp("15", "2026-01-10"),
        crp("4", "2026-03-01"),
        diagnosis("J18.9", onset="2026-03-01"),
        crp("15", "2026-06-01"),
    )
    assert told(found) == ("possible_acute", set())


def test_a_raised_result_near_an_infection_is_possible_acute(knowledge: Knowledge) -> None:
    found = inflammation_of(knowledge, crp("4.5"), diagnosis("J18.9", onset="2026-06-05"))
    assert told(found) == ("possible_acute", {"confounded"})
    assert found.finding.because == (
        "hs-CRP 4.5 mg/L on 2026-06-01; respiratory infection since 2026-06-05 "
        "(no end recorded) near the sample"
    )
    assert found.finding.sources == ("Observation/crp-2026-06-01", "Condition/J189-2026-06-05")


@pytest.mark.parametrize("value", ["1.2", "12"])
def test_a_normal_or_high_result_near_an_infection_keeps_its_label(
    value: str, knowledge: Knowledge
) -> None:
    found = inflammation_of(knowledge, crp(value), diagnosis("J18.9", onset="2026-06-05"))
    assert "confounded" not in found.notes


def test_a_blocked_result_is_shown_with_the_note(knowledge: Knowledge) -> None:
    found = inflammation_of(
        knowledge, crp("0.5", "2026-06-20"), administration(TOCILIZUMAB, "2026-06-01")
    )
    assert told(found) == ("unknown", {"il6_blockade"})
    assert [each.notes for each in found.results] == [("il6_blockade",)]


def test_old_blocked_and_old_free_results_are_stale(knowledge: Knowledge) -> None:
    found = inflammation_of(
        knowledge,
        crp("0.5", "2024-01-10"),
        administration(TOCILIZUMAB, "2024-01-01"),
        crp("4", "2025-01-01"),
    )
    assert told(found) == ("stale", set())


@pytest.mark.parametrize("on", ["2024-01-10", "2026-03-10"])
def test_only_blocked_results_are_unknown_for_the_blockade(on: str, knowledge: Knowledge) -> None:
    found = inflammation_of(
        knowledge, crp("0.5", on), administration(TOCILIZUMAB, "2024-01-01"),
        administration(TOCILIZUMAB, "2026-03-01"),
    )  # fmt: skip
    assert told(found) == ("unknown", {"il6_blockade"})


def test_the_same_result_twice_is_shown_once(knowledge: Knowledge) -> None:
    esr = crp("40", code="4537-7", unit="mm/h")
    found = inflammation_of(knowledge, crp("4"), crp("4"), esr, esr)
    assert len(found.results) == 2


def test_results_are_shown_newest_first(knowledge: Knowledge) -> None:
    found = inflammation_of(knowledge, crp("4", "2026-01-10"), crp("5"), crp("6", "2026-03-01"))
    assert [each.date for each in found.results] == [
        day("2026-06-01"),
        day("2026-03-01"),
        day("2026-01-10"),
    ]


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ((crp("4"),), "met"),
        ((crp("1"),), "not_met"),
        ((crp("12"),), "cannot_tell"),
        ((crp("4", "2025-01-01"),), "cannot_tell"),
        ((), "cannot_tell"),
    ],
)
def test_only_a_readable_raised_or_normal_marker_is_a_verdict(
    results: tuple[Piece, ...], verdict: str, knowledge: Knowledge
) -> None:
    assert inflammation_of(knowledge, *results).finding.verdict.value == verdict


def test_a_running_blocker_makes_every_result_unreadable(knowledge: Knowledge) -> None:
    for running in (
        statement(TOCILIZUMAB, "2026-06-15", status="active"),
        dispense(TOCILIZUMAB, "2026-06-15", 28),
    ):
        assert told(inflammation_of(knowledge, crp("4"), running)) == ("unknown", {"il6_blockade"})
