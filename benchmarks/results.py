"""What did a run find? Plain data: measured once, then judged, drawn and written."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

LOADS = ((1, 1), (4, 1), (1, 2), (4, 2))  # connections, workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One contestant at one size. Times in ms, memory in bytes, throughput in requests a second.

    extra_memory: the peak over what was resident before. throughput: by connections and workers;
    empty where a request takes too long to count many.
    """

    cpu_ms: float
    p50_ms: float
    p95_ms: float
    extra_memory: int
    throughput: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """How fast patients of one data set are judged without HTTP, on one core."""

    name: str
    patients: int
    evidence_cards: int
    megabytes: float
    patients_per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A whole run. cells: by size and contestant. missing: contestant to reason.

    quadratic: CPU ms of one request by how many observations, and as many medications, it holds.
    signed: one size with signed calls, by contestant; signed_bytes: that size.
    steps: CPU ms of each step of an evaluation, by size.
    """

    machine: str
    sizes: dict[str, int]
    cells: dict[str, dict[str, Cell]]
    missing: dict[str, str]
    cold_start_seconds: dict[str, float]
    steps: dict[str, dict[str, float]]
    quadratic: dict[int, float]
    models_imported: bool | None
    populations: list[Population]
    signed_bytes: int
    signed: dict[str, Cell]
    signed_rounds: int
    rounds: int
    quick: bool

    def cell(self, size: str, contestant: str) -> Cell | None:
        """Give what was measured, or None."""
        return self.cells.get(size, {}).get(contestant)


def load_key(connections: int, workers: int) -> str:
    """Name a load as the tables do."""
    return f"{connections} to {workers}"


def percentile(values: Sequence[float], percent: float) -> float:
    """Give the smallest value that at least this share of all does not exceed.

    Errors: ValueError without values.
    """
    if not values:
        raise ValueError("no values")
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


def middle(values: Sequence[float]) -> float:
    """Give the median: one disturbed round does not move it. Errors: ValueError without values."""
    if not values:
        raise ValueError("no values")
    return median(values)
