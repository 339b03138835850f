"""Which results can be used at all, and which one stands for its day?"""

from decimal import Decimal

import pytest

from rules.facts import MarkerResult
from rules.knowledge import Knowledge
from rules.markers import SortedResults, label_results, lowest_of_each_day
from tests.support.build import AS_OF, crp
from tests.support.variants import with_parameters

ZERO = Decimal(0)


def sort(knowledge: Knowledge, *results: MarkerResult) -> SortedResults:
    return label_results(results, AS_OF, knowledge)


def why_not(knowledge: Knowledge, result: MarkerResult) -> tuple[str, str]:
    (unusable,) = sort(knowledge, result).unusable
    return unusable.note, unusable.because


@pytest.mark.parametrize("status", ["final", "amended", "corrected", "unknown", None])
def test_a_finished_result_is_used(status: str | None, knowledge: Knowledge) -> None:
    assert len(sort(knowledge, crp("4.2", status=status)).labelled) == 1


@pytest.mark.parametrize(
    ("status", "note"),
    [
        ("preliminary", "not_final"),
        ("registered", "not_final"),
        ("cancelled", ""),
        ("entered-in-error", ""),
    ],
)
def test_any_other_status_is_not_used_and_named(
    status: str, note: str, knowledge: Knowledge
) -> None:
    assert why_not(knowledge, crp("4.2", status=status)) == (note, f"status {status}")


@pytest.mark.parametrize("status", ["unknown", None])
def test_a_site_can_refuse_results_of_unknown_status(
    status: str | None, knowledge: Knowledge
) -> None:
    strict = with_parameters(knowledge, {"marker.accept_status_unknown": False})
    assert why_not(strict, crp("4.2", status=status)) == ("not_final", "status unknown")


@pytest.mark.parametrize(
    ("on", "note"),
    [("2026-07-01", "future_date"), ("2026-07", "future_date"), ("2026", ""), (None, "")],
)
def test_a_result_that_cannot_be_placed_before_today_is_not_used(
    on: str | None, note: str, knowledge: Knowledge
) -> None:
    assert why_not(knowledge, crp("4.2", on))[0] == note


@pytest.mark.parametrize("on", ["2026-06-30", "2026-06"])
def test_a_result_of_today_or_of_this_month_is_used(on: str, knowledge: Knowledge) -> None:
    assert len(sort(knowledge, crp("4.2", on)).labelled) == 1


@pytest.mark.parametrize("code", ["16503-5", "98987-1", "45062-7", "59182-6"])
def test_another_specimen_is_not_used(code: str, knowledge: Knowledge) -> None:
    assert why_not(knowledge, crp("6", code=code))[0] == "wrong_specimen"


@pytest.mark.parametrize("code", ["11039-5", "14634-0", "35648-5"])
def test_a_qualitative_result_is_not_used(code: str, knowledge: Knowledge) -> None:
    assert why_not(knowledge, crp(None, code=code, text="positive"))[0] == "qualitative"


@pytest.mark.parametrize(
    "code", ["30522-7", "71426-1", "1988-5", "48421-2", "105126-7", "106736-2", "111006-3"]
)
def test_every_mass_code_of_crp_is_compared(code: str, knowledge: Knowledge) -> None:
    assert sort(knowledge, crp("4.2", code=code)).labelled[0].label.value == "raised"


@pytest.mark.parametrize("code", ["76486-0", "76485-2", "111006-3"])
def test_every_molar_code_of_crp_is_compared(code: str, knowledge: Knowledge) -> None:
    assert sort(knowledge, crp("40", code=code, unit="nmol/L")).labelled[0].label.value == "raised"


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (crp("8", code="26881-3", unit="pg/mL"), "IL-6 8 pg/mL"),
        (crp("8", code="26881-3", unit="ng/L", comparator="<"), "IL-6 <8 ng/L"),
        (
            crp("8", code="26881-3", unit="pg/mL", reference_high=Decimal("5.9")),
            "IL-6 8 pg/mL (laboratory range up to 5.9)",
        ),
        (
            crp("40", code="4537-7", unit="mm/h", reference_low=ZERO, reference_high=Decimal(20)),
            "ESR 40 mm/h (laboratory range 0 to 20)",
        ),
        (
            crp("10", code="2276-4", unit="ng/mL", reference_low=Decimal(15)),
            "Ferritin 10 ng/mL (laboratory range from 15)",
        ),
    ],
)
def test_a_marker_without_a_cut_off_is_only_shown_with_the_laboratory_range(
    result: MarkerResult, shown: str, knowledge: Knowledge
) -> None:
    sorted_results = sort(knowledge, result)
    assert [each.shown for each in sorted_results.shown_only] == [shown]
    assert sorted_results.labelled == ()
    assert sorted_results.shown_only[0].value_mg_per_l is None


@pytest.mark.parametrize(("value", "unit"), [("8", "mg/L"), ("8", None), (None, "pg/mL")])
def test_a_marker_in_an_unknown_unit_is_not_shown(
    value: str | None, unit: str | None, knowledge: Knowledge
) -> None:
    sorted_results = sort(knowledge, crp(value, code="26881-3", unit=unit))
    assert sorted_results.shown_only == ()
    assert [each.compared for each in sorted_results.unusable] == [False]


def test_an_unusable_crp_result_is_marked_as_one_that_could_have_said_something(
    knowledge: Knowledge,
) -> None:
    assert [each.compared for each in sort(knowledge, crp("4", unit=None)).unusable] == [True]


def test_each_unusable_result_is_named_with_every_resource(knowledge: Knowledge) -> None:
    result = crp("4", unit=None, sources=("Observation/a", "Observation/b"))
    named = [(each.source, each.because) for each in sort(knowledge, result).not_used]
    assert named == [
        ("Observation/a", "no unit is stated"),
        ("Observation/b", "no unit is stated"),
    ]


def test_results_are_sorted_newest_first(knowledge: Knowledge) -> None:
    results = sort(
        knowledge, crp("4", "2026-01-01"), crp("5", "2026-06-01"), crp("6", "2026-03-01")
    )
    assert [str(each.value_mg_per_l) for each in results.labelled] == ["5", "6", "4"]


def result(value: str, comparator: str | None = None) -> MarkerResult:
    return crp(value, comparator=comparator, sources=(f"Observation/{comparator}{value}",))


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (result("3.4"), result("2.6"), "hs-CRP 2.6 mg/L"),
        (result("12"), result("4"), "hs-CRP 4 mg/L"),
        (result("5", "<"), result("7"), "hs-CRP 7 mg/L"),
        (result("5", "<"), result("12"), "hs-CRP 12 mg/L"),
        (result("5", ">"), result("4"), "hs-CRP 4 mg/L"),
        (result("0.3", "<"), result("3.4"), "hs-CRP <0.3 mg/L"),
        (result("3", "<"), result("3"), "hs-CRP <3 mg/L"),
        (result("200", ">"), result("4"), "hs-CRP 4 mg/L"),
        (result("5", "<"), result("10", "<"), "hs-CRP <5 mg/L"),
    ],
)
def test_the_lowest_settled_result_stands_for_its_day(
    first: MarkerResult, second: MarkerResult, kept: str, knowledge: Knowledge
) -> None:
    for results in ((first, second), (second, first)):
        (day,) = lowest_of_each_day(sort(knowledge, *results).labelled)
        assert day.shown == kept


def test_each_day_keeps_its_own_result(knowledge: Knowledge) -> None:
    results = sort(
        knowledge, crp("4", "2026-05-01"), crp("5", "2026-06-01"), crp("2", "2026-05-01")
    )
    assert [each.shown for each in lowest_of_each_day(results.labelled)] == [
        "hs-CRP 5 mg/L",
        "hs-CRP 2 mg/L",
    ]
