"""How is a number written that is no plain share? With its interval, and what it rests on."""

from dataclasses import dataclass

from cds.review.proportion import UNDEFINED, Interval, Written, write_percent

NO_INTERVAL = "no interval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One number with its interval.

    value: None where it is not defined; then `because` says why. interval: None where none can be
    given; `because` says why. n: what it rests on.
    """

    value: float | None
    interval: Interval | None = None
    n: int
    because: str = ""

    @property
    def written(self) -> Written:
        """Write it as a plain number: "0.62", with "95 % interval 0.41 to 0.83"."""
        if self.value is None:
            return Written(value=UNDEFINED, n=self.counted, why=self.because)
        within = NO_INTERVAL
        if self.interval is not None:
            within = f"95 % interval {_two(self.interval.low)} to {_two(self.interval.high)}"
        return Written(value=_two(self.value), within=within, n=self.counted, why=self.because)

    @property
    def as_percent(self) -> Written:
        """Write it as a percentage; one without an interval is not written so."""
        if self.value is None or self.interval is None:
            return Written(value=UNDEFINED, n=self.counted, why=self.because)
        value, within = write_percent(self.value, self.interval)
        return Written(value=value, within=within, n=self.counted, why=self.because)

    @property
    def counted(self) -> str:
        """Write "n = 60"."""
        return f"n = {self.n:,}"

    def to_wire(self) -> dict[str, object]:
        """Give it as JSON; what is not defined is left out."""
        told: dict[str, object] = {"n": self.n}
        if self.value is not None:
            told["value"] = self.value
        if self.interval is not None:
            told |= {"low": self.interval.low, "high": self.interval.high}
        return told | ({"because": self.because} if self.because else {})


def undefined(n: int, because: str) -> Estimate:
    """Say that there is no such number, and why."""
    return Estimate(value=None, n=n, because=because)


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
