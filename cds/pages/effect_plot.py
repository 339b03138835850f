"""Where does each effect stand on its scale? Rows of a plot, in per cent of its width.

Effects of different kinds share no scale, so each kind has a panel. To the right is always "better
with the drug", whatever the sign of the publication.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.knowledge.ledger import Estimate, Study

_MARGIN = 7.0  # per cent at each side, so that no label is cut
_INTERVALS = 5
_STEPS = (1, 2, 5, 10)
_UNITS = {"percentage_points": " percentage points", "score_points": " points"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    at: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotRow:
    """One effect. at, low, high: per cent of the width; effect: the numbers as published."""

    study: Study
    estimate: Estimate
    effect: str
    reading: str
    at: str
    low: str | None
    high: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All effects of one measure. none_at: where "no difference" stands."""

    measure: str
    rows: tuple[PlotRow, ...]
    ticks: tuple[Tick, ...]
    none_at: str


def draw_panels(studies: Iterable[Study]) -> tuple[Panel, ...]:
    """Give a panel for each measure the ledger has numbers in, in the order of the ledger."""
    by_measure: dict[str, list[tuple[Study, Estimate]]] = {}
    for study in studies:
        for estimate in study.estimates:
            by_measure.setdefault(estimate.measure, []).append((study, estimate))
    return tuple(_panel(measure, found) for measure, found in by_measure.items())


def without_a_number(studies: Iterable[Study]) -> tuple[Study, ...]:
    """Give the finished trials whose main outcome is known in words only."""
    return tuple(
        study
        for study in studies
        if study.kind == "trial"
        and study.direction != "pending"
        and not any(each.role == "main" for each in study.estimates)
    )


def write_effect(estimate: Estimate) -> str:
    """Write value and interval as published: "0.35 (0.05 to 0.64)"."""
    unit = _UNITS.get(estimate.measure, "")
    value = _signed(estimate.value)
    if estimate.low is None or estimate.high is None:
        return f"{value}{unit} (interval not known)"
    return f"{value}{unit} ({_signed(estimate.low)} to {_signed(estimate.high)})"


def read_effect(estimate: Estimate) -> str:
    """Say in words which way an effect points, and whether its interval holds no difference."""
    favoured = "the drug" if _oriented(estimate.value, estimate) > 0 else "no drug"
    if estimate.excludes_no_effect is None:
        return f"favours {favoured}; how certain, is not known"
    if estimate.excludes_no_effect:
        return f"favours {favoured}; the interval leaves out no difference"
    return f"favours {favoured}; the interval includes no difference"


def _panel(measure: str, found: Sequence[tuple[Study, Estimate]]) -> Panel:
    estimates = [estimate for _, estimate in found]
    scale = _Scale.over(estimates)
    return Panel(
        measure=measure,
        rows=tuple(_row(study, estimate, scale) for study, estimate in found),
        ticks=tuple(scale.ticks(estimates[0])),
        none_at=scale.place(0.0),
    )


def _row(study: Study, estimate: Estimate, scale: "_Scale") -> PlotRow:
    ends = sorted(
        _oriented(end, estimate) for end in (estimate.low, estimate.high) if end is not None
    )
    return PlotRow(
        study=study,
        estimate=estimate,
        effect=write_effect(estimate),
        reading=read_effect(estimate),
        at=scale.place(_oriented(estimate.value, estimate)),
        low=scale.place(ends[0]) if ends else None,
        high=scale.place(ends[-1]) if ends else None,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """A straight scale from first to last, both whole steps. Ratios stand on it as doublings."""

    first: float
    last: float
    step: float

    @classmethod
    def over(cls, estimates: Iterable[Estimate]) -> "_Scale":
        values = [0.0]
        for each in estimates:
            ends = (each.value, each.low, each.high)
            values += [_oriented(end, each) for end in ends if end is not None]
        step = _step((max(values) - min(values)) / _INTERVALS)
        first = min(math.floor(min(values) / step), -1)  # the side "worse" is always there to see
        return cls(first * step, max(math.ceil(max(values) / step), 1) * step, step)

    def place(self, value: float) -> str:
        share = (value - self.first) / (self.last - self.first)
        return f"{_MARGIN + share * (100 - 2 * _MARGIN):.2f}%"

    def ticks(self, example: Estimate) -> Iterator[Tick]:
        for number in range(round((self.last - self.first) / self.step) + 1):
            value = self.first + number * self.step
            yield Tick(at=self.place(value), label=_label(value, example))


def _oriented(value: Decimal, estimate: Estimate) -> float:
    """Turn a value so that more is better with the drug and zero is no difference."""
    plain = math.log2(value) if estimate.measure == "risk_ratio" else float(value)
    return plain if estimate.better == "higher" else -plain


def _step(least: float) -> float:
    """The least of 1, 2, 5, 10, … (or a tenth of them, and so on) that is enough."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * each for each in _STEPS if power * each >= least)


def _label(value: float, example: Estimate) -> str:
    if example.measure == "risk_ratio":
        return f"{2**value:.3g}"
    return f"{abs(value):.4g}"


def _signed(value: Decimal) -> str:
    return f"{value}".replace("-", "\N{MINUS SIGN}")
