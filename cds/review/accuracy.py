"""How often was a card right, and how often was one missed? Counted against what reviewers settled.

What reviewers settled is the truth here: a decision that fired is a true positive where they agree
with it, one that did not fire is a false negative where they disagree. docs/figures.md has every
definition.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb, erfc, sqrt

from cds.review.agreement import CANNOT_TELL
from cds.review.estimate import Estimate, undefined
from cds.review.proportion import Interval, Proportion

# Below so many discordant pairs the test is exact; as chart-review does.
_EXACT_BELOW = 25

NO_DISCORDANT = "the two reviewers were right and wrong on the same decisions"
NOTHING_COUNTS = "no decision counts towards it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One decision of a sample that reviewers settled.

    fired: a card was due, shown or only recorded. verdict: "agree", "disagree" or "cannot_tell".
    """

    stratum: str
    fired: bool
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The four counts; open: decisions of which reviewers could not tell."""

    true_positive: int = 0
    false_positive: int = 0
    false_negative: int = 0
    true_negative: int = 0
    open_fired: int = 0
    open_silent: int = 0

    @property
    def told(self) -> int:
        """How many decisions the four counts hold."""
        fired = self.true_positive + self.false_positive
        return fired + self.false_negative + self.true_negative

    @property
    def ppv(self) -> Proportion:
        return Proportion(self.true_positive, self.true_positive + self.false_positive)

    @property
    def ppv_of_all_fires(self) -> Proportion:
        """Agreed fires of all that were settled: who could not tell did not agree."""
        fired = self.true_positive + self.false_positive + self.open_fired
        return Proportion(self.true_positive, fired)

    @property
    def npv(self) -> Proportion:
        return Proportion(self.true_negative, self.true_negative + self.false_negative)

    @property
    def sensitivity(self) -> Proportion:
        return Proportion(self.true_positive, self.true_positive + self.false_negative)

    @property
    def specificity(self) -> Proportion:
        return Proportion(self.true_negative, self.true_negative + self.false_positive)

    @property
    def f1(self) -> Estimate:
        """Twice the true positives, of these and both kinds of error.

        Its interval is Wilson's of the share of true positives among those three, carried over:
        F1 is 2 s / (1 + s) of that share s. Unknown input: "not defined" where all three are 0.
        """
        wrong = self.false_positive + self.false_negative
        share = Proportion(self.true_positive, self.true_positive + wrong)
        if share.share is None or share.interval is None:
            return undefined(0, NOTHING_COUNTS)
        low, high = (_f1_of(end) for end in (share.interval.low, share.interval.high))
        return Estimate(value=_f1_of(share.share), interval=Interval(low, high), n=share.of)

    def to_wire(self) -> dict[str, object]:
        """Give the counts and every measure as JSON."""
        return {
            "truePositive": self.true_positive,
            "falsePositive": self.false_positive,
            "falseNegative": self.false_negative,
            "trueNegative": self.true_negative,
            "cannotTellFired": self.open_fired,
            "cannotTellNotFired": self.open_silent,
            "ppv": self.ppv.to_wire(),
            "ppvOfAllFires": self.ppv_of_all_fires.to_wire(),
            "npv": self.npv.to_wire(),
            "sensitivity": self.sensitivity.to_wire(),
            "specificity": self.specificity.to_wire(),
            "f1": self.f1.to_wire(),
        }


def count_matrix(settled: Iterable[Settled]) -> Matrix:
    """Count the decisions, each as one, whatever share of its stratum was drawn."""
    counts = dict.fromkeys(Matrix.__dataclass_fields__, 0)
    for each in settled:
        counts[cell_of(each)] += 1
    return Matrix(**counts)


def cell_of(settled: Settled) -> str:
    """Name the count of a matrix that a decision belongs to."""
    if settled.verdict == CANNOT_TELL:
        return "open_fired" if settled.fired else "open_silent"
    agreed = settled.verdict == "agree"
    if settled.fired:
        return "true_positive" if agreed else "false_positive"
    return "true_negative" if agreed else "false_negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mcnemar:
    """Is one of two reviewers right more often? Held against what was settled.

    only_first, only_second: decisions that one of them alone judged as it was settled. p: None
    where there is none. test: "mid_p" or "chi_square".
    """

    only_first: int
    only_second: int
    p: float | None
    test: str
    because: str = ""


def compare_reviewers(verdicts: Sequence[tuple[str, str, str]]) -> Mcnemar:
    """Compare two reviewers by McNemar's test. verdicts: first, second and what was settled.

    With fewer than 25 discordant decisions the mid-P value of the exact test, else chi-square with
    continuity correction; both as chart-review gives them. Unknown input: "not defined" where no
    decision is discordant.
    """
    first = sum(one == truth != other for one, other, truth in verdicts)
    second = sum(other == truth != one for one, other, truth in verdicts)
    discordant = first + second
    if not discordant:
        return Mcnemar(only_first=0, only_second=0, p=None, test="mid_p", because=NO_DISCORDANT)
    if discordant < _EXACT_BELOW:
        return Mcnemar(only_first=first, only_second=second, p=_mid_p(first, second), test="mid_p")
    statistic = (abs(first - second) - 1) ** 2 / discordant
    p = erfc(sqrt(statistic / 2))
    return Mcnemar(only_first=first, only_second=second, p=p, test="chi_square")


def _mid_p(first: int, second: int) -> float:
    n, fewer = first + second, min(first, second)
    below = sum(comb(n, k) for k in range(fewer))
    return (2 * below + comb(n, fewer)) / (1 << n)


def _f1_of(share: float) -> float:
    return 2 * share / (1 + share)
