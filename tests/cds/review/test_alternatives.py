"""Do other thresholds give what the rule would give under them?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cds.decision import Decision
from cds.kept_case import write_case
from cds.review.alternatives import Alternatives, try_alternatives, with_parameters
from cds.review.yardstick import read_yardstick
from rules.assessment import assess
from rules.clinical_time import ClinicalDate
from rules.draft_orders import OrderFacts
from rules.facts import Facts, MarkerResult
from rules.findings import CardKind
from rules.knowledge import Knowledge, load_knowledge
from tests.cds.review.figure_data import examples
from tests.cds.store.records import decision

YARDSTICK = read_yardstick()
Cases = Sequence[tuple[Facts, date]]
LOW, RECENCY = "marker.crp_low_mg_l", "marker.recency_days"


def kept(cases: Cases) -> Iterator[Decision]:
    for facts, as_of in cases:
        yield decision(facts=write_case(facts, (), ()), as_of=as_of)


@pytest.fixture(scope="module")
def cases(knowledge: Knowledge) -> Cases:
    """Give every third example as it is, with markers twice as high, and with older markers."""
    found = examples(knowledge)[::3]
    higher = [(replace(f, markers=tuple(map(_higher, f.markers))), day) for f, day in found]
    older = [(replace(f, markers=tuple(map(_older, f.markers))), day) for f, day in found]
    return (*found, *higher, *older)


def _higher(result: MarkerResult) -> MarkerResult:
    return replace(result, value=None if result.value is None else 2 * result.value)


def _older(result: MarkerResult) -> MarkerResult:
    if result.date is None:
        return result
    ago = timedelta(days=120)
    earlier = ClinicalDate(result.date.earliest - ago, result.date.latest - ago)
    return replace(result, date=earlier)


@pytest.fixture(scope="module")
def tried(cases: Cases, knowledge: Knowledge) -> Alternatives:
    return try_alternatives(kept(cases), len(cases), knowledge, YARDSTICK)


def site_knowledge(folder: Path, **values: Any) -> Knowledge:
    """Load the knowledge of a site that set these parameters in its own file."""
    (folder / "parameters").mkdir(parents=True)
    lines = [f"[marker.{name}]\nvalue = {value}" for name, value in values.items()]
    (folder / "parameters/local.toml").write_text("\n".join(lines), encoding="utf-8")
    return load_knowledge(site=folder)


@pytest.mark.parametrize(("low", "recency"), [(5, 180), (3, 365), (5, 365), (10, 180)])
def test_a_combination_gives_what_a_site_with_these_numbers_gets(
    tried: Alternatives, cases: Cases, tmp_path: Path, low: int, recency: int
) -> None:
    site = site_knowledge(tmp_path / "site", crp_low_mg_l=f"{low}.0", recency_days=recency)
    assessed = [assess(facts, as_of, site) for facts, as_of in cases]
    (row,) = [
        each
        for each in tried.rows
        if each.words[LOW] == f"{low} mg/L" and f"({recency} days)" in each.words[RECENCY]
    ]
    assert row.fires.count == sum(bool(each.cards_due) for each in assessed)
    assert row.evidence.count == sum(CardKind.EVIDENCE in each.cards_due for each in assessed)


def test_every_combination_of_the_values_is_tried(tried: Alternatives) -> None:
    assert len(tried.rows) == 6
    assert len({tuple(row.words.items()) for row in tried.rows}) == 6


def test_the_numbers_in_force_are_marked_and_change_nothing(tried: Alternatives) -> None:
    (row,) = [each for each in tried.rows if each.in_force]
    assert row.words == {LOW: "3 mg/L", RECENCY: "6 months (180 days)"}
    assert (row.more, row.fewer, row.fires) == (0, 0, tried.in_force)


def test_cases_gained_and_lost_make_up_the_difference(tried: Alternatives) -> None:
    assert all(row.fires.count == tried.in_force.count + row.more - row.fewer for row in tried.rows)


def test_the_examples_tell_the_combinations_apart(tried: Alternatives) -> None:
    assert len({(row.fires.count, row.evidence.count) for row in tried.rows}) > 2


def test_a_cut_off_at_the_acute_range_says_what_it_leaves(tried: Alternatives) -> None:
    notes = {row.words[LOW]: bool(row.note) for row in tried.rows}
    assert notes == {"3 mg/L": False, "5 mg/L": False, "10 mg/L": True}


def test_what_cannot_be_tried_is_counted_by_its_reason(cases: Cases, knowledge: Knowledge) -> None:
    facts, as_of = cases[0]
    orders = OrderFacts(record=facts)
    decisions = [
        *kept([(facts, as_of)]),
        decision(facts=b"{}"),
        decision(facts=write_case(orders, (), ())),
    ]
    found = try_alternatives(decisions, 10, knowledge, YARDSTICK)
    assert (found.tried, found.unreadable, found.of_orders, found.beyond) == (1, 1, 1, 7)


def test_no_kept_case_gives_dashes(knowledge: Knowledge) -> None:
    found = try_alternatives([], 0, knowledge, YARDSTICK)
    assert {row.fires.of for row in found.rows} == {0}


def test_the_knowledge_in_force_is_left_as_it_is(knowledge: Knowledge) -> None:
    other = with_parameters(knowledge, {LOW: Decimal(5)})
    assert (other.marker.crp_low_mg_l, knowledge.marker.crp_low_mg_l) == (Decimal(5), Decimal(3))


def test_several_numbers_of_one_table_are_changed_together(knowledge: Knowledge) -> None:
    other = with_parameters(knowledge, {LOW: Decimal(5), RECENCY: 365})
    assert (other.marker.crp_low_mg_l, other.marker.recency_days) == (Decimal(5), 365)


@pytest.mark.parametrize("name", ["marker.crp", "evidence.title", "nothing"])
def test_a_parameter_there_is_none_of_is_refused(knowledge: Knowledge, name: str) -> None:
    with pytest.raises(KeyError):
        with_parameters(knowledge, {name: 1})


def test_a_value_that_the_table_does_not_allow_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match="crp_low_mg_l lies above"):
        with_parameters(knowledge, {LOW: Decimal(11)})


def test_every_alternative_names_a_parameter_with_its_own_unit(knowledge: Knowledge) -> None:
    for alternative in YARDSTICK.alternatives:
        assert knowledge.parameters[alternative.parameter].unit == alternative.unit


def test_the_bar_and_the_windows_are_those_that_were_set() -> None:
    values = {
        each.parameter: [int(choice.value) for choice in each.values]
        for each in YARDSTICK.alternatives
    }
    assert values == {LOW: [3, 5, 10], RECENCY: [180, 365]}
    assert (YARDSTICK.bar.kappa, YARDSTICK.bar.agreed, YARDSTICK.bar.of) == (0.75, 95, 100)


@pytest.mark.parametrize(
    ("ppv", "n", "expected"),
    [
        (0.8, 50, "0.67-0.89"),
        (0.8, 100, "0.71-0.87"),
        (0.8, 200, "0.74-0.85"),
        (0.9, 50, "0.79-0.96"),
        (0.9, 100, "0.83-0.94"),
        (0.9, 200, "0.85-0.93"),
    ],
)
def test_the_table_of_sample_sizes_is_wilsons(ppv: float, n: int, expected: str) -> None:
    interval = YARDSTICK.sample_size.interval(ppv, n)
    assert f"{interval.low:.2f}-{interval.high:.2f}" == expected
