"""What are figures held against, and which other numbers of the rule are tried? figures.toml."""

import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import product

from pydantic import BaseModel, ConfigDict, Field

from cds.review.proportion import Interval, Proportion, wilson


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bar(_Part):
    """The bar that was set beforehand: this kappa, or so many agreed of so many."""

    kappa: float
    agreed: int
    of: int
    source: str

    def is_reached_by_kappa(self, kappa: float | None) -> bool | None:
        """Whether a kappa lies at the bar or above; None where there is none."""
        return None if kappa is None else kappa >= self.kappa

    def is_reached_by_agreement(self, percent: Proportion) -> bool | None:
        """Whether a share that agrees lies at the bar or above; None for no pair."""
        return None if not percent.of else percent.count * self.of >= self.agreed * percent.of


class SampleSizes(_Part):
    """Which shares and numbers the table of sample sizes shows."""

    true_ppv: tuple[float, ...]
    judged: tuple[int, ...]

    def interval(self, true_ppv: float, judged: int) -> Interval:
        """Give Wilson's interval where exactly this share of so many cards was right."""
        return wilson(round(true_ppv * judged), judged)


class Choice(_Part):
    """One value to try. words: with its unit, as it is read."""

    value: Decimal
    words: str


class Alternative(_Part):
    """A parameter with the values to try. parameter: "table.key", as in rules/parameters."""

    parameter: str
    label: str
    unit: str
    values: tuple[Choice, ...] = Field(min_length=1)


class Yardstick(_Part):
    """All of figures.toml."""

    bar: Bar
    sample_size: SampleSizes
    alternatives: tuple[Alternative, ...]

    def combinations(self) -> tuple[tuple[tuple[Alternative, Choice], ...], ...]:
        """Give every combination of the values to try."""
        return tuple(
            tuple(zip(self.alternatives, choices, strict=True))
            for choices in product(*(each.values for each in self.alternatives))
        )


@cache
def read_yardstick() -> Yardstick:
    """Read figures.toml. Errors: pydantic's ValidationError for a file that was spoilt."""
    text = files("cds.review").joinpath("figures.toml").read_text(encoding="utf-8")
    return Yardstick.model_validate(tomllib.loads(text, parse_float=Decimal))
