"""How does a form on a case look to the one who fills it in, and what did they send?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from cds.review.judging import (
    OVERALL,
    WORDING,
    Answer,
    Fault,
    Judgement,
    Place,
    Verdict3,
    questions_on,
    title_of,
)
from cds.review.standing import Progress
from cds.store.case_view import CaseView, SavedJudgement
from cds.store.judgements import Form

# What is judged, as a statement that one agrees with or not.
_STATEMENTS: Mapping[str, str] = {
    "treatment_resistance": "Treatment resistance was judged rightly.",
    "inflammation": "The CRP was judged rightly.",
    "confounders": "What else could move the CRP was judged rightly.",
    "exclusions": "What speaks against a card was judged rightly.",
    WORDING: "The words of the card are right and clear.",
}
_CARD_STATEMENT = "It was right to write a card for this patient on that day."
_NO_CARD_STATEMENT = "It was right to write no card for this patient on that day."
VERDICT_WORDS: Mapping[Verdict3, str] = {
    Verdict3.AGREE: "Agree",
    Verdict3.DISAGREE: "Disagree",
    Verdict3.CANNOT_TELL: "Cannot tell",
}
PLACE_WORDS: Mapping[Place, str] = {
    Place.FIRST: "First reviewer",
    Place.SECOND: "Second reviewer",
    Place.ADJUDICATOR: "Adjudicator",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the form. said: what each of the others said, for the adjudicator."""

    name: str
    title: str
    statement: str
    answer: Answer
    faults: tuple[Fault, ...]
    said: tuple[tuple[str, Answer], ...]

    @property
    def is_open(self) -> bool:
        """Whether the two reviewers left this question to the adjudicator."""
        verdicts = {answer.verdict for _, answer in self.said}
        return len(verdicts) > 1 or Verdict3.CANNOT_TELL in verdicts

    @property
    def needs_reasons(self) -> bool:
        """Whether reasons and comment are shown from the start: they were given or are missing."""
        at_them = any(fault.field != self.name for fault in self.faults)
        return bool(self.answer.reasons or self.answer.comment or at_them)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The whole form as it is shown. given: what stands in it. back: where a save leads to.

    other_tab: what was saved elsewhere meanwhile, where this form was based on an older row.
    """

    view: CaseView
    given: Judgement
    faults: tuple[Fault, ...] = ()
    notice: str = ""
    back: str = "form"
    other_tab: SavedJudgement | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        """Give the questions of this case, the overall one first."""
        has_card = self.view.assigned.has_card
        newest = {row.place: row.judgement for row in self.view.others}
        return tuple(
            Question(
                name=name,
                title=title_of(name),
                statement=statement_on(name, has_card=has_card),
                answer=self.given.answer_to(name),
                faults=tuple(fault for fault in self.faults if _stands_at(fault, name)),
                said=tuple(
                    (PLACE_WORDS[place], judgement.answer_to(name))
                    for place, judgement in newest.items()
                ),
            )
            for name in questions_on(has_card=has_card)
        )

    @property
    def settles(self) -> bool:
        """Whether this is the adjudicator's form."""
        return self.view.assigned.place is Place.ADJUDICATOR

    @property
    def is_due(self) -> bool:
        """Whether something can be said on this case now."""
        standing = self.view.standing
        return not standing.settled and (not self.settles or standing.progress is Progress.DUE)

    @property
    def is_revision(self) -> bool:
        """Whether what was submitted is changed."""
        return self.view.standing.submitted


def statement_on(name: str, *, has_card: bool) -> str:
    """Give the statement that a question asks about."""
    if name == OVERALL:
        return _CARD_STATEMENT if has_card else _NO_CARD_STATEMENT
    return _STATEMENTS[name]


def read_form(sent: MultiDict[str, str], asked: Sequence[str], *, submit: bool) -> Form:
    """Read a posted form: the questions that are asked, and what was said to them.

    An answer that is not one of the three was not given.
    """
    criteria = {name: _read_answer(sent, name) for name in asked if name != OVERALL}
    return Form(
        judgement=Judgement(
            overall=_read_answer(sent, OVERALL),
            criteria={name: answer for name, answer in criteria.items() if answer != Answer()},
            because=_text(sent, "because"),
        ),
        submit=submit,
        based_on=sent.get("based_on", 0, type=int),
        seen=sent.get("seen", 0, type=int),
    )


def list_answers(judgement: Judgement, names: Sequence[str]) -> tuple[tuple[str, Answer], ...]:
    """Give the title of each question with its answer."""
    return tuple((title_of(name), judgement.answer_to(name)) for name in names)


def _read_answer(sent: MultiDict[str, str], name: str) -> Answer:
    verdicts = {verdict.value: verdict for verdict in Verdict3}
    return Answer(
        verdict=verdicts.get(sent.get(name, "")),
        reasons=tuple(dict.fromkeys(sent.getlist(f"{name}-reasons"))),
        comment=_text(sent, f"{name}-comment"),
    )


def _text(sent: MultiDict[str, str], name: str) -> str:
    """Read a text with the line ends that its author typed; browsers send two characters each."""
    return sent.get(name, "").replace("\r\n", "\n").strip()


def _stands_at(fault: Fault, name: str) -> bool:
    return fault.field == name or fault.field.startswith(f"{name}-")
