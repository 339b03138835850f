"""For whom is the evidence card withheld, although everything else fits?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from rules.clinical_time import days_between
from rules.completeness import unread
from rules.current_state import (
    describe_drugs,
    drugs_taken_near,
    find_pregnancy,
    is_active,
    since,
)
from rules.facts import Completeness, Facts
from rules.findings import Finding, SuicideSignal, Verdict, Withheld
from rules.knowledge.model import Knowledge
from rules.plain_words import sources_of
from rules.speaks_against import WITHHOLDING_SETS, doubt


def find_withholding(
    facts: Facts, signals: Iterable[SuicideSignal], as_of: date, knowledge: Knowledge
) -> tuple[Withheld, ...]:
    """Collect the reasons for which the evidence card is not shown.

    Units: days. Source: rule.md sections 8.1, 9 and 12 points 17 to 19 and 21. The status of
    treatment resistance and of the marker stay as they are. Unknown input: an undated pregnancy,
    delirium or infection that is active counts, and so does an unconfirmed one. The rule is silent
    on diagnoses or scores that could not be read: any of these reasons, or a suicide signal, may be
    among them, so that the card is withheld; single diagnoses that could not be read are named on
    the card instead.
    """
    suspected = replace(facts, diagnoses=(*facts.diagnoses, *facts.unconfirmed))
    withheld = [
        *_suicidality(signals, knowledge),
        *_deceased(facts),
        *_pregnant_or_postpartum(suspected, as_of, knowledge),
        *_by_diagnosis(suspected, as_of, knowledge),
        *_serious_infection(suspected, as_of, knowledge),
        *_biologic(facts, as_of, knowledge),
        *_unread_diagnoses(facts),
        *_unread_scores(facts),
    ]
    by_reason: dict[str, Withheld] = {}
    for each in withheld:
        by_reason.setdefault(each.reason, each)
    return tuple(by_reason.values())


def _withheld(
    reason: str, because: str, sources: tuple[str, ...], verdict: Verdict = Verdict.MET
) -> Withheld:
    return Withheld(
        reason=reason,
        finding=Finding(verdict=verdict, because=because, citations=("rule 8.1",), sources=sources),
    )


def _suicidality(signals: Iterable[SuicideSignal], knowledge: Knowledge) -> Iterable[Withheld]:
    if not knowledge.safety.suppress_evidence_when_si:
        return
    for signal in signals:
        yield _withheld("suicidality", signal.finding.because, signal.finding.sources)


def _deceased(facts: Facts) -> Iterable[Withheld]:
    if facts.person.deceased:
        yield _withheld("deceased", "the record says the patient has died", facts.person.sources)


def _pregnant_or_postpartum(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Withheld]:
    for found in find_pregnancy(facts, as_of, knowledge):
        yield _withheld(found.kind, found.finding.because, found.finding.sources)


def _by_diagnosis(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Withheld]:
    for reason, name in WITHHOLDING_SETS.items():
        value_set = knowledge.value_sets[name]
        for diagnosis in facts.diagnoses:
            code = value_set.find(diagnosis.codes)
            if code is not None and is_active(diagnosis, as_of, knowledge):
                because = f"{value_set.label(code)} is coded as active{since(diagnosis)}"
                because += doubt(diagnosis, knowledge)
                yield _withheld(reason, because, diagnosis.sources)


def _serious_infection(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Withheld]:
    infection = knowledge.value_sets["acute-infection"]
    limit = knowledge.confounder.serious_infection_days
    for diagnosis in facts.diagnoses:
        code = infection.find(diagnosis.codes)
        if code is None or not is_active(diagnosis, as_of, knowledge):
            continue
        begun = diagnosis.onset or diagnosis.recorded
        if begun is None or days_between(begun.latest, as_of) <= limit:
            because = f"{infection.label(code)} is coded as active{since(diagnosis)}"
            because += doubt(diagnosis, knowledge)
            yield _withheld("active_infection", because, diagnosis.sources)


def _biologic(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Withheld]:
    current = drugs_taken_near(facts, "immunosuppressant_biologic", (as_of,), as_of, knowledge)
    if current:
        sources = sources_of([each.sources for each in current])
        because = f"a biologic or other immunosuppressant is current: {describe_drugs(current)}"
        yield _withheld("biologic", because, sources)


def _unread_diagnoses(facts: Facts) -> Iterable[Withheld]:
    """As for orders (section 1.2), a list that was cut short is no better than none."""
    missing = unread(facts, "Condition")
    if missing is None or missing.completeness is Completeness.PARTLY_READ:
        return
    because = f"diagnoses could not be read ({missing.because}); one that withholds this card may"
    because += " be among them"
    yield _withheld("diagnoses_unread", because, (), Verdict.CANNOT_TELL)


def _unread_scores(facts: Facts) -> Iterable[Withheld]:
    """A cut-off list that did hold scores held the latest ones, as the service asks for them."""
    missing = unread(facts, "Observation")
    if missing is None or missing.completeness is Completeness.PARTLY_READ:
        return
    if missing.completeness is Completeness.NOT_OBTAINED or not facts.scores:
        because = f"symptom scores could not be read ({missing.because}); an answer about suicidal"
        because += " thoughts may be among them"
        yield _withheld("scores_unread", because, (), Verdict.CANNOT_TELL)
