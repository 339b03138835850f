"""Are cards counted against what reviewers settled, as chart-review counts?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from cds.review.accuracy import (
    NO_DISCORDANT,
    Matrix,
    Settled,
    compare_reviewers,
    count_matrix,
)
from cds.review.proportion import UNDEFINED

EXACT = 1e-9

# The example of chart-review's own README: 3 TP, 1 FN, 3 TN, 2 FP.
README = Matrix(true_positive=3, false_negative=1, true_negative=3, false_positive=2)


def settled(fired: bool, verdict: str, times: int = 1) -> list[Settled]:
    return [Settled(stratum="all", fired=fired, verdict=verdict)] * times


def pairs_of(first_alone: int, second_alone: int) -> list[tuple[str, str, str]]:
    return [
        *[("agree", "disagree", "agree")] * first_alone,
        *[("agree", "disagree", "disagree")] * second_alone,
        ("agree", "agree", "agree"),
        ("agree", "agree", "disagree"),
    ]


def chart_review(first: int, second: int) -> float:
    """What chart-review's McNemar gives, in the words of its method."""
    fewer, more = sorted((first, second))
    if first + second < 25:
        n = first + second
        return float(2 * stats.binom.cdf(fewer, n, 0.5) - stats.binom.pmf(fewer, n, 0.5))
    return float(stats.chi2.sf((abs(fewer - more) - 1) ** 2 / (fewer + more), 1))


@pytest.mark.parametrize(
    ("measure", "expected"),
    [("sensitivity", 0.75), ("specificity", 0.6), ("ppv", 0.6), ("npv", 0.75)],
)
def test_the_example_of_chart_review_gives_its_numbers(measure: str, expected: float) -> None:
    assert getattr(README, measure).share == pytest.approx(expected, abs=EXACT)


def test_f1_of_the_example_is_two_thirds() -> None:
    assert README.f1.value == pytest.approx(2 / 3, abs=EXACT)


def test_a_hundred_decisions_give_the_numbers_worked_out_by_hand() -> None:
    matrix = count_matrix(
        settled(fired=True, verdict="agree", times=46)
        + settled(fired=True, verdict="disagree", times=14)
        + settled(fired=True, verdict="cannot_tell", times=4)
        + settled(fired=False, verdict="agree", times=27)
        + settled(fired=False, verdict="disagree", times=3)
        + settled(fired=False, verdict="cannot_tell", times=6)
    )
    assert str(matrix.ppv) == "46 of 60 (77 %, 95 % interval 65 to 86 %)"
    assert str(matrix.ppv_of_all_fires) == "46 of 64 (72 %, 95 % interval 60 to 81 %)"
    assert str(matrix.npv) == "27 of 30 (90 %, 95 % interval 74 to 97 %)"
    assert matrix.sensitivity.counted == "46 of 49"
    assert matrix.specificity.counted == "27 of 41"
    assert matrix.f1.value == pytest.approx(92 / 109, abs=EXACT)
    assert (matrix.told, matrix.open_fired, matrix.open_silent) == (90, 4, 6)


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 500))
def test_f1_is_the_harmonic_mean_of_ppv_and_sensitivity(tp: int, fp: int, fn: int) -> None:
    matrix = Matrix(true_positive=tp, false_positive=fp, false_negative=fn)
    ppv, sensitivity = matrix.ppv.share, matrix.sensitivity.share
    assert ppv is not None
    assert sensitivity is not None
    assert matrix.f1.value == pytest.approx(2 * ppv * sensitivity / (ppv + sensitivity), abs=EXACT)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_f1_lies_within_its_interval(tp: int, fp: int, fn: int) -> None:
    f1 = Matrix(true_positive=tp, false_positive=fp, false_negative=fn).f1
    assert (f1.value is None) == (tp + fp + fn == 0)
    if f1.value is not None:
        assert f1.interval is not None
        assert 0 <= f1.interval.low <= f1.value <= f1.interval.high <= 1


def test_nothing_settled_gives_a_dash_for_each_measure() -> None:
    empty = count_matrix([])
    shares = (empty.ppv, empty.ppv_of_all_fires, empty.npv, empty.sensitivity, empty.specificity)
    assert [str(each) for each in shares] == [UNDEFINED] * 5
    assert str(empty.f1.written) == UNDEFINED


@given(st.integers(0, 60), st.integers(0, 60))
def test_reviewers_are_compared_as_chart_review_does(first: int, second: int) -> None:
    ours = compare_reviewers(pairs_of(first, second))
    if first + second == 0:
        assert (ours.p, ours.because) == (None, NO_DISCORDANT)
    else:
        assert ours.p == pytest.approx(chart_review(first, second), abs=EXACT)


@given(st.integers(0, 12), st.integers(0, 12))
def test_the_mid_p_value_is_half_a_step_below_the_exact_one(first: int, second: int) -> None:
    if first + second == 0:
        return
    exact = mcnemar([[1, first], [second, 1]], exact=True).pvalue
    step = stats.binom.pmf(min(first, second), first + second, 0.5)
    expected = 1.0 if first == second else exact - step
    assert compare_reviewers(pairs_of(first, second)).p == pytest.approx(expected, abs=EXACT)


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_chi_square_test_is_the_one_of_statsmodels(first: int, second: int) -> None:
    if first + second < 25:
        return
    expected = mcnemar([[1, first], [second, 1]], exact=False, correction=True).pvalue
    assert compare_reviewers(pairs_of(first, second)).p == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize(("discordant", "test"), [(24, "mid_p"), (25, "chi_square")])
def test_from_twenty_five_discordant_decisions_on_the_test_is_chi_square(
    discordant: int, test: str
) -> None:
    assert compare_reviewers(pairs_of(discordant, 0)).test == test


def test_no_p_value_is_above_one() -> None:
    assert all((compare_reviewers(pairs_of(n, n)).p or 0) <= 1 for n in range(1, 40))
