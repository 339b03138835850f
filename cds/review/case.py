"""What does a reviewer need to know of one decision? All of it, gathered for the case page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cds.decision import Decision
from cds.replaying import Replayed, Replayer
from cds.review.case_cards import CaseCard, case_cards
from cds.review.code_words import CodeWords
from cds.review.criteria import criteria_of
from cds.review.criterion import Criterion
from cds.review.queue_words import inflammation_words, resistance_words
from cds.review.record_rows import record_tables
from cds.review.record_table import RecordTable
from cds.review.rule_grounds import RuleGrounds, rule_grounds
from cds.review.stored_answer import changes_told, stored_criteria
from cds.review.uses import Uses
from cds.store.feedback import KeptFeedback
from cds.timeline import Timeline, draw
from rules.facts import Facts
from rules.findings import Assessment, NotUsed
from rules.knowledge import Knowledge
from rules.order_findings import OrderAssessment

_FROM_THE_LOG = (
    "Shown is what the decision log holds: sentences, dates and numbers. The picture, the ids of "
    "resources and the data that no finding rests on are missing."
)
_OTHER_KNOWLEDGE = (
    "The knowledge has changed since this decision. The criteria and the cards below are those of "
    "the decision. The picture and what became of each datum are drawn under the present version."
)
_FIRST = frozenset({"treatment_resistance", "inflammation", "experimental_order", "depression"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """How the decision would come out under the present knowledge, in words."""

    resistance: str
    inflammation: str
    cards: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One decision with everything known of it.

    root: its criteria. warning: what is missing here, or drawn otherwise; "" for nothing. tables:
    the data; not_used: what was left out. timeline: None where there is no picture. now: None
    where the knowledge is the same. parameters: those of the decision that differed from the
    default; None where that is not known.
    """

    decision: Decision
    root: Criterion
    cards: tuple[CaseCard, ...]
    warning: str
    grounds: RuleGrounds
    tables: tuple[RecordTable, ...] = ()
    not_used: tuple[NotUsed, ...] = ()
    would_change: tuple[str, ...] = ()
    received: Mapping[str, int] | None = None
    timeline: Timeline | None = None
    now: Now | None = None
    parameters: tuple[str, ...] | None = None

    @property
    def verdicts(self) -> tuple[Criterion, ...]:
        """The judgements the answer rests on, for the first look."""
        return tuple(each for each in self.root.walk() if each.id in _FIRST)


class CaseReader:
    """Gathers cases under one knowledge. Made once; holds no patient."""

    def __init__(self, replayer: Replayer, knowledge: Knowledge) -> None:
        self._replayer = replayer
        self._knowledge = knowledge
        self._words = CodeWords(knowledge)

    def read(self, decision: Decision, said: Mapping[str, Sequence[KeptFeedback]]) -> CaseView:
        """Gather one decision. said: feedback by the id of its card.

        Unknown input: where no facts are kept, or another version kept them, the view holds what
        the decision log tells, and says what is missing.
        """
        replayed = self._replayer.replay(decision)
        if replayed is None:
            return self._without_facts(decision, said)
        return self._with_facts(decision, replayed, case_cards(decision, replayed.case.cards, said))

    def _without_facts(
        self, decision: Decision, said: Mapping[str, Sequence[KeptFeedback]]
    ) -> CaseView:
        why = self._replayer.why_not(decision) or ""
        root = stored_criteria(decision)
        return CaseView(
            decision=decision,
            root=root,
            cards=case_cards(decision, (), said),
            warning=f"{why[:1].upper()}{why[1:]}. {_FROM_THE_LOG}",
            grounds=rule_grounds(root, self._knowledge),
            would_change=changes_told(decision),
        )

    def _with_facts(
        self, decision: Decision, replayed: Replayed, cards: tuple[CaseCard, ...]
    ) -> CaseView:
        assessment, facts = replayed.assessment, replayed.facts
        is_same, present = replayed.same_knowledge, criteria_of(assessment)
        root = present if is_same else stored_criteria(decision)
        results = assessment.inflammation.results if isinstance(assessment, Assessment) else ()
        uses = Uses(present, assessment.not_used, results)
        record = facts if isinstance(facts, Facts) else facts.record
        return CaseView(
            decision=decision,
            root=root,
            cards=cards,
            warning="" if is_same else _OTHER_KNOWLEDGE,
            grounds=rule_grounds(root, self._knowledge),
            tables=record_tables(facts, uses, self._words, decision.as_of),
            not_used=assessment.not_used,
            would_change=_would_change(assessment) if is_same else changes_told(decision),
            received=record.received,
            timeline=self._picture(replayed),
            now=None if is_same else _now(replayed),
            parameters=replayed.case.changed_parameters,
        )

    def _picture(self, replayed: Replayed) -> Timeline | None:
        """Draw the record; there is no picture of draft orders."""
        facts, assessment = replayed.facts, replayed.assessment
        if isinstance(facts, Facts) and isinstance(assessment, Assessment):
            return draw(facts, assessment, self._knowledge)
        return None


def _would_change(assessment: Assessment | OrderAssessment) -> tuple[str, ...]:
    if isinstance(assessment, OrderAssessment):
        return ()
    resistance, inflammation = assessment.treatment_resistance, assessment.inflammation
    return (*resistance.would_change, *inflammation.would_change)


def _now(replayed: Replayed) -> Now:
    assessment = replayed.assessment
    cards = ", ".join(card.summary for card in replayed.cards) or "no card"
    if isinstance(assessment, OrderAssessment):
        return Now(resistance="Not judged", inflammation="Not judged", cards=cards)
    return Now(
        resistance=resistance_words(assessment.treatment_resistance.status.value),
        inflammation=inflammation_words(assessment.inflammation.status.value),
        cards=cards,
    )
