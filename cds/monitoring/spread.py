"""How much more do the days of a baseline differ than chance alone would make them?

On Mondays come other patients than on Fridays. Where days differ by more than chance, the limits
of a chart of proportions are too narrow, the more so the more patients there are. Source: Laney
2002, "Improved control charts for attributes", as recalled; here by the variance and not by moving
ranges, because there are few days.
"""

from collections.abc import Sequence

from cds.monitoring.counts import DayCounts, Pooled, pool


def spread_of(days: Sequence[DayCounts], measure: str) -> float:
    """Give the variance between days as a multiple of that by chance; never below 1.

    Unknown input: a single day, or a measure that nobody or everybody had, tells nothing: 1.
    """
    usual = pool(days, measure)
    if len(days) == 1 or usual.count in {0, usual.patients}:
        return 1.0
    share = usual.count / usual.patients
    squares = (
        (each.having(measure) - each.patients * share) ** 2 / each.patients
        for each in days
        if each.patients
    )
    return max(1.0, sum(squares) / (share * (1 - share)) / (len(days) - 1))


def lessen(pooled: Pooled, spread: float) -> Pooled:
    """Give the count as if of fewer patients, so that it is worth what its days tell."""
    return Pooled(
        count=round(pooled.count / spread),
        patients=max(1, round(pooled.patients / spread)),
    )
