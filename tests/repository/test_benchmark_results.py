"""Are the figures of the benchmark boiled down and judged right, and told in full?"""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.contestants import (
    CONTESTANTS,
    EVALUATION,
    HEALTHCHAIN_DICTS,
    HEALTHCHAIN_MODELS,
    SERVICE,
    SIGNED,
    SIGNED_CONTESTANTS,
    TYPED_FLOOR,
)
from benchmarks.demands import Demand, demands_on
from benchmarks.gathered import Gathered
from benchmarks.load import Round
from benchmarks.report import number, render, render_demands
from benchmarks.results import Cell, Population, Results, middle, percentile
from benchmarks.steps import FLOOR, STEPS

SIZES = {"59 KB": 59_000, "555 KB": 555_000, "10 MB": 10_000_000}


def cell(cpu_ms: float, extra_memory: int = 0) -> Cell:
    return Cell(
        cpu_ms=cpu_ms,
        p50_ms=cpu_ms,
        p95_ms=cpu_ms,
        extra_memory=extra_memory,
        throughput={"1 to 1": 1000 / cpu_ms},
    )


def results(**changed: Any) -> Results:
    """Give a run in which every demand holds just so."""
    cells = {
        size: {
            SERVICE: cell(length / 100_000, extra_memory=5 * length),
            TYPED_FLOOR: cell(length / 100_000 / (2 if length > 500_000 else 3)),
            HEALTHCHAIN_DICTS: cell(length / 50_000),
            HEALTHCHAIN_MODELS: cell(length / 2_000),
        }
        for size, length in SIZES.items()
    }
    run: dict[str, Any] = {
        "machine": "Linux on x86_64, 2 cores, Python 3.11.7",
        "sizes": SIZES,
        "cells": cells,
        "missing": {},
        "steps": {size: dict.fromkeys((FLOOR, *STEPS), 0.4) for size in SIZES},
        "cold_start_seconds": {SERVICE: 2.0},
        "quadratic": {1_000: 100.0, 10_000: 1_250.0},
        "models_imported": False,
        "populations": [
            Population(
                name="a set",
                patients=10,
                evidence_cards=1,
                megabytes=2.5,
                patients_per_second=400,
            )
        ],
        "signed_bytes": 80_321,
        "signed": {
            EVALUATION: cell(5),
            SERVICE: cell(6),
            **{name: cell(10) for name in SIGNED.values()},
        },
        "signed_rounds": 15,
        "rounds": 7,
        "quick": False,
    }
    return Results(**(run | changed))


def broken(run: Results) -> list[str]:
    return [each.claim for each in demands_on(run) if each.verdict == "does not hold"]


def with_service(size: str, changed: Cell) -> Results:
    run = results()
    return results(cells=run.cells | {size: run.cells[size] | {SERVICE: changed}})


def with_signed(algorithm: str, changed: Cell) -> Results:
    return results(signed=results().signed | {SIGNED[algorithm]: changed})


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([7.0], 95, 7.0),
        ([3.0, 1.0, 2.0], 50, 2.0),
        ([1.0, 2.0, 3.0, 4.0], 50, 2.0),
        ([float(n) for n in range(1, 101)], 95, 95.0),
        ([float(n) for n in range(1, 22)], 95, 20.0),
        ([1.0, 2.0], 0, 1.0),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(
    values: list[float], percent: float, expected: float
) -> None:
    assert percentile(values, percent) == expected


def test_one_disturbed_round_does_not_move_the_median() -> None:
    assert middle([10.0, 11.0, 900.0]) == 11.0


def test_nothing_measured_has_neither_a_median_nor_a_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        middle([])
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_rounds_become_a_median_of_cpu_and_percentiles_of_all_requests() -> None:
    key = ("59 KB", SERVICE)
    gathered = Gathered()
    gathered.rounds[key] = [Round(2.0, (1.0, 5.0)), Round(9.0, (2.0, 3.0)), Round(4.0, (4.0, 6.0))]
    gathered.requests[key], gathered.extra_memory[key] = 2, 77
    gathered.rates[key, "1 to 1"] = [10.0, 30.0, 20.0]
    assert gathered.cells() == {
        "59 KB": {
            SERVICE: Cell(
                cpu_ms=4.0, p50_ms=3.0, p95_ms=6.0, extra_memory=77, throughput={"1 to 1": 20.0}
            )
        }
    }


def test_who_fails_at_a_size_has_no_figures_there_and_a_reason() -> None:
    gathered = Gathered()
    for size in SIZES:
        gathered.rounds[size, "peer"] = [Round(2.0, (1.0,))]
        gathered.requests[size, "peer"], gathered.extra_memory[size, "peer"] = 1, 0
    gathered.leave_out(("10 MB", "peer"), "answered 500")
    assert list(gathered.cells()) == ["59 KB", "555 KB"]
    assert gathered.missing == {"peer": "10 MB: answered 500"}


def test_a_demand_holds_at_its_limit() -> None:
    assert broken(results()) == []


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (
            with_service("59 KB", cell(0.6, 295_000)),
            ["CPU at 59 KB, as a multiple of the typed floor"],
        ),
        (
            with_service("59 KB", cell(0.59, 296_000)),
            ["peak extra memory at 59 KB, in bodies"],
        ),
        (
            with_service("555 KB", cell(8.5, 2_775_000)),
            [
                "CPU at 555 KB, as a multiple of the typed floor",
                "CPU at 555 KB, as a share of HealthChain, dicts",
                "CPU at 555 KB, as a share of HealthChain, fhir.resources",
                "cost of a byte from 0.5 to 10 MB: farthest from the median",
            ],
        ),
        (
            with_service("10 MB", cell(60, 50_000_000)),
            ["cost of a byte from 0.5 to 10 MB: farthest from the median"],
        ),
        (
            results(quadratic={1_000: 100.0, 10_000: 1_300.0}),
            ["observations by medications of one patient: the cost grows with the power"],
        ),
        (
            results(cold_start_seconds={SERVICE: 2.01}),
            ["CPU from cold start to the first answer, two workers"],
        ),
        (
            results(models_imported=True),
            ["modules of fhir.resources loaded by a hook call (0 none, 1 some)"],
        ),
        (
            with_signed("ES384", replace(cell(10), cpu_ms=10.1)),
            ["CPU at 80 KB, signed (ES384) and stored, as a multiple of the evaluation alone"],
        ),
        (
            with_signed("RS384", replace(cell(10), p50_ms=10.1)),
            ["p50 at 80 KB, signed (RS384) and stored, as a multiple of the evaluation alone"],
        ),
    ],
)
def test_a_demand_does_not_hold_past_its_limit(run: Results, expected: list[str]) -> None:
    assert broken(run) == expected


def test_what_was_not_measured_is_not_said_to_hold() -> None:
    run = results(
        cells={},
        cold_start_seconds={},
        quadratic={},
        models_imported=None,
        signed={EVALUATION: cell(5)},
    )
    verdicts = {
        each.verdict for each in demands_on(run) if "fhir.resources loaded" not in each.claim
    }
    assert verdicts == {"not measured"}


def test_the_limits_are_those_that_were_asked_for() -> None:
    limits = {each.claim: each.limit for each in demands_on(results())}
    assert list(limits.values()) == [
        3,
        2,
        2,
        0.5,
        0.5,
        0.02,
        0.02,
        20,
        1.1,
        5,
        5,
        5,
        2,
        0,
        2,
        2,
        2,
        2,
    ]


def test_the_document_tells_every_demand_contestant_and_size() -> None:
    run = results()
    text = render(run)
    assert [each.claim for each in demands_on(run) if each.claim not in text] == []
    assert [each.name for each in CONTESTANTS if each.name not in text] == []
    assert "18 of 18 hold." in text
    assert "| 10,000 by 9,999 | 1,250 | 62.5 |" in text
    assert "| a set | 10 | 2.50 | 400 | 1 |" in text


def test_the_document_tells_signed_calls_beside_the_evaluation_alone() -> None:
    text = render(results())
    names = [each.name for each in SIGNED_CONTESTANTS]
    assert [name for name in names if f"| {name} | " not in text] == []
    assert "A call of 80 KB (80,321 bytes)" in text
    assert f"| {SIGNED['RS384']} | 10.0 (2.00) | 10.0 (2.00) | 10.0 (2.00) |" in text


def test_signed_calls_are_told_though_the_evaluation_alone_was_not_timed() -> None:
    signed = results().signed
    del signed[EVALUATION]
    text = render(results(signed=signed, missing={EVALUATION: "did not start"}))
    assert f"| {EVALUATION} | not timed: did not start |" in text
    assert f"| {SIGNED['ES384']} | 10.0 | 10.0 | 10.0 |" in text


def test_the_document_says_what_a_fiftieth_of_the_models_path_is_worth() -> None:
    assert "comes to 2.00 typed floors at 555 KB, 2.00 at 10 MB." in render(results())


def test_the_document_says_who_was_left_out_and_why() -> None:
    text = render(results(missing={"cql-execution": "Node.js and npm are not on this machine"}))
    assert "| cql-execution | not timed: Node.js and npm are not on this machine |" in text


def test_a_quick_run_says_so() -> None:
    assert "A quick run of 2 rounds" in render(results(quick=True, rounds=2))


def test_a_broken_demand_stands_out_on_the_screen() -> None:
    lines = render_demands([Demand("speed", 3.0, 2.0), Demand("size", None, 1.0)]).splitlines()
    assert lines[0].split() == ["speed", "3.00", "≤", "2.00", "does", "not", "hold"]
    assert lines[1].endswith("not measured")


@pytest.mark.parametrize(
    ("value", "told"), [(0.123, "0.12"), (12.34, "12.3"), (123.4, "123"), (12345.6, "12,346")]
)
def test_a_number_keeps_about_three_digits(value: float, told: str) -> None:
    assert number(value) == told


def test_a_step_is_told_in_floors() -> None:
    run = results(steps={size: dict.fromkeys((FLOOR, *STEPS), 0.59) for size in SIZES})
    floors = [run.cells[size][TYPED_FLOOR].cpu_ms for size in SIZES]
    told = " | ".join(f"0.59 ({0.59 / floor:.2f})" for floor in floors)
    assert [step for step in (FLOOR, *STEPS) if f"| {step} | {told} |" not in render(run)] == []
