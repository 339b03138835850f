"""Are judged decisions weighted back to all that were decided, and does the interval hold?"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.review.accuracy import Settled, count_matrix
from cds.review.sampling import Stratum
from cds.review.weighting import NO_CONTROLS, NO_FIRES, weigh

EXACT = 1e-9
MEASURES = ("ppv", "npv", "sensitivity", "specificity")


@dataclass(frozen=True, slots=True)
class Part:
    """A stratum in which every decision fired, or none: how many held, agreed and disagreed."""

    name: str
    fired: bool
    held: int
    agreed: int
    disagreed: int

    @property
    def judged(self) -> int:
        return self.agreed + self.disagreed

    def stratum(self) -> Stratum:
        return Stratum(name=self.name, held=self.held, drawn=self.judged)

    def settled(self, times: int = 1) -> list[Settled]:
        agreed = Settled(stratum=self.name, fired=self.fired, verdict="agree")
        disagreed = Settled(stratum=self.name, fired=self.fired, verdict="disagree")
        return [agreed] * (self.agreed * times) + [disagreed] * (self.disagreed * times)


# Every fire was judged, and few of the many decisions without a card.
FIRES = Part("shown", fired=True, held=100, agreed=80, disagreed=20)
NEAR = Part("near_miss", fired=False, held=300, agreed=57, disagreed=3)
REST = Part("nothing_to_say", fired=False, held=9_000, agreed=99, disagreed=1)
DESIGN = (FIRES, NEAR, REST)


def weighed(parts: Sequence[Part]) -> dict[str, float | None]:
    accuracy = weigh([each.stratum() for each in parts], [s for p in parts for s in p.settled()])
    return {name: getattr(accuracy, name).value for name in MEASURES}


def test_the_design_gives_the_numbers_worked_out_by_hand() -> None:
    found = weighed(DESIGN)
    # True positives 80, false 20; missed 300 * 3/60 + 9000 * 1/100 = 105; rightly silent 9195.
    assert found["ppv"] == pytest.approx(80 / 100, abs=EXACT)
    assert found["sensitivity"] == pytest.approx(80 / (80 + 105), abs=EXACT)
    assert found["specificity"] == pytest.approx(9195 / (9195 + 20), abs=EXACT)
    assert found["npv"] == pytest.approx(9195 / 9300, abs=EXACT)


@st.composite
def parts(draw: st.DrawFn) -> tuple[Part, ...]:
    """Strata that hold a whole multiple of what was judged, so that each can be written out."""
    made = []
    for name, fired in (("shown", True), ("silent", True), ("near_miss", False), ("rest", False)):
        agreed, disagreed = draw(st.integers(1, 8)), draw(st.integers(0, 8))
        held = (agreed + disagreed) * draw(st.integers(1, 20))
        made.append(Part(name, fired=fired, held=held, agreed=agreed, disagreed=disagreed))
    return tuple(made)


@given(parts())
def test_weighting_equals_writing_every_decision_out(design: tuple[Part, ...]) -> None:
    expanded = count_matrix(s for part in design for s in part.settled(part.held // part.judged))
    for name, value in weighed(design).items():
        assert value == pytest.approx(getattr(expanded, name).share, abs=EXACT)


@given(parts())
def test_each_measure_lies_within_its_interval(design: tuple[Part, ...]) -> None:
    accuracy = weigh([each.stratum() for each in design], [s for p in design for s in p.settled()])
    for name in MEASURES:
        estimate = getattr(accuracy, name)
        assert estimate.value is not None
        assert -EXACT <= estimate.interval.low <= estimate.value + EXACT
        assert estimate.value - EXACT <= estimate.interval.high <= 1 + EXACT


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 60), st.integers(0, 60))
def test_of_one_kind_of_stratum_the_interval_is_wilsons(
    agreed: int, disagreed: int, right: int, missed: int
) -> None:
    design = (
        Part("fired", fired=True, held=1_000, agreed=agreed, disagreed=disagreed),
        Part("not_fired", fired=False, held=1_000, agreed=right, disagreed=missed),
    )
    settled = [s for part in design for s in part.settled()]
    accuracy = weigh([part.stratum() for part in design], settled)
    for name in ("ppv", "npv"):
        plain, found = getattr(count_matrix(settled), name).interval, getattr(accuracy, name)
        assert found.interval.low == pytest.approx(plain.low, abs=EXACT)
        assert found.interval.high == pytest.approx(plain.high, abs=EXACT)


def test_with_many_judged_the_interval_is_the_one_of_the_linearised_variance() -> None:
    many = 400
    design = tuple(
        Part(p.name, p.fired, p.held, p.agreed * many, p.disagreed * many) for p in DESIGN
    )
    accuracy = weigh([each.stratum() for each in design], [s for p in design for s in p.settled()])
    sensitivity = accuracy.sensitivity
    assert sensitivity.value is not None
    assert sensitivity.interval is not None
    half = 1.959963984540054 * sqrt(_linearised(design, sensitivity.value))
    assert sensitivity.interval.high - sensitivity.value == pytest.approx(half, rel=0.02)
    assert sensitivity.value - sensitivity.interval.low == pytest.approx(half, rel=0.02)


def _linearised(design: Sequence[Part], ratio: float) -> float:
    """The variance of a ratio of two weighted totals, by Taylor: true positives of true ones."""
    total = variance = 0.0
    for part in design:
        wanted = [1.0] * part.agreed if part.fired else []
        others = [0.0] * part.disagreed if part.fired else [0.0] * part.agreed
        missed = [] if part.fired else [1.0] * part.disagreed
        residuals = [1 - ratio] * len(wanted) + [0.0] * len(others) + [-ratio] * len(missed)
        total += part.held * (len(wanted) + len(missed)) / part.judged
        mean = sum(residuals) / part.judged
        spread = sum((each - mean) ** 2 for each in residuals) / (part.judged - 1)
        variance += part.held**2 * spread / part.judged
    return variance / total**2


@pytest.mark.parametrize("shares", [(0.8, 0.95, 0.99), (0.8, 0.9, 0.97), (0.95, 0.99, 0.998)])
def test_more_than_nine_of_ten_intervals_hold_the_truth(
    shares: tuple[float, float, float],
) -> None:
    """Judge coverage over repeated samples: 100 of 100 fires, 60 of 300 and 150 of 2000 others."""
    rng = random.Random(20_260_630)  # noqa: S311 - a simulation
    sizes = ((True, 100, 100), (False, 300, 60), (False, 2_000, 150))
    truth = _truth(shares, sizes)
    runs, held = 300, dict.fromkeys(MEASURES, 0)
    for _ in range(runs):
        design = []
        for number, (fired, size, drawn) in enumerate(sizes):
            agreed = sum(rng.random() < shares[number] for _ in range(drawn))
            design.append(Part(str(number), fired, size, agreed, drawn - agreed))
        accuracy = weigh([p.stratum() for p in design], [s for p in design for s in p.settled()])
        for name in MEASURES:
            interval = getattr(accuracy, name).interval
            held[name] += interval.low - EXACT <= truth[name] <= interval.high + EXACT
    assert {name: count / runs for name, count in held.items() if count / runs < 0.9} == {}


def _truth(shares: tuple[float, ...], sizes: Sequence[tuple[bool, int, int]]) -> dict[str, float]:
    right = [Fraction(share).limit_denominator(1000) for share in shares]
    tp, fp = (
        sum(h * w for w, (f, h, _) in zip(ws, sizes, strict=True) if f) for ws in _both(right)
    )
    tn, fn = (
        sum(h * w for w, (f, h, _) in zip(ws, sizes, strict=True) if not f) for ws in _both(right)
    )
    return {
        "ppv": float(tp / (tp + fp)),
        "npv": float(tn / (tn + fn)),
        "sensitivity": float(tp / (tp + fn)),
        "specificity": float(tn / (tn + fp)),
    }


def _both(right: list[Fraction]) -> tuple[list[Fraction], list[Fraction]]:
    return right, [1 - each for each in right]


def test_where_nothing_was_missed_the_few_controls_still_leave_much_open() -> None:
    nothing_missed = Part("nothing_to_say", fired=False, held=9_000, agreed=100, disagreed=0)
    accuracy = weigh(
        [FIRES.stratum(), nothing_missed.stratum()], [*FIRES.settled(), *nothing_missed.settled()]
    )
    assert accuracy.sensitivity.value == pytest.approx(1.0, abs=EXACT)
    assert accuracy.sensitivity.interval is not None
    assert accuracy.sensitivity.interval.low < 0.3


def test_a_card_is_never_right_or_wrong_in_a_stratum_without_cards() -> None:
    accuracy = weigh([each.stratum() for each in DESIGN], [s for p in DESIGN for s in p.settled()])
    assert accuracy.ppv.interval is not None
    assert accuracy.ppv.interval.low == pytest.approx(
        count_matrix(FIRES.settled()).ppv.interval.low
    )  # type: ignore[union-attr]


def test_without_controls_nothing_is_said_of_what_was_missed() -> None:
    accuracy = weigh([FIRES.stratum()], FIRES.settled())
    for name in ("sensitivity", "specificity", "npv"):
        estimate = getattr(accuracy, name)
        assert (estimate.value, estimate.because) == (None, NO_CONTROLS)


def test_without_a_fire_nothing_is_said_of_cards() -> None:
    accuracy = weigh([NEAR.stratum()], NEAR.settled())
    assert (accuracy.ppv.value, accuracy.ppv.because) == (None, NO_FIRES)


def test_a_stratum_of_which_nothing_is_settled_leaves_every_measure_open() -> None:
    strata = [each.stratum() for each in DESIGN]
    accuracy = weigh(strata, [*FIRES.settled(), *NEAR.settled()])
    assert accuracy.sensitivity.value is None
    assert accuracy.sensitivity.because == "no decision of the stratum nothing_to_say is settled"


def test_a_stratum_that_held_nothing_changes_nothing() -> None:
    strata = [*(each.stratum() for each in DESIGN), Stratum(name="silent", held=0, drawn=0)]
    accuracy = weigh(strata, [s for p in DESIGN for s in p.settled()])
    assert accuracy.sensitivity.value == pytest.approx(80 / 185, abs=EXACT)


def test_who_could_not_tell_is_left_out_of_the_weights() -> None:
    unsure = [Settled(stratum="near_miss", fired=False, verdict="cannot_tell")] * 40
    accuracy = weigh(
        [each.stratum() for each in DESIGN], [*(s for p in DESIGN for s in p.settled()), *unsure]
    )
    assert accuracy.sensitivity.value == pytest.approx(80 / 185, abs=EXACT)
