"""Where does a value stand on the scale of its strip, and which values are marked beside it?"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cds.timeline.scene import Panel
from rules.plain_words import number

_LEAST_ROOM = 17.0
_EVEN_STEPS = (1, 2, 5, 10, 20, 50, 100)
_RATIOS = (1, 3)


@dataclass(frozen=True, slots=True)
class ValueScale:
    """A scale from the bottom of a strip to its top, in CSS pixels; even, or in equal ratios."""

    panel: Panel
    top: float
    bottom: float

    def y(self, value: Decimal) -> float:
        """Give the height of a value; one beyond the scale stands at its end."""
        share = (self._shape(value) - self._shape(self.panel.low)) / (
            self._shape(self.panel.high) - self._shape(self.panel.low)
        )
        return self.bottom - min(1.0, max(0.0, share)) * (self.bottom - self.top)

    def ticks(self) -> Iterator[tuple[Decimal, str]]:
        """Give the marked values, as many as there is room for, with their words."""
        values = list(self._ratios() if self.panel.logarithmic else self._even())
        room = abs(self.y(values[0]) - self.y(values[1])) if len(values) > 1 else _LEAST_ROOM
        every = max(1, math.ceil(_LEAST_ROOM / room))
        for value in values[::every]:
            yield value, number(value)

    def _shape(self, value: Decimal) -> float:
        if self.panel.logarithmic:
            return math.log10(max(value, self.panel.low))
        return float(value)

    def _even(self) -> Iterator[Decimal]:
        span = self.panel.high - self.panel.low
        fits = (self.bottom - self.top) / _LEAST_ROOM / 2
        step = next((each for each in _EVEN_STEPS if span / each <= fits + 1), _EVEN_STEPS[-1])
        value = self.panel.low
        while value <= self.panel.high:
            yield value
            value += step

    def _ratios(self) -> Iterator[Decimal]:
        power = math.floor(math.log10(self.panel.low))
        while True:
            for ratio in _RATIOS:
                value = ratio * Decimal(10) ** power
                if value > self.panel.high:
                    return
                if value >= self.panel.low:
                    yield value
            power += 1
