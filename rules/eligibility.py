"""Is the patient in scope? Age, the depressive disorder, and diagnoses that rule it out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rules.current_state import since
from rules.episodes import DEPRESSION_SETS
from rules.facts import Diagnosis, Facts, Person
from rules.findings import Finding, Verdict
from rules.knowledge.model import Knowledge
from rules.plain_words import sources_of, within_sentence
from rules.speaks_against import OUT_OF_SCOPE_SETS, doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Whether a claim about treatment resistance may be made at all.

    scope: NOT_MET where the patient is out of scope. only_age_unknown: nothing but a missing date
    of birth makes it so. doubted: an excluding diagnosis that is provisional, unconfirmed or
    differential, which caps the status at "possible". depression: whether a qualifying record
    exists.
    """

    scope: Finding
    only_age_unknown: bool
    doubted: Finding | None
    depression: Finding


def judge_eligibility(facts: Facts, as_of: date, knowledge: Knowledge) -> Eligibility:
    """Judge age, excluding diagnoses and the depressive disorder.

    Source: rule.md sections 1.2 row 1, 8.1 and 8.2. An excluding diagnosis counts for life,
    whatever its clinical status. One that nobody confirmed and nobody refuted is a doubt like a
    provisional one, where section 8.1 would ignore it. Unknown input: an unknown age is out of
    scope; no diagnosis at all leaves the disorder open.
    """
    person = facts.person
    age = judge_age(person, as_of, knowledge)
    settled, doubted = _by_certainty(facts, knowledge)
    excluded = _excluding(settled, Verdict.NOT_MET, knowledge)
    scope = age if age.verdict is not Verdict.MET else excluded or age
    return Eligibility(
        scope=scope,
        only_age_unknown=person.birth is None and excluded is None,
        doubted=_excluding(doubted, Verdict.CANNOT_TELL, knowledge),
        depression=judge_depression_record(facts.diagnoses, knowledge),
    )


def judge_age(person: Person, as_of: date, knowledge: Knowledge) -> Finding:
    """Judge whether the patient is surely of age on the day of evaluation.

    Units: years; the birthday itself is in scope. Source: rule.md section 8.1. Unknown input: an
    unknown birth date, or one that leaves the age open, is out of scope.
    """
    if person.birth is None:
        return _age_finding(Verdict.NOT_MET, "the date of birth is not known", person)
    youngest = years_between(person.birth.latest, as_of)
    minimum = knowledge.trd.min_age
    if youngest >= minimum:
        return _age_finding(Verdict.MET, f"{minimum} years or older", person)
    oldest = years_between(person.birth.earliest, as_of)
    words = f"younger than {minimum}" if oldest < minimum else f"not surely {minimum}"
    return _age_finding(Verdict.NOT_MET, f"{words} years old", person)


def years_between(birth: date, day: date) -> int:
    """Count full years; who was born on 29 February has the birthday on 1 March otherwise."""
    before_birthday = (day.month, day.day) < (birth.month, birth.day)
    return day.year - birth.year - before_birthday


def judge_depression_record(diagnoses: Iterable[Diagnosis], knowledge: Knowledge) -> Finding:
    """Judge whether the record holds a depressive disorder that qualifies.

    Source: rule.md section 8.2 and 12 point 20: a remission code qualifies as a record, the score
    decides. Unknown input: only other mood diagnoses, or none, is "cannot tell", because a missing
    entry in a problem list is not the absence of the disorder.
    """
    qualifying = [knowledge.value_sets[name] for name in DEPRESSION_SETS[:3]]
    other = None
    for diagnosis in diagnoses:
        for value_set in qualifying:
            found = value_set.find(diagnosis.codes)
            if found is not None:
                because = f"{within_sentence(value_set.label(found))} is coded"
                return _record_finding(Verdict.MET, because, diagnosis.sources)
        not_mdd = knowledge.value_sets["depression-not-mdd"].find(diagnosis.codes)
        other = other or (diagnosis if not_mdd is not None else None)
    if other is not None:
        because = "the only mood diagnosis coded is not major depressive disorder"
        return _record_finding(Verdict.CANNOT_TELL, because, other.sources)
    return _record_finding(
        Verdict.CANNOT_TELL, "no depressive disorder is coded in the data received", ()
    )


def _by_certainty(
    facts: Facts, knowledge: Knowledge
) -> tuple[Sequence[Diagnosis], Sequence[Diagnosis]]:
    """The diagnoses that stand, and those that may still turn out either way."""
    provisional = knowledge.records.condition_provisional_verification
    settled = [each for each in facts.diagnoses if each.verification not in provisional]
    doubted = [each for each in facts.diagnoses if each.verification in provisional]
    return settled, [*doubted, *facts.unconfirmed]


def _excluding(
    diagnoses: Iterable[Diagnosis], verdict: Verdict, knowledge: Knowledge
) -> Finding | None:
    for diagnosis in diagnoses:
        found = _out_of_scope_title(diagnosis, knowledge)
        if found is not None:
            status = diagnosis.clinical_status
            words = f"{within_sentence(found)} is coded" + (f" ({status})" if status else "")
            return Finding(
                verdict=verdict,
                because=f"{words}{since(diagnosis)}{doubt(diagnosis, knowledge)}",
                citations=("rule 8.1",),
                sources=sources_of([diagnosis.sources]),
            )
    return None


def _out_of_scope_title(diagnosis: Diagnosis, knowledge: Knowledge) -> str | None:
    sets = (knowledge.value_sets[name] for name in OUT_OF_SCOPE_SETS)
    return next((each.title for each in sets if each.find(diagnosis.codes) is not None), None)


def _age_finding(verdict: Verdict, because: str, person: Person) -> Finding:
    return Finding(
        verdict=verdict, because=because, citations=("trd.min_age",), sources=person.sources
    )


def _record_finding(verdict: Verdict, because: str, sources: tuple[str, ...]) -> Finding:
    return Finding(verdict=verdict, because=because, citations=("rule 8.2",), sources=sources)
