"""Is the service fast enough? Every demand with what was measured, and whether it holds."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.bodies import SIGNED_SIZE
from benchmarks.contestants import (
    EVALUATION,
    HEALTHCHAIN_DICTS,
    HEALTHCHAIN_MODELS,
    SERVICE,
    SIGNED,
    TYPED_FLOOR,
)
from benchmarks.results import Cell, Results, middle

MEDIUM_BYTES = 500_000

SMALL_FLOORS = 3.0
FLOORS = 2.0
HEALTHCHAIN_DICTS_SHARE = 1 / 2
HEALTHCHAIN_MODELS_SHARE = 1 / 50
FLATNESS = 0.20
# Linear work grows with the first power; one tenth is left for what a larger heap costs.
GROWTH_POWER = 1.1
BODIES_OF_MEMORY = 5.0
COLD_START_SECONDS = 2.0
EVALUATIONS = 2.0


@dataclass(frozen=True, slots=True)
class Demand:
    """One demand. measured: None where it could not be measured, and then it is not known to hold.

    digits: how many decimals the numbers are told with.
    """

    claim: str
    measured: float | None
    limit: float
    unit: str = ""
    digits: int = 2

    @property
    def verdict(self) -> str:
        """Say holds, does not hold, or not measured."""
        if self.measured is None:
            return "not measured"
        return "holds" if self.measured <= self.limit else "does not hold"

    @property
    def told(self) -> str:
        """Give the measured number as it is shown."""
        return "" if self.measured is None else self._number(self.measured)

    @property
    def told_limit(self) -> str:
        """Give the limit as it is shown."""
        return f"≤ {self._number(self.limit)}"

    def _number(self, value: float) -> str:
        return f"{value:.{self.digits}f} {self.unit}".strip()


def demands_on(results: Results) -> list[Demand]:
    """Hold a run against every demand, in the order of the issues that made them."""
    return [
        *_on_floors(results),
        *_on_healthchain(results),
        _on_flatness(results),
        _on_growth(results),
        *_on_memory(results),
        _on_cold_start(results),
        _on_imports(results),
        *_on_signed(results),
    ]


def _on_floors(results: Results) -> Iterator[Demand]:
    for size, length in results.sizes.items():
        limit = FLOORS if length >= MEDIUM_BYTES else SMALL_FLOORS
        ratio = cpu_ratio(results, size, TYPED_FLOOR)
        yield Demand(f"CPU at {size}, as a multiple of the typed floor", ratio, limit)


def _on_healthchain(results: Results) -> Iterator[Demand]:
    for peer, limit, digits in (
        (HEALTHCHAIN_DICTS, HEALTHCHAIN_DICTS_SHARE, 2),
        (HEALTHCHAIN_MODELS, HEALTHCHAIN_MODELS_SHARE, 3),
    ):
        for size in medium_sizes(results):
            ratio = cpu_ratio(results, size, peer)
            yield Demand(f"CPU at {size}, as a share of {peer}", ratio, limit, digits=digits)


def _on_flatness(results: Results) -> Demand:
    """Judge how far the cost of a byte at any size is from their median."""
    sizes = medium_sizes(results)
    cells = {size: results.cell(size, SERVICE) for size in sizes}
    costs = [cell.cpu_ms / results.sizes[size] for size, cell in cells.items() if cell]
    measured = None
    if len(costs) == len(sizes) > 1:
        centre = middle(costs)
        measured = max(abs(cost / centre - 1) for cost in costs) * 100
    claim = "cost of a byte from 0.5 to 10 MB: farthest from the median"
    return Demand(claim, measured, FLATNESS * 100, "%", 0)


def _on_growth(results: Results) -> Demand:
    """Judge the power with which the cost grows between the fewest and the most resources."""
    measured = None
    if len(results.quadratic) > 1:
        few, many = min(results.quadratic), max(results.quadratic)
        grown = results.quadratic[many] / results.quadratic[few]
        measured = math.log(grown) / math.log(many / few)
    claim = "observations by medications of one patient: the cost grows with the power"
    return Demand(claim, measured, GROWTH_POWER)


def _on_memory(results: Results) -> Iterator[Demand]:
    for size, length in results.sizes.items():
        cell = results.cell(size, SERVICE)
        measured = cell.extra_memory / length if cell else None
        yield Demand(
            f"peak extra memory at {size}, in bodies", measured, BODIES_OF_MEMORY, digits=1
        )


def _on_cold_start(results: Results) -> Demand:
    seconds = results.cold_start_seconds.get(SERVICE)
    claim = "CPU from cold start to the first answer, two workers"
    return Demand(claim, seconds, COLD_START_SECONDS, "s")


def _on_imports(results: Results) -> Demand:
    claim = "modules of fhir.resources loaded by a hook call (0 none, 1 some)"
    loaded = results.models_imported
    return Demand(claim, None if loaded is None else float(loaded), 0, "", 0)


def _on_signed(results: Results) -> Iterator[Demand]:
    """Judge what a call costs and takes with all that a deployment adds to the evaluation."""
    alone = results.signed.get(EVALUATION)
    for algorithm, name in SIGNED.items():
        cell = results.signed.get(name)
        claim = (
            f"at {SIGNED_SIZE}, signed ({algorithm}) and stored, as a multiple of the {EVALUATION}"
        )
        yield Demand(f"CPU {claim}", _over(cell, alone, _cpu), EVALUATIONS)
        yield Demand(f"p50 {claim}", _over(cell, alone, _p50), EVALUATIONS)


def _cpu(cell: Cell) -> float:
    return cell.cpu_ms


def _p50(cell: Cell) -> float:
    return cell.p50_ms


def _over(cell: Cell | None, other: Cell | None, figure: Callable[[Cell], float]) -> float | None:
    """Give a figure as a multiple of another's; None where one is missing."""
    return figure(cell) / figure(other) if cell and other and figure(other) else None


def cpu_ratio(results: Results, size: str, other: str) -> float | None:
    """Give the service's CPU per request as a multiple of another's; None where one is missing."""
    return _over(results.cell(size, SERVICE), results.cell(size, other), _cpu)


def peer_share_in_floors(results: Results, size: str) -> float | None:
    """Give what is allowed beside HealthChain's models, as a multiple of the typed floor."""
    peer, floor = results.cell(size, HEALTHCHAIN_MODELS), results.cell(size, TYPED_FLOOR)
    if not (peer and floor and floor.cpu_ms):
        return None
    return peer.cpu_ms * HEALTHCHAIN_MODELS_SHARE / floor.cpu_ms


def medium_sizes(results: Results) -> list[str]:
    """Name the sizes from half a megabyte up."""
    return [size for size, length in results.sizes.items() if length >= MEDIUM_BYTES]
