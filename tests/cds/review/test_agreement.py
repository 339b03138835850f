"""Is agreement measured as the reference implementations measure it?"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from irrCAC.raw import CAC
from statsmodels.stats.inter_rater import cohens_kappa

from cds.review.agreement import (
    NO_SPREAD,
    NOBODY,
    ONE_CATEGORY,
    ONE_PAIR,
    ONE_SIDED,
    VERDICTS,
    measure_agreement,
    pair_up,
    without_cannot_tell,
)
from cds.review.estimate import Estimate
from cds.review.proportion import UNDEFINED

EXACT = 1e-9
Said = Sequence[tuple[str, str]]
A, D, C = VERDICTS

# 60 decisions as two reviewers may judge them; the numbers below were worked out apart from this.
FIXED: Said = [(A, A)] * 38 + [(A, D)] * 4 + [(D, A)] * 3 + [(D, D)] * 9 + [(C, C)] * 2
FIXED = [*FIXED, (A, C), (C, A), (D, C), (C, D)]

SAID = st.lists(st.tuples(st.sampled_from(VERDICTS), st.sampled_from(VERDICTS)), min_size=2)


def table(said: Said, categories: Sequence[str] = VERDICTS) -> Any:
    counted = np.zeros((len(categories), len(categories)))
    for first, second in said:
        counted[categories.index(first), categories.index(second)] += 1
    return counted


def by_irrcac(said: Said, measure: str, categories: Sequence[str] = VERDICTS) -> dict[str, Any]:
    ratings = pd.DataFrame(said, columns=["first", "second"])
    coefficient = CAC(ratings, categories=list(categories), digits=15)
    found: dict[str, Any] = getattr(coefficient, measure)()["est"]
    return found


def assert_equal(ours: Estimate, value: float, low: float, high: float) -> None:
    assert ours.value == pytest.approx(value, abs=EXACT)
    if ours.interval is not None:
        assert ours.interval.low == pytest.approx(low, abs=EXACT)
        assert ours.interval.high == pytest.approx(min(1.0, high), abs=EXACT)


def test_the_fixed_file_gives_the_numbers_worked_out_by_hand() -> None:
    measured = measure_agreement(pair_up(FIXED))
    assert str(measured.percent) == "49 of 60 (82 %, 95 % interval 70 to 89 %)"
    # First: 43, 13, 4 of 60. Second: 42, 14, 4. Chance: (43*42 + 13*14 + 4*4) / 3600 = 2004/3600.
    assert measured.kappa.value == pytest.approx((49 / 60 - 2004 / 3600) / (1 - 2004 / 3600))
    assert measured.pabak.value == pytest.approx((3 * 49 / 60 - 1) / 2)
    # Used: 85, 27, 8 of 120. Chance: (85*35 + 27*93 + 8*112) / 120**2 / 2.
    chance = (85 * 35 + 27 * 93 + 8 * 112) / 120**2 / 2
    assert measured.ac1.value == pytest.approx((49 / 60 - chance) / (1 - chance))


@given(SAID)
def test_kappa_is_the_one_of_statsmodels(said: Said) -> None:
    ours = measure_agreement(pair_up(said)).kappa
    assume(ours.interval is not None)
    theirs = cohens_kappa(table(said))
    assert_equal(ours, theirs.kappa, theirs.kappa_low, theirs.kappa_upp)


@given(SAID)
def test_kappa_without_an_interval_has_the_value_of_statsmodels(said: Said) -> None:
    ours = measure_agreement(pair_up(said)).kappa
    assume(ours.value is not None)
    theirs = cohens_kappa(table(said), return_results=False)
    assert ours.value == pytest.approx(theirs, abs=EXACT)


@given(SAID)
def test_ac1_is_the_one_of_irrcac(said: Said) -> None:
    theirs = by_irrcac(said, "gwet")
    ours = measure_agreement(pair_up(said)).ac1
    assert_equal(ours, theirs["coefficient_value"], *theirs["confidence_interval"])


@given(SAID)
def test_pabak_is_the_coefficient_of_brennan_and_prediger(said: Said) -> None:
    theirs = by_irrcac(said, "bp")
    ours = measure_agreement(pair_up(said)).pabak
    assert_equal(ours, theirs["coefficient_value"], *theirs["confidence_interval"])


@given(SAID)
def test_without_those_who_could_not_tell_there_are_two_categories(said: Said) -> None:
    told = [pair for pair in said if C not in pair]
    assume(len(told) > 1)
    measured = measure_agreement(without_cannot_tell(pair_up(said)))
    assert measured.percent.of == len(told)
    for ours, measure in ((measured.ac1, "gwet"), (measured.pabak, "bp")):
        theirs = by_irrcac(told, measure, (A, D))
        assert_equal(ours, theirs["coefficient_value"], *theirs["confidence_interval"])


@given(SAID)
def test_pabak_of_two_categories_is_twice_the_agreement_less_one(said: Said) -> None:
    measured = measure_agreement(without_cannot_tell(pair_up(said)))
    assume(measured.percent.share is not None)
    assert measured.percent.share is not None
    assert measured.pabak.value == pytest.approx(2 * measured.percent.share - 1, abs=EXACT)


@given(SAID)
def test_it_does_not_matter_who_was_asked_first(said: Said) -> None:
    one, other = (
        measure_agreement(pair_up(each)) for each in (said, [pair[::-1] for pair in said])
    )
    assert one.percent == other.percent
    for name in ("kappa", "pabak", "ac1"):
        ours, theirs = getattr(one, name), getattr(other, name)
        assert (ours.value is None) == (theirs.value is None)
        assert ours.value is None or ours.value == pytest.approx(theirs.value, abs=EXACT)


def test_no_pair_gives_a_dash_for_each_measure() -> None:
    measured = measure_agreement(pair_up([]))
    assert str(measured.percent) == UNDEFINED
    estimates = (measured.kappa, measured.pabak, measured.ac1)
    assert [(str(each.written), each.because) for each in estimates] == [(UNDEFINED, NOBODY)] * 3


def test_kappa_is_not_defined_where_everybody_used_one_category() -> None:
    kappa = measure_agreement(pair_up([(A, A)] * 30)).kappa
    assert (str(kappa.written), kappa.because) == (UNDEFINED, ONE_CATEGORY)


def test_pabak_and_ac1_tell_of_whole_agreement_and_that_it_has_no_interval() -> None:
    measured = measure_agreement(pair_up([(A, A)] * 30))
    for each in (measured.pabak, measured.ac1):
        assert (each.value, each.interval, each.because) == (1.0, None, NO_SPREAD)


def test_kappa_of_one_reviewer_who_always_says_the_same_has_no_interval() -> None:
    kappa = measure_agreement(pair_up([(A, A), (A, D), (A, C)])).kappa
    assert (kappa.value, kappa.interval, kappa.because) == (0.0, None, ONE_SIDED)


def test_one_pair_alone_has_no_interval() -> None:
    measured = measure_agreement(pair_up([(A, D)]))
    assert [each.because for each in (measured.pabak, measured.ac1)] == [ONE_PAIR] * 2


def test_a_verdict_that_is_none_of_the_categories_is_refused() -> None:
    with pytest.raises(ValueError, match="'perhaps' is none of"):
        pair_up([(A, "perhaps")])
