"""How far out does Student's t reach? For intervals of agreement on few decisions.

Source: the finite series of t for whole degrees of freedom, Abramowitz and Stegun 26.7.3 and
26.7.4. The tests hold it against SciPy; the service itself needs no more of SciPy than this.
"""

from functools import cache
from math import atan, cos, pi, sin, sqrt

_STEPS = 200


def t_within(t: float, freedom: int) -> float:
    """Give the probability that |T| is at most t. freedom: degrees, 1 or more. t: 0 or more."""
    angle = atan(t / sqrt(freedom))
    term = cos(angle) if freedom % 2 else 1.0
    total, square = 0.0, cos(angle) ** 2
    for k in range(1 + freedom % 2, freedom, 2):
        total += term
        term *= square * k / (k + 1)
    if freedom % 2:
        return (2 / pi) * (angle + sin(angle) * total)
    return sin(angle) * total


@cache
def t_limit(confidence: float, freedom: int) -> float:
    """Give the t that |T| stays within with this probability.

    confidence: above 0 and below 1. freedom: degrees, 1 or more. Unknown input: none; it is
    arithmetic.
    """
    low, high = 0.0, 1.0
    while t_within(high, freedom) < confidence:
        high *= 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if t_within(middle, freedom) < confidence else (low, middle)
    return high
