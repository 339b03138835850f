"""What may a reviewer say of a decision, and when must a third person settle it? No store, no web.

A judgement answers the same questions for every decision: whether card or no card was right, and
whether each criterion was read rightly. An answer that is missing is not an agreement.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum

OVERALL = "overall"
WORDING = "wording"
CRITERIA = ("treatment_resistance", "inflammation", "confounders", "exclusions", WORDING)
MAX_COMMENT = 2_000
_BECAUSE = "because"


class Verdict3(Enum):
    """What a reviewer says to one question."""

    AGREE = "agree"
    DISAGREE = "disagree"
    CANNOT_TELL = "cannot_tell"


class Place(Enum):
    """As what somebody judges. The first and the second are blind; neither ranks higher."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATOR = "adjudicator"


BLIND = (Place.FIRST, Place.SECOND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said to one question. verdict: None while it is open, in a draft."""

    verdict: Verdict3 | None = None
    reasons: tuple[str, ...] = ()
    comment: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One form as it was saved. because: why one that was submitted before was changed."""

    overall: Answer = Answer()
    criteria: Mapping[str, Answer] = field(default_factory=dict)
    because: str = field(default="", repr=False)

    def answer_to(self, question: str) -> Answer:
        """Give the answer to "overall" or a criterion; an open one where nothing was said."""
        return self.overall if question == OVERALL else self.criteria.get(question, Answer())

    def verdict_on(self, question: str) -> Verdict3 | None:
        """Give the verdict alone."""
        return self.answer_to(question).verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a form cannot be taken as it is. field: the name of the input that it stands at."""

    field: str
    sentence: str


def questions_on(*, has_card: bool) -> tuple[str, ...]:
    """Give the questions on a decision, the overall one first.

    Where no card was written there is no wording to judge.
    """
    asked = CRITERIA if has_card else tuple(each for each in CRITERIA if each != WORDING)
    return (OVERALL, *asked)


def find_faults(judgement: Judgement, known_reasons: Collection[str]) -> tuple[Fault, ...]:
    """Say what keeps a judgement from being saved at all, be it as a draft."""
    found = [
        Fault(
            field=f"{question}-comment",
            sentence=f"{title_of(question)}: the comment is longer than {MAX_COMMENT} characters",
        )
        for question in (OVERALL, *CRITERIA)
        if len(judgement.answer_to(question).comment) > MAX_COMMENT
    ]
    found += [
        Fault(field=f"{question}-reasons", sentence=f"{title_of(question)}: unknown reason")
        for question in (OVERALL, *CRITERIA)
        if not set(judgement.answer_to(question).reasons) <= set(known_reasons)
    ]
    if len(judgement.because) > MAX_COMMENT:
        found.append(Fault(field=_BECAUSE, sentence="The reason for the change is too long"))
    return tuple(found)


def find_open_answers(
    judgement: Judgement, asked: Collection[str], *, is_revision: bool
) -> tuple[Fault, ...]:
    """Say what is still to be answered before a judgement can be submitted.

    Every question needs a verdict, every "disagree" a reason from the list, and a change of what
    was submitted needs its reason in words.
    """
    found = []
    for question in asked:
        answer = judgement.answer_to(question)
        if answer.verdict is None:
            found.append(Fault(field=question, sentence=f"{title_of(question)}: choose an answer"))
        elif answer.verdict is Verdict3.DISAGREE and not answer.reasons:
            found.append(
                Fault(
                    field=f"{question}-reasons",
                    sentence=f"{title_of(question)}: choose at least one reason for disagreeing",
                )
            )
    if is_revision and not judgement.because.strip():
        found.append(Fault(field=_BECAUSE, sentence="Say why you change your judgement"))
    return tuple(found)


def agree_with_what_is_open(judgement: Judgement, asked: Collection[str]) -> Judgement:
    """Answer every open question with "agree", and leave alone what was answered."""

    def answered(question: str) -> Answer:
        given = judgement.answer_to(question)
        if given.verdict is not None:
            return given
        return Answer(verdict=Verdict3.AGREE, reasons=given.reasons, comment=given.comment)

    return Judgement(
        overall=answered(OVERALL),
        criteria={each: answered(each) for each in asked if each != OVERALL},
        because=judgement.because,
    )


def title_of(question: str) -> str:
    """Write the name of a question as people read it."""
    return question.replace("_", " ").capitalize()


def needs_adjudication(first: Judgement, second: Judgement) -> bool:
    """Judge whether two submitted judgements leave anything open.

    They do where the two verdicts on a question differ, and where either of them could not tell.
    A question that neither was asked is not open.
    """
    pairs = [
        (first.verdict_on(question), second.verdict_on(question))
        for question in (OVERALL, *CRITERIA)
    ]
    return any(one is not other or one is Verdict3.CANNOT_TELL for one, other in pairs)


def result_of(
    first: Judgement, second: Judgement, adjudicated: Judgement | None
) -> Judgement | None:
    """Give what holds of a case that both reviewers judged; None while it waits to be settled.

    Where both agree the result stands without a third person.
    """
    if adjudicated is not None:
        return adjudicated
    return None if needs_adjudication(first, second) else first
