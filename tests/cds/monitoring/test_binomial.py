"""Are the probabilities those of scipy?"""

import pytest
from scipy.stats import binom

from cds.monitoring.binomial import at_least, at_most

SIZES = (1, 2, 7, 20, 250, 3_500, 40_000)
SHARES = (1e-6, 0.0009, 0.03, 0.5, 0.93, 0.999999)
CASES = [
    (count, of, share)
    for of in SIZES
    for share in SHARES
    for count in sorted({0, 1, of // 3, round(of * share), round(of * share) + 4, of - 1, of})
    if count <= of
]


@pytest.mark.parametrize(("count", "of", "share"), CASES)
def test_a_count_or_more_is_as_probable_as_scipy_says(count: int, of: int, share: float) -> None:
    assert at_least(count, of, share) == pytest.approx(binom.sf(count - 1, of, share), abs=1e-9)


@pytest.mark.parametrize(("count", "of", "share"), CASES)
def test_a_count_or_fewer_is_as_probable_as_scipy_says(count: int, of: int, share: float) -> None:
    assert at_most(count, of, share) == pytest.approx(binom.cdf(count, of, share), abs=1e-9)


@pytest.mark.parametrize(
    ("count", "of", "share"), [(9, 300, 0.003), (60, 250, 0.1), (400, 3_500, 0.08)]
)
def test_what_is_very_improbable_is_exact_too(count: int, of: int, share: float) -> None:
    assert at_least(count, of, share) == pytest.approx(binom.sf(count - 1, of, share), rel=1e-9)


@pytest.mark.parametrize(
    ("count", "of", "share", "expected"),
    [(0, 5, 0.0, 1.0), (1, 5, 0.0, 0.0), (5, 5, 1.0, 1.0), (6, 5, 0.5, 0.0), (-1, 5, 0.5, 1.0)],
)
def test_what_is_certain_or_impossible_is_said_so(
    count: int, of: int, share: float, expected: float
) -> None:
    assert at_least(count, of, share) == expected


def test_none_of_none_is_certain() -> None:
    assert at_most(0, 0, 0.3) == 1.0


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="is no probability"):
        at_least(1, 2, share)
