"""How probable is so large, or so small, a count among so many? Exactly, for any number.

The normal approximation of the usual chart does not hold where few are expected, and few are
expected here: most patients have no card due.
"""

from math import exp, lgamma, log, log1p

# A further term this much smaller than the sum changes none of its digits.
_NEGLIGIBLE = 1e-18


def at_least(count: int, of: int, share: float) -> float:
    """Give the probability of this count or a larger one, by the binomial distribution.

    share: the probability of each, 0 to 1. Errors: ValueError for a share beyond these.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is no probability")
    if count <= 0:
        return 1.0
    if count > of:
        return 0.0
    if share in {0, 1}:
        return float(share)
    if count > of * share:
        return _tail(count, of, share)
    return 1.0 - _tail(of - count + 1, of, 1 - share)


def at_most(count: int, of: int, share: float) -> float:
    """Give the probability of this count or a smaller one. Errors: as at_least."""
    return at_least(of - count, of, 1 - share)


def _tail(count: int, of: int, share: float) -> float:
    """Add up from `count`, which lies above the mean, so that each term is smaller."""
    odds = share / (1 - share)
    term = total = exp(
        lgamma(of + 1)
        - lgamma(count + 1)
        - lgamma(of - count + 1)
        + count * log(share)
        + (of - count) * log1p(-share)
    )
    for each in range(count, of):
        term *= (of - each) / (each + 1) * odds
        total += term
        if term <= total * _NEGLIGIBLE:
            break
    return min(total, 1.0)
