"""What do the rules say about the orders somebody is writing? The door of the order hooks."""

from collections.abc import Iterable
from datetime import date

from rules.active_depression import judge_active_depression
from rules.completeness import gaps_of, incomplete_types, unread
from rules.draft_orders import DraftOrder, OrderFacts
from rules.eligibility import judge_age
from rules.experimental_order import OrderingPatient, judge_draft, use_of
from rules.facts import Completeness, Diagnosis, Encounter, Facts
from rules.findings import CardKind, Finding, Gap, SuicideSignal, Verdict
from rules.knowledge.model import Knowledge
from rules.order_findings import JudgedDraft, OrderAssessment
from rules.plain_words import sources_of
from rules.safety import find_suicide_signals
from rules.severity import UsableScores, select_scores
from rules.usable_facts import keep_what_counts

# Of these the rule reads, as gaps name them; "bundle" may stand for any.
_BEARING = frozenset(
    {"bundle", "condition", "encounter", "observation", "patient", "questionnaireResponse"}
)


def assess_orders(facts: OrderFacts, as_of: date, knowledge: Knowledge) -> OrderAssessment:
    """Assess the draft orders of one patient: is one of an experimental drug, for depression?

    Source: interfaces.md (order-select and order-sign). One card at most, whatever the number of
    drafts. A suicide signal withholds no card here, because the card speaks against its draft and
    not for it; the signal stands on the card instead. Unknown input: what is missing and decides
    makes the finding CANNOT_TELL, which shows no card unless the site asks for data-gap cards;
    diagnoses of which single ones could not be read leave the card with a caveat. Nothing here
    raises for patient data.
    """
    record = keep_what_counts(facts.record, as_of, knowledge)
    scores = select_scores(record.scores, as_of, knowledge)
    patient = OrderingPatient(
        bars=_bars(record, as_of, knowledge),
        depression=judge_active_depression(record, scores, as_of, knowledge),
        diagnoses=record.diagnoses,
        unseen=_unseen_diagnoses(record),
        as_of=as_of,
    )
    drafts = tuple(_judge(each, patient, knowledge) for each in facts.drafts)
    finding = _summed_up(drafts)
    return OrderAssessment(
        as_of=as_of,
        rule_id=knowledge.rule_id,
        rule_version=knowledge.rule_version,
        knowledge_version=knowledge.version,
        knowledge_sha256=knowledge.sha256,
        changed_parameters=knowledge.changed,
        finding=finding,
        depression=patient.depression,
        drafts=drafts,
        suicide_signals=_signals(record, scores, as_of, knowledge),
        caveats=_caveats(record, facts.drafts, knowledge),
        cards_due=_cards_due(finding, knowledge),
        gaps=_gaps(record, facts.drafts),
        not_used=tuple(sorted({*record.not_used, *scores.not_used, *facts.not_used})),
    )


def _judge(draft: DraftOrder, patient: OrderingPatient, knowledge: Knowledge) -> JudgedDraft:
    finding = judge_draft(draft, patient, knowledge)
    use = use_of(draft, knowledge)
    if use is None:
        return JudgedDraft(drug="", finding=finding)
    return JudgedDraft(
        drug=next(each.name for each in draft.drugs if use.is_of(each)),
        finding=finding,
        from_text=draft.drug_from_text,
        studies=use.studies,
        risk=use.risk,
    )


def _bars(record: Facts, as_of: date, knowledge: Knowledge) -> Finding | None:
    """Why nothing is said of this patient: no card of the dead, and none outside the age range."""
    person = record.person
    if person.deceased:
        because = "the record says the patient has died"
        return Finding(verdict=Verdict.NOT_MET, because=because, sources=person.sources)
    age = judge_age(person, as_of, knowledge)
    missing = unread(record, "Patient")
    if person.birth is None and missing is not None:
        because = f"the patient's own data could not be read ({missing.because})"
        return Finding(verdict=Verdict.CANNOT_TELL, because=because)
    return None if age.verdict is Verdict.MET else age


def _unseen_diagnoses(record: Facts) -> str | None:
    """Why diagnoses were not received as a whole; single ones that cannot be read are a caveat."""
    missing = unread(record, "Condition")
    if missing is None or missing.completeness is Completeness.PARTLY_READ:
        return None
    return missing.because


def _summed_up(drafts: Iterable[JudgedDraft]) -> Finding:
    """The finding on all drafts: one that is due decides, then one that cannot be told."""
    findings = [each.finding for each in drafts]
    for verdict in (Verdict.MET, Verdict.CANNOT_TELL, Verdict.NOT_MET):
        found = [each for each in findings if each.verdict is verdict]
        if found:
            return Finding(
                verdict=verdict,
                because="; ".join(dict.fromkeys(each.because for each in found)),
                citations=tuple(dict.fromkeys(key for each in found for key in each.citations)),
                sources=sources_of([each.sources for each in found]),
            )
    return Finding(verdict=Verdict.NOT_MET, because="there is no draft entry of a drug")


def _cards_due(finding: Finding, knowledge: Knowledge) -> tuple[CardKind, ...]:
    if finding.verdict is Verdict.MET:
        return (CardKind.EXPERIMENTAL_ORDER,)
    asked_for = finding.verdict is Verdict.CANNOT_TELL and knowledge.cards.data_gap_card
    return (CardKind.DATA_GAP,) if asked_for else ()


def _signals(
    record: Facts, scores: UsableScores, as_of: date, knowledge: Knowledge
) -> tuple[SuicideSignal, ...]:
    """The signals that stand on the card; none where the site shows no safety card either."""
    if knowledge.safety.suicide_safety_card == "off":
        return ()
    coded: tuple[Diagnosis | Encounter, ...] = (
        *record.diagnoses,
        *record.unconfirmed,
        *record.encounters,
    )
    totals = (*scores.totals, *scores.contradicted)
    return find_suicide_signals(scores.items, totals, coded, as_of, knowledge)


def _caveats(record: Facts, drafts: Iterable[DraftOrder], knowledge: Knowledge) -> tuple[str, ...]:
    """What stays open about labelled indications, unless no drug is drafted that has one."""
    uses = [use for use in (use_of(each, knowledge) for each in drafts) if use is not None]
    if uses and not any(use.has_label for use in uses):
        return ()
    statements = knowledge.evidence.statements
    missing = unread(record, "Condition")
    caveats = [statements["order_list_is_short"]]
    if missing is not None:
        caveats.append(statements["order_diagnoses_missing"].replace("{reason}", missing.because))
    return tuple(caveats)


def _gaps(record: Facts, drafts: Iterable[DraftOrder]) -> tuple[Gap, ...]:
    """What could not be had of all that bears on a draft; supplies and procedures do not."""
    missing = incomplete_types(record)
    found = (*record.gaps, *gaps_of(missing[each] for each in missing))
    named = (Gap("draft entry", each.drug_unread) for each in drafts if each.drug_unread)
    return tuple(sorted({*(each for each in found if each.what in _BEARING), *named}))
