"""How far do two reviewers agree, and how far beyond chance?

Each measure is equal to a reference implementation, which the tests hold it against: Cohen's kappa
and its interval to statsmodels (`cohens_kappa`), PABAK and Gwet's AC1 with theirs to irrCAC
(`CAC.bp`, `CAC.gwet`). docs/figures.md has every definition.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt

from cds.review.estimate import Estimate, undefined
from cds.review.proportion import CONFIDENCE, Interval, Proportion, Z
from cds.review.quantiles import t_limit

CANNOT_TELL = "cannot_tell"
VERDICTS = ("agree", "disagree", CANNOT_TELL)

NOBODY = "no decision was judged by two reviewers"
ONE_CATEGORY = (
    "all verdicts of both reviewers are the same, so they would also agree by chance alone, and "
    "kappa is not defined"
)
ONE_SIDED = (
    "one reviewer used one category alone, so kappa is 0 whatever the other said, and has no "
    "interval"
)
NO_SPREAD = (
    "every pair came out the same way, so this number has no interval; read the interval of the "
    "percent agreement"
)
ONE_PAIR = "one pair alone gives no interval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """What two reviewers said of the same decisions.

    categories: those they could choose from, used or not: PABAK and AC1 depend on how many there
    are. counts: how often the first said this and the second that.
    """

    categories: tuple[str, ...]
    counts: tuple[tuple[tuple[str, str], int], ...]

    @property
    def n(self) -> int:
        return sum(count for _, count in self.counts)

    @property
    def same(self) -> int:
        return sum(count for (first, second), count in self.counts if first == second)

    def shares(self) -> Iterator[tuple[str, str, float]]:
        """Give each pair of verdicts with its share of all pairs."""
        for (first, second), count in self.counts:
            yield first, second, count / self.n

    def first(self, category: str) -> float:
        """How large a share of its verdicts the first reviewer gave to a category."""
        return sum(share for first, _, share in self.shares() if first == category)

    def second(self, category: str) -> float:
        """The same for the second reviewer."""
        return sum(share for _, second, share in self.shares() if second == category)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """All measures over the same pairs."""

    pairs: Pairs
    percent: Proportion
    kappa: Estimate
    pabak: Estimate
    ac1: Estimate


def pair_up(verdicts: Iterable[tuple[str, str]], categories: tuple[str, ...] = VERDICTS) -> Pairs:
    """Count pairs of verdicts. Errors: ValueError for one that is none of the categories."""
    counts = Counter(verdicts)
    foreign = {verdict for pair in counts for verdict in pair} - set(categories)
    if foreign:
        raise ValueError(f"{sorted(foreign)[0]!r} is none of {', '.join(categories)}")
    return Pairs(categories=categories, counts=tuple(sorted(counts.items())))


def without_cannot_tell(pairs: Pairs) -> Pairs:
    """Leave out the pairs in which anybody could not tell."""
    return Pairs(
        categories=tuple(each for each in pairs.categories if each != CANNOT_TELL),
        counts=tuple((pair, count) for pair, count in pairs.counts if CANNOT_TELL not in pair),
    )


def measure_agreement(pairs: Pairs) -> Agreement:
    """Measure how far two reviewers agree, in every way the figures tell."""
    return Agreement(
        pairs=pairs,
        percent=Proportion(pairs.same, pairs.n),
        kappa=kappa(pairs),
        pabak=pabak(pairs),
        ac1=ac1(pairs),
    )


def kappa(pairs: Pairs) -> Estimate:
    """Give Cohen's kappa, unweighted, with the large-sample interval of Fleiss, Cohen and Everitt.

    Unknown input: "not defined" for no pair, and where both used one category alone.
    """
    n = pairs.n
    if not n:
        return undefined(n, NOBODY)
    used = ({first for (first, _), _ in pairs.counts}, {second for (_, second), _ in pairs.counts})
    if len(used[0] | used[1]) == 1:
        return undefined(n, ONE_CATEGORY)
    if 1 in map(len, used):
        return Estimate(value=0.0, n=n, because=ONE_SIDED)
    return _kappa_of_both(pairs)


def _kappa_of_both(pairs: Pairs) -> Estimate:
    """Give kappa where both reviewers used more than one category."""
    n = pairs.n
    first = {each: pairs.first(each) for each in pairs.categories}
    second = {each: pairs.second(each) for each in pairs.categories}
    chance = sum(first[each] * second[each] for each in pairs.categories)
    value = (pairs.same / n - chance) / (1 - chance)
    beside = 1 - value
    spread = 0.0
    for one, other, share in pairs.shares():
        if one == other:
            spread += share * (1 - (first[one] + second[one]) * beside) ** 2
        else:
            spread += share * ((second[one] + first[other]) * beside) ** 2
    spread -= (value - chance * beside) ** 2
    return _with_interval(value, Z * sqrt(max(0.0, spread) / n) / (1 - chance), pairs)


def pabak(pairs: Pairs) -> Estimate:
    """Give kappa as it would be if every category were used equally often, for any prevalence.

    With k categories it is (k times the agreement, less 1) / (k - 1), the coefficient of Brennan
    and Prediger. Unknown input: "not defined" for no pair.
    """
    n = pairs.n
    if not n:
        return undefined(n, NOBODY)
    chance = 1 / len(pairs.categories)
    share = pairs.same / n
    value = (share - chance) / (1 - chance)
    if n == 1:
        return Estimate(value=value, n=n, because=ONE_PAIR)
    error = sqrt(share * (1 - share) / (n - 1)) / (1 - chance)
    return _with_interval(value, error * t_limit(CONFIDENCE, n - 1), pairs)


def ac1(pairs: Pairs) -> Estimate:
    """Give Gwet's AC1, with the interval of Gwet 2008 over decisions.

    Unknown input: "not defined" for no pair.
    """
    n, categories = pairs.n, pairs.categories
    if not n:
        return undefined(n, NOBODY)
    used = {each: (pairs.first(each) + pairs.second(each)) / 2 for each in categories}
    rare = {each: (1 - used[each]) / (len(categories) - 1) for each in categories}
    chance = sum(used[each] * rare[each] for each in categories)
    value = (pairs.same / n - chance) / (1 - chance)
    if n == 1:
        return Estimate(value=value, n=n, because=ONE_PAIR)
    spread = 0.0
    for (one, other), count in pairs.counts:
        own = (float(one == other) - chance) / (1 - chance)
        own -= 2 * (1 - value) * ((rare[one] + rare[other]) / 2 - chance) / (1 - chance)
        spread += count * (own - value) ** 2
    error = sqrt(spread / n / (n - 1))
    return _with_interval(value, error * t_limit(CONFIDENCE, n - 1), pairs)


def _with_interval(value: float, half: float, pairs: Pairs) -> Estimate:
    """Put the interval around a value; no agreement is more than whole."""
    if pairs.same in {0, pairs.n}:
        return Estimate(value=value, n=pairs.n, because=NO_SPREAD)
    return Estimate(value=value, interval=Interval(value - half, min(1.0, value + half)), n=pairs.n)
