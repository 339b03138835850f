"""How often is a card right in all that was decided, when only some of each stratum was judged?

A sample takes every fire and few of the many decisions without one. Counted as they lie, the
controls would weigh far too little, so each judged decision stands for as many as its stratum held
for each that was judged.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from cds.review.accuracy import NOTHING_COUNTS, Matrix, Settled, count_matrix
from cds.review.estimate import Estimate, undefined
from cds.review.proportion import Interval, wilson
from cds.review.sampling import Stratum

NO_CONTROLS = "the sample holds no settled decision without a card, so what was missed is not known"
NO_FIRES = "the sample holds no settled decision with a card"

_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """The four measures over all that the strata held, each with its interval."""

    ppv: Estimate
    npv: Estimate
    sensitivity: Estimate
    specificity: Estimate


@dataclass(frozen=True, slots=True)
class _Part:
    """What one stratum adds: of `told` judged, so many count for the measure, so many against.

    possible: whether the stratum can hold any of either kind: where nothing drawn fired, no card
    was right or wrong in all of it, and that is no estimate.
    """

    held: int
    told: int
    wanted: int
    other: int
    possible: tuple[bool, bool]


def weigh(strata: Sequence[Stratum], settled: Iterable[Settled]) -> Accuracy:
    """Estimate the four measures over all decisions the strata held.

    Each is a ratio of two estimated totals, the wanted ones of the wanted and the others. Its
    interval joins Wilson's intervals of every stratum (MOVER; Donner and Zou 2012), so that a
    stratum in which nothing was missed still adds what its few decisions leave open. It is meant
    for the decisions to come, so nothing is taken off for those that are already judged. Decisions
    of which reviewers could not tell are left out.

    Unknown input: "not defined", with the reason, for a stratum that held decisions of which none
    is settled, and for a sample without controls.
    """
    matrices = _by_stratum(settled)
    blind = [each.name for each in strata if each.held and not matrices(each.name).told]
    every = [(each.held, matrices(each.name)) for each in strata if matrices(each.name).told]

    def ratio(wanted: str, other: str) -> Estimate:
        parts = [_part(held, matrix, wanted, other) for held, matrix in every]
        n = sum(part.wanted + part.other for part in parts)
        reason = _why_not([matrix for _, matrix in every], wanted, other)
        if reason or blind:
            return undefined(n, reason or _blind(blind))
        return _ratio(parts, n) if n else undefined(n, NOTHING_COUNTS)

    return Accuracy(
        ppv=ratio("true_positive", "false_positive"),
        npv=ratio("true_negative", "false_negative"),
        sensitivity=ratio("true_positive", "false_negative"),
        specificity=ratio("true_negative", "false_positive"),
    )


def _part(held: int, matrix: Matrix, wanted: str, other: str) -> _Part:
    fired = matrix.true_positive + matrix.false_positive + matrix.open_fired
    silent = matrix.true_negative + matrix.false_negative + matrix.open_silent
    there = {
        "true_positive": fired,
        "false_positive": fired,
        "true_negative": silent,
        "false_negative": silent,
    }
    return _Part(
        held=held,
        told=matrix.told,
        wanted=getattr(matrix, wanted),
        other=getattr(matrix, other),
        possible=(there[wanted] > 0, there[other] > 0),
    )


def _by_stratum(settled: Iterable[Settled]) -> Callable[[str], Matrix]:
    found: dict[str, list[Settled]] = {}
    for each in settled:
        found.setdefault(each.stratum, []).append(each)
    counted = {name: count_matrix(each) for name, each in found.items()}
    return lambda name: counted.get(name, Matrix())


def _blind(names: Sequence[str]) -> str:
    return f"no decision of the stratum {', '.join(names)} is settled"


def _why_not(matrices: Sequence[Matrix], wanted: str, other: str) -> str:
    if {wanted, other} & {"false_negative", "true_negative"} and not any(
        each.true_negative + each.false_negative for each in matrices
    ):
        return NO_CONTROLS
    if {wanted, other} & {"true_positive", "false_positive"} and not any(
        each.true_positive + each.false_positive for each in matrices
    ):
        return NO_FIRES
    return ""


def _ratio(parts: Sequence[_Part], n: int) -> Estimate:
    wanted = sum(part.held * part.wanted / part.told for part in parts)
    other = sum(part.held * part.other / part.told for part in parts)
    return Estimate(value=wanted / (wanted + other), interval=_limits(parts), n=n)


def _limits(parts: Sequence[_Part]) -> Interval:
    """Give the shares s for which (1 - s) of the wanted less s of the others may well be nothing.

    That difference falls as s rises; where its own limit, found by MOVER, passes through zero is a
    limit of s. It is found by halving, to the last digit.
    """
    spreads = [_spread(part) for part in parts]

    def lower(share: float) -> float:
        return _difference(parts, share) - _half(spreads, share, side=0)

    def upper(share: float) -> float:
        return _difference(parts, share) + _half(spreads, share, side=1)

    return Interval(_root(lower), _root(upper))


@dataclass(frozen=True, slots=True)
class _Spread:
    """How far the two totals of a stratum may lie off; together: how far one rules out the other.

    wanted, other: below and above.
    """

    wanted: tuple[float, float]
    other: tuple[float, float]
    together: float


def _spread(part: _Part) -> _Spread:
    wanted, other = part.wanted / part.told, part.other / part.told
    return _Spread(
        wanted=_off(part.wanted, part) if part.possible[0] else (0.0, 0.0),
        other=_off(part.other, part) if part.possible[1] else (0.0, 0.0),
        together=_exclusion(wanted, other, complete=part.wanted + part.other == part.told),
    )


def _off(count: int, part: _Part) -> tuple[float, float]:
    share, limits = count / part.told, wilson(count, part.told)
    return part.held * (share - limits.low), part.held * (limits.high - share)


def _exclusion(wanted: float, other: float, *, complete: bool) -> float:
    """Give how strongly two shares of the same judged decisions exclude each other, 0 to 1."""
    if complete:
        return 1.0
    odds = wanted * other
    return sqrt(odds / ((1 - wanted) * (1 - other))) if odds else 0.0


def _difference(parts: Sequence[_Part], share: float) -> float:
    return sum(
        part.held * ((1 - share) * part.wanted - share * part.other) / part.told for part in parts
    )


def _half(spreads: Sequence[_Spread], share: float, *, side: int) -> float:
    """Give how far the difference may lie below (side 0) or above (side 1) its estimate."""
    total = 0.0
    for each in spreads:
        wanted = (1 - share) * each.wanted[side]
        other = share * each.other[1 - side]
        total += wanted**2 + other**2 + 2 * each.together * wanted * other
    return sqrt(total)


def _root(falling: Callable[[float], float]) -> float:
    """Find where a function that falls from 0 or more passes through zero, between 0 and 1."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return high
