"""Where does each point of a trend stand? Across in per cent of the width, up in pixels.

The table beside a plot says all that it shows, so a plot is a picture alone. Points differ from
their intervals in shape, and nothing is told by colour.
"""

import math
from dataclasses import dataclass

from cds.review.trend import Bucket, Trend

PER = 1000
HEIGHT = 150
_TOP, _BOTTOM = 26, 112
_LEFT, _RIGHT = 4.0, 97.0
_STEPS = (1, 2, 5, 10)
_LINES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One bucket. at: across; middle, high, low: up and down."""

    at: str
    middle: str
    high: str
    low: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the scale."""

    y: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPlot:
    """One window. first, last: the words under its ends. without: buckets without evaluations."""

    days: int
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    first: str
    last: str
    without: int
    height: int = HEIGHT
    base: str = f"{_BOTTOM}"


def plot_trend(trend: Trend) -> TrendPlot:
    """Place the points of a window; a bucket without evaluations has none."""
    top = _top_of(trend)
    shown = [
        _mark(number, bucket, trend, top)
        for number, bucket in enumerate(trend.buckets)
        if bucket.firing.per_view.of
    ]
    return TrendPlot(
        days=trend.days,
        marks=tuple(shown),
        lines=tuple(
            Line(y=_up(top * part / _LINES, top), label=f"{top * part / _LINES:,g}")
            for part in range(_LINES + 1)
        ),
        first=trend.buckets[0].first.isoformat(),
        last=trend.buckets[-1].last.isoformat(),
        without=len(trend.buckets) - len(shown),
    )


def _mark(number: int, bucket: Bucket, trend: Trend, top: float) -> Mark:
    share, limits = bucket.firing.per_view.share or 0.0, bucket.firing.per_view.interval
    low, high = (share, share) if limits is None else (limits.low, limits.high)
    width = (_RIGHT - _LEFT) / len(trend.buckets)
    return Mark(
        at=f"{_LEFT + (number + 1 / 2) * width:.2f}%",
        middle=_up(share * PER, top),
        high=_up(high * PER, top),
        low=_up(low * PER, top),
    )


def _top_of(trend: Trend) -> float:
    """Give the end of the scale: a round number above every interval."""
    limits = [each.firing.per_view.interval for each in trend.buckets]
    highest = max((each.high * PER for each in limits if each is not None), default=1.0)
    power = 10.0 ** math.floor(math.log10(highest))
    return min(float(PER), next(power * each for each in _STEPS if power * each >= highest))


def _up(value: float, top: float) -> str:
    return f"{_BOTTOM - (_BOTTOM - _TOP) * value / top:.1f}"
