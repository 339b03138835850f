"""How large is a share, of how many, and how sure is it? Never a percentage alone.

Source: review.md section 5. The interval is Wilson's for 95 %, as statsmodels gives it
(`proportion_confint(method="wilson")`).
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
UNDEFINED = "\N{EN DASH}"
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)

_PER_CENT = 100
# An interval this narrow, in per cent, is worth one more decimal.
_ONE_DECIMAL_BELOW, _TWO_DECIMALS_BELOW = 10, 1


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value may well lie."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A figure in words. value: a dash where it is not defined; `why` says why.

    within: its interval; n: what it rests on.
    """

    value: str
    within: str = ""
    n: str = ""
    why: str = ""

    def __str__(self) -> str:
        """Write it in one line: "77 % (95 % interval 65 to 86 %; 46 of 60)"."""
        beside = "; ".join(part for part in (self.within, self.n) if part)
        return f"{self.value} ({beside})" if beside and self.value != UNDEFINED else self.value


@dataclass(frozen=True, slots=True)
class Proportion:
    """So many of so many. A share of nothing is not defined, and is written as a dash."""

    count: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.of:
            raise ValueError(f"{self.count} of {self.of} is no share")

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None for a zero denominator."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval; None for a zero denominator."""
        return wilson(self.count, self.of) if self.of else None

    @property
    def written(self) -> Written:
        """Write it as a percentage with its interval."""
        if self.share is None or self.interval is None:
            return Written(value=UNDEFINED, n=self.counted)
        value, within = write_percent(self.share, self.interval)
        return Written(value=value, within=within, n=self.counted)

    @property
    def counted(self) -> str:
        """Write "46 of 60"."""
        return f"{self.count:,} of {self.of:,}"

    def __str__(self) -> str:
        """Write "46 of 60 (77 %, 95 % interval 65 to 86 %)"; a dash for a zero denominator."""
        written = self.written
        if self.share is None:
            return UNDEFINED
        return f"{written.n} ({written.value}, {written.within})"

    def per(self, many: int) -> Written:
        """Write it as a rate: "30.1 per 1,000", with its interval."""
        if self.share is None or self.interval is None:
            return Written(value=UNDEFINED, n=self.counted)
        low, high = self.interval.low * many, self.interval.high * many
        return Written(
            value=f"{self.share * many:.1f} per {many:,}",
            within=f"95 % interval {low:.1f} to {high:.1f}",
            n=self.counted,
        )

    def to_wire(self) -> dict[str, object]:
        """Give it as JSON; what is not defined is left out."""
        told: dict[str, object] = {"count": self.count, "of": self.of}
        if self.share is not None and self.interval is not None:
            told |= {"share": self.share, "low": self.interval.low, "high": self.interval.high}
        return told


def wilson(count: int, of: int) -> Interval:
    """Give Wilson's interval of a share. of: above 0."""
    share, spread = count / of, Z * Z / of
    centre = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / of + spread / of / 4) / (1 + spread)
    # At the ends the exact limit is the end itself; arithmetic misses it by its last digit.
    return Interval(
        low=0.0 if count == 0 else max(0.0, centre - half),
        high=1.0 if count == of else min(1.0, centre + half),
    )


def write_percent(share: float, interval: Interval) -> tuple[str, str]:
    """Write a share and its interval: "77 %" and "95 % interval 65 to 86 %".

    Digits follow the interval, so that no number looks surer than it is.
    """
    low, high = interval.low * _PER_CENT, interval.high * _PER_CENT
    digits = _digits(high - low)
    within = f"95 % interval {low:.{digits}f} to {high:.{digits}f} %"
    return f"{share * _PER_CENT:.{digits}f} %", within


def _digits(width: float) -> int:
    if width < _TWO_DECIMALS_BELOW:
        return 2
    return 1 if width < _ONE_DECIMAL_BELOW else 0
