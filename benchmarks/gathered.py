"""What has a run gathered so far? Rounds of everybody at every size, boiled down at the end."""

import time
from dataclasses import dataclass, field

from benchmarks.load import Round
from benchmarks.results import LOADS, Cell, load_key, middle, percentile

Key = tuple[str, str]  # size and contestant


@dataclass(slots=True)
class Gathered:
    """What has been gathered, by size and contestant.

    requests: how many make a turn; a contestant without it is not timed at that size. missing:
    contestant to reason.
    """

    started: float = field(default_factory=time.monotonic)
    rounds: dict[Key, list[Round]] = field(default_factory=dict)
    requests: dict[Key, int] = field(default_factory=dict)
    extra_memory: dict[Key, int] = field(default_factory=dict)
    rates: dict[tuple[Key, str], list[float]] = field(default_factory=dict)
    cold_starts: dict[str, float] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def latencies(self, key: Key) -> list[float]:
        """Give the time of every request in ms."""
        return [each for one in self.rounds[key] for each in one.latencies_ms]

    def leave_out(self, key: Key, reason: str) -> None:
        """Give a contestant up at a size, and say why."""
        size, name = key
        self.missing.setdefault(name, f"{size}: {reason}")
        self.requests.pop(key, None)

    def most_rounds(self) -> int:
        """Say how many rounds there were."""
        return max(map(len, self.rounds.values()), default=0)

    def is_after(self, seconds: float) -> bool:
        """Say whether the run has taken longer than this."""
        return time.monotonic() - self.started > seconds

    def cells(self) -> dict[str, dict[str, Cell]]:
        """Boil the rounds down to medians and percentiles."""
        cells: dict[str, dict[str, Cell]] = {}
        for key in self.requests:
            if self.rounds[key]:
                size, name = key
                cells.setdefault(size, {})[name] = self._cell(key)
        return cells

    def _cell(self, key: Key) -> Cell:
        latencies = self.latencies(key)
        rates = {load: self.rates.get((key, load)) for load in map(_key_of_load, LOADS)}
        return Cell(
            cpu_ms=middle([one.cpu_ms for one in self.rounds[key]]),
            p50_ms=percentile(latencies, 50),
            p95_ms=percentile(latencies, 95),
            extra_memory=self.extra_memory[key],
            throughput={load: middle(found) for load, found in rates.items() if found},
        )


def _key_of_load(load: tuple[int, int]) -> str:
    return load_key(*load)
