"""Has every gap our own words?"""

import pytest

from rules.trial_gaps import TrialGap, describe_gap


@pytest.mark.parametrize("gap", TrialGap)
def test_a_gap_is_told_as_the_end_of_a_sentence(gap: TrialGap) -> None:
    words = describe_gap(gap)
    assert words[:1].islower()
    assert not words.endswith(".")


def test_no_two_gaps_are_told_alike() -> None:
    assert len({describe_gap(gap) for gap in TrialGap}) == len(TrialGap)
