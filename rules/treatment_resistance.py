"""Have enough adequate trials failed in this episode to call it treatment resistance?"""

from collections.abc import Sequence

from rules.completeness import (
    GROUNDS_OF_SUPPORT,
    no_order_source,
    unread,
    unread_grounds,
    unread_medications,
    unread_scores,
)
from rules.facts import Facts, Incomplete
from rules.findings import (
    Finding,
    ResistanceStatus,
    TreatmentResistance,
    TrialGrade,
    Verdict,
)
from rules.knowledge.model import Knowledge
from rules.open_points import find_open_points
from rules.plain_words import kind_of_record, listed, sources_of, spelled
from rules.severity import describe_latest, latest_of_day
from rules.trial_count import ResistanceEvidence
from rules.would_change import explain_change, name_missing


def judge_treatment_resistance(
    facts: Facts, evidence: ResistanceEvidence, knowledge: Knowledge
) -> TreatmentResistance:
    """Judge the class of treatment resistance; the first row of the table that matches holds.

    Units: trials. Source: rule.md section 1.2. Unknown input: missing data leads to
    "insufficient_data" or holds a patient at "possible"; it never leads to "met".
    """
    status, because = _first_match(facts, evidence, knowledge)
    return TreatmentResistance(
        status=status,
        finding=Finding(
            verdict=_VERDICTS[status],
            because=because,
            citations=("rule 1.2", "trd.min_failed_trials"),
            sources=_sources(status, evidence),
        ),
        trials=evidence.trials,
        supporting=evidence.supporting,
        latest_score=describe_latest(evidence.totals),
        would_change=explain_change(status, evidence, facts, knowledge),
        missing=name_missing(status, evidence, facts, knowledge),
        caveats=find_open_points(facts, evidence, knowledge),
    )


_VERDICTS = {
    ResistanceStatus.MET: Verdict.MET,
    ResistanceStatus.POSSIBLE: Verdict.CANNOT_TELL,
    ResistanceStatus.NOT_MET: Verdict.NOT_MET,
    ResistanceStatus.INSUFFICIENT_DATA: Verdict.CANNOT_TELL,
    ResistanceStatus.OUT_OF_SCOPE: Verdict.NOT_MET,
}


def _first_match(
    facts: Facts, evidence: ResistanceEvidence, knowledge: Knowledge
) -> tuple[ResistanceStatus, str]:
    scope = evidence.eligibility.scope
    unread_person = unread(facts, "Patient")
    if unread_person is not None and evidence.eligibility.only_age_unknown:
        because = f"the patient's own data could not be read ({unread_person.because})"
        return ResistanceStatus.INSUFFICIENT_DATA, because
    if scope.verdict is not Verdict.MET:
        return ResistanceStatus.OUT_OF_SCOPE, scope.because
    if evidence.severity.verdict is Verdict.NOT_MET:
        return _not_depressed_now(facts, evidence)
    missing = _missing_history(facts, evidence, knowledge)
    if missing is not None:
        return ResistanceStatus.INSUFFICIENT_DATA, missing
    needed = knowledge.trd.min_failed_trials
    if evidence.count.possible < needed:
        because = f"{_trial_words(evidence)}; {needed} are needed"
        return ResistanceStatus.NOT_MET, because
    return _met_or_possible(facts, evidence, knowledge)


def _not_depressed_now(facts: Facts, evidence: ResistanceEvidence) -> tuple[ResistanceStatus, str]:
    """Row 2: a low latest score decides, unless a later one may not have reached the rules."""
    because = f"{evidence.severity.because}; {_trial_words(evidence)}"
    missing = unread_scores(facts)
    if missing is not None:
        words = f"later symptom scores may be missing ({missing.because})"
        return ResistanceStatus.INSUFFICIENT_DATA, f"{words}; {because}"
    latest = latest_of_day(evidence.totals)
    remitted = all(each.value <= each.scale.remission_max for each in latest)
    now = "not depressed now" if remitted else "no depression of moderate severity now"
    return ResistanceStatus.NOT_MET, f"{now}: {because}"


def _missing_history(
    facts: Facts, evidence: ResistanceEvidence, knowledge: Knowledge
) -> str | None:
    """Rows 3a to 3d: what is missing that the answer would rest on, or None."""
    needed, count = knowledge.trd.min_failed_trials, evidence.count
    failed = no_order_source(facts)
    if failed:
        return f"the medication history could not be read: {_because(failed)}"
    depression = evidence.eligibility.depression
    depressed = depression.verdict is Verdict.MET
    if facts.medication_records == 0 and depressed and not unread_medications(facts):
        return "no medication is in the data received, which does not show that none was taken"
    if count.possible >= needed:
        return None if depressed else depression.because
    unread_part = _unread_part(facts, evidence, needed)
    if unread_part is not None:
        return f"{unread_part}; found: {_trial_words(evidence)}"
    if count.possible + count.unplaceable >= needed:
        names = listed(
            [each.ingredient for each in evidence.trials if each.grade is TrialGrade.UNPLACEABLE]
        )
        return f"{names}: recorded without dates, so that it is open whether enough trials failed"
    return None


def _unread_part(facts: Facts, evidence: ResistanceEvidence, needed: int) -> str | None:
    """Row 3b, for drugs and also for diagnoses, scores, contacts and procedures.

    What did not arrive of these may be what makes a drug on record a trial that counts.
    """
    drugs = unread_medications(facts)
    if drugs:
        return f"part of the medication history could not be read: {_because(drugs)}"
    grounds = [each for each in unread_grounds(facts) if _could_add(each, facts, evidence, needed)]
    if grounds:
        return f"part of what trials are judged by could not be read: {_because(grounds)}"
    return None


def _could_add(
    missing: Incomplete, facts: Facts, evidence: ResistanceEvidence, needed: int
) -> bool:
    """Whether the drugs on record could be enough trials, were the missing type there.

    Support adds one at most. Without any drug on record it is open whether there were some.
    """
    support = 1 if missing.resource_type in GROUNDS_OF_SUPPORT else 0
    return facts.medication_records == 0 or len(evidence.trials) + support >= needed


def _because(incomplete: Sequence[Incomplete]) -> str:
    return "; ".join(
        f"{kind_of_record(each.resource_type)} ({each.because})" for each in incomplete
    )


def _met_or_possible(
    facts: Facts, evidence: ResistanceEvidence, knowledge: Knowledge
) -> tuple[ResistanceStatus, str]:
    words, severity = _trial_words(evidence), evidence.severity
    because = f"{words}; {severity.because}"
    open_severity = severity.verdict is not Verdict.MET and knowledge.trd.require_current_severity
    doubted = evidence.eligibility.doubted
    if doubted is not None:
        return ResistanceStatus.POSSIBLE, f"{because}; {doubted.because}"
    unread_diagnoses = unread(facts, "Condition")
    if unread_diagnoses is not None:
        # An excluding diagnosis may be among what did not arrive; absence must not make "met".
        because = f"{because}; diagnoses may be missing ({unread_diagnoses.because})"
        return ResistanceStatus.POSSIBLE, because
    if evidence.count.failed >= knowledge.trd.min_failed_trials and not open_severity:
        return ResistanceStatus.MET, because
    return ResistanceStatus.POSSIBLE, because


def _trial_words(evidence: ResistanceEvidence) -> str:
    """Count the trials in words, naming the drugs of those that count."""
    count = evidence.count
    failed = [e.ingredient for e in evidence.trials if e.grade is TrialGrade.ADEQUATE_FAILED]
    failed += [e.treatment for e in evidence.supporting if e.grade is TrialGrade.ADEQUATE_FAILED]
    open_ = [e.ingredient for e in evidence.trials if e.grade is TrialGrade.INDETERMINATE]
    parts = [
        spelled(
            count.failed,
            "adequate trial without response in the current episode",
            "adequate trials without response in the current episode",
        )
        + (f" ({listed(failed)})" if failed else "")
    ]
    if open_:
        words = spelled(len(open_), "trial that may count", "trials that may count")
        parts.append(f"{words} ({listed(open_)})")
    supporting = [e.treatment for e in evidence.supporting if e.grade is TrialGrade.INDETERMINATE]
    if supporting:
        parts.append(f"support that counts as one at most ({listed(supporting)})")
    earlier = [e for e in evidence.trials if "before the look-back" in e.finding.because]
    if earlier:
        parts.append(f"{spelled(len(earlier), 'trial', 'trials')} before the look-back")
    return listed(parts)


def _sources(status: ResistanceStatus, evidence: ResistanceEvidence) -> tuple[str, ...]:
    if status is ResistanceStatus.OUT_OF_SCOPE:
        return evidence.eligibility.scope.sources
    counting = [
        trial.finding.sources
        for trial in evidence.trials
        if trial.grade in {TrialGrade.ADEQUATE_FAILED, TrialGrade.INDETERMINATE}
    ]
    depression = evidence.eligibility.depression.sources
    return sources_of([depression, *counting, evidence.severity.sources])
