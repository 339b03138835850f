"""Are counts worth less where days differ by more than chance?"""

from collections.abc import Sequence

import pytest

from cds.monitoring.counts import DayCounts, Pooled
from cds.monitoring.spread import lessen, spread_of
from tests.cds.monitoring.days import counted


def days(*fired: int) -> Sequence[DayCounts]:
    return [counted(ago, count) for ago, count in enumerate(fired)]


@pytest.mark.parametrize("fired", [(10, 10, 10), (8, 10, 12), (10,), (0, 0, 0), (200, 200)])
def test_days_that_differ_by_chance_or_tell_nothing_are_worth_all(fired: tuple[int, ...]) -> None:
    assert spread_of(days(*fired), "fired") == 1.0


def test_days_that_differ_by_more_are_worth_the_ratio_of_the_variances() -> None:
    # 20 and 60 of 200: each is 20 from the mean of 40, whose variance by chance is 200 * 0.2 * 0.8.
    assert spread_of(days(20, 60), "fired") == pytest.approx(2 * 20**2 / 32)


def test_a_day_without_patients_adds_nothing() -> None:
    assert spread_of([*days(10, 10), counted(3, 0, of=0)], "fired") == 1.0


def test_what_days_tell_is_lessened_and_its_share_kept() -> None:
    assert lessen(Pooled(count=40, patients=400), 4.0) == Pooled(count=10, patients=100)


@pytest.mark.parametrize("patients", [0, 3])
def test_something_is_always_left(patients: int) -> None:
    assert lessen(Pooled(count=0, patients=patients), 10.0).patients == 1
