"""What do the judgements on one sample say: do reviewers agree, and was the card right?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cds.review.accuracy import Matrix, Mcnemar, Settled, compare_reviewers, count_matrix
from cds.review.agreement import Agreement, measure_agreement, pair_up, without_cannot_tell
from cds.review.judging import CRITERIA, OVERALL
from cds.review.sampling import Stratum
from cds.review.weighting import Accuracy, weigh


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDecision:
    """One decision that two reviewers judged blind.

    first, second: the verdict on each question, "agree", "disagree" or "cannot_tell". settled: the
    overall verdict that holds; None while the two differ and nobody has settled it.
    """

    stratum: str
    fired: bool
    first: Mapping[str, str]
    second: Mapping[str, str]
    settled: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnQuestion:
    """How far reviewers agree on one question; told: leaving out who could not tell."""

    question: str
    every: Agreement
    told: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFigures:
    """All figures on one sample. open: judged by both, and waiting for the adjudicator."""

    strata: tuple[Stratum, ...]
    drawn: int
    judged: int
    open: int
    overall: OnQuestion
    by_question: tuple[OnQuestion, ...]
    matrix: Matrix
    weighted: Accuracy
    reviewers: Mcnemar


def describe_sample(strata: Sequence[Stratum], judged: Sequence[JudgedDecision]) -> SampleFigures:
    """Describe what reviewers said of one sample. judged: each decision once."""
    settled = [
        Settled(stratum=each.stratum, fired=each.fired, verdict=each.settled)
        for each in judged
        if each.settled is not None
    ]
    return SampleFigures(
        strata=tuple(strata),
        drawn=sum(each.drawn for each in strata),
        judged=len(judged),
        open=len(judged) - len(settled),
        overall=_on(OVERALL, judged),
        by_question=tuple(_on(question, judged) for question in CRITERIA),
        matrix=count_matrix(settled),
        weighted=weigh(strata, settled),
        reviewers=compare_reviewers(
            [
                (each.first[OVERALL], each.second[OVERALL], each.settled)
                for each in judged
                if each.settled is not None
            ]
        ),
    )


def _on(question: str, judged: Sequence[JudgedDecision]) -> OnQuestion:
    """Measure agreement on a question, over the decisions on which both were asked it."""
    pairs = pair_up(
        (each.first[question], each.second[question])
        for each in judged
        if question in each.first and question in each.second
    )
    return OnQuestion(
        question=question,
        every=measure_agreement(pairs),
        told=measure_agreement(without_cannot_tell(pairs)),
    )
