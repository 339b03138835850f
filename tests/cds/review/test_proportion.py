"""Is a share written with its number and its interval, and is the interval Wilson's?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from cds.review.estimate import Estimate, undefined
from cds.review.proportion import UNDEFINED, Interval, Proportion, wilson
from cds.review.quantiles import t_limit

EXACT = 1e-9
MINUS = "\N{MINUS SIGN}"


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    of = draw(st.integers(1, 100_000))
    return draw(st.integers(0, of)), of


@given(counts())
def test_the_interval_is_the_one_of_statsmodels(counted: tuple[int, int]) -> None:
    count, of = counted
    low, high = proportion_confint(count, of, method="wilson")
    assert wilson(count, of).low == pytest.approx(low, abs=EXACT)
    assert wilson(count, of).high == pytest.approx(high, abs=EXACT)


@given(counts())
def test_the_share_lies_within_its_interval(counted: tuple[int, int]) -> None:
    proportion = Proportion(*counted)
    assert proportion.share is not None
    assert proportion.interval is not None
    assert 0 <= proportion.interval.low <= proportion.share <= proportion.interval.high <= 1


@pytest.mark.parametrize(
    ("proportion", "words"),
    [
        (Proportion(46, 60), "46 of 60 (77 %, 95 % interval 65 to 86 %)"),
        (Proportion(0, 60), "0 of 60 (0.0 %, 95 % interval 0.0 to 6.0 %)"),
        (Proportion(60, 60), "60 of 60 (100.0 %, 95 % interval 94.0 to 100.0 %)"),
        (Proportion(3, 1_000), "3 of 1,000 (0.30 %, 95 % interval 0.10 to 0.88 %)"),
        (Proportion(1, 1), "1 of 1 (100 %, 95 % interval 21 to 100 %)"),
    ],
)
def test_a_share_is_written_with_number_and_interval(proportion: Proportion, words: str) -> None:
    assert str(proportion) == words


def test_a_share_of_nothing_is_a_dash() -> None:
    nothing = Proportion(0, 0)
    assert [str(nothing), nothing.written.value, nothing.per(1000).value] == [
        UNDEFINED,
        UNDEFINED,
        UNDEFINED,
    ]
    assert nothing.to_wire() == {"count": 0, "of": 0}


def test_a_rate_is_written_with_number_and_interval() -> None:
    assert str(Proportion(92, 3_056).per(1_000)) == (
        "30.1 per 1,000 (95 % interval 24.6 to 36.8; 92 of 3,056)"
    )


@pytest.mark.parametrize(("count", "of"), [(-1, 3), (4, 3), (1, 0)])
def test_more_than_all_is_no_share(count: int, of: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        Proportion(count, of)


def test_an_estimate_without_a_value_is_a_dash_that_says_why() -> None:
    written = undefined(0, "nobody was asked").written
    assert (str(written), written.why) == (UNDEFINED, "nobody was asked")


def test_an_estimate_is_written_with_number_and_interval() -> None:
    estimate = Estimate(value=-0.1, interval=Interval(-0.234, 0.5), n=12)
    assert str(estimate.written) == f"{MINUS}0.10 (95 % interval {MINUS}0.23 to 0.50; n = 12)"


def test_an_estimate_without_an_interval_is_no_percentage() -> None:
    assert Estimate(value=0.5, n=1, because="too few").as_percent.value == UNDEFINED


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 30, 59, 60, 200, 1_001, 5_000])
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99])
def test_the_limit_of_t_is_the_one_of_scipy(confidence: float, freedom: int) -> None:
    expected = stats.t.ppf((1 + confidence) / 2, freedom)
    assert t_limit(confidence, freedom) == pytest.approx(expected, rel=EXACT)
