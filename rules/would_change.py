"""What would change the verdict? Named, never asked for."""

from rules.completeness import (
    GROUNDS_OF_TRIALS,
    MEDICATION_TYPES,
    incomplete_types,
    unread_scores,
)
from rules.facts import Facts
from rules.findings import GradedTrial, ResistanceStatus, TrialGrade, Verdict
from rules.knowledge.model import Knowledge
from rules.plain_words import counted, kind_of_record, spelled
from rules.trial_count import ResistanceEvidence
from rules.trial_gaps import TrialGap

_MISSING_OF_GAP = {
    TrialGap.DOSE_UNKNOWN: "the daily dose of {drug}",
    TrialGap.DOSE_RANGE_SPANS: "the daily dose of {drug} that was taken",
    TrialGap.DURATION_UNKNOWN: "how long {drug} was taken",
    TrialGap.NO_RESPONSE_EVIDENCE: "symptom scores or a stop reason for the trial of {drug}",
    TrialGap.ADHERENCE_DOUBT: "whether {drug} was taken as meant",
    TrialGap.INDICATION_UNCLEAR: "the reason {drug} was given for",
    TrialGap.CODE_FREE_TEXT: "a code for {drug}",
    TrialGap.EPISODE_UNCLEAR: "whether the trial of {drug} belongs to this episode",
    TrialGap.STATUS_UNCLEAR: "the status of the record on {drug}",
}


def explain_change(
    status: ResistanceStatus, evidence: ResistanceEvidence, facts: Facts, knowledge: Knowledge
) -> tuple[str, ...]:
    """Name what, if it were in the record, could change the class.

    Source: project decision; the words name data and never advise to obtain it. Unknown input:
    where the patient is out of scope, or the verdict rests on positive evidence, nothing is named.
    """
    if status in {ResistanceStatus.OUT_OF_SCOPE, ResistanceStatus.MET}:
        return ()
    severity, trials = evidence.severity, evidence.trials
    if severity.verdict is Verdict.NOT_MET:
        return _of_low_score(facts, knowledge)
    missing = incomplete_types(facts)
    parts = [
        f"the {kind_of_record(name)} of the record"
        for name in (*MEDICATION_TYPES, *GROUNDS_OF_TRIALS)
        if name in missing
    ]
    if evidence.eligibility.doubted is not None:
        parts.append("whether the diagnosis that is in doubt is confirmed or refuted")
    if evidence.eligibility.depression.verdict is not Verdict.MET:
        parts.append("a coded major depressive disorder")
    parts += _more_trials(trials, knowledge)
    parts += _of_trials(trials)
    if severity.verdict is Verdict.CANNOT_TELL:
        parts.append(f"a symptom score within {_age(knowledge)}")
    return tuple(dict.fromkeys(parts))


def name_missing(
    status: ResistanceStatus, evidence: ResistanceEvidence, facts: Facts, knowledge: Knowledge
) -> tuple[str, ...]:
    """Name what of this is missing data.

    Another trial that fails, or a worse score, is nothing that a record lacks. Unknown input: as
    for explain_change.
    """
    to_come = {*_more_trials(evidence.trials, knowledge), _later_score(knowledge)}
    changes = explain_change(status, evidence, facts, knowledge)
    return tuple(each for each in changes if each not in to_come)


def _of_low_score(facts: Facts, knowledge: Knowledge) -> tuple[str, ...]:
    """A low latest score yields only to a later one, which may be among what did not arrive."""
    later, missing = _later_score(knowledge), unread_scores(facts)
    if missing is None:
        return (later,)
    return (f"the {kind_of_record(missing.resource_type)} of the record", later)


def _later_score(knowledge: Knowledge) -> str:
    return f"a later symptom score of at least moderate severity within {_age(knowledge)}"


def _more_trials(trials: tuple[GradedTrial, ...], knowledge: Knowledge) -> list[str]:
    failed = sum(trial.grade is TrialGrade.ADEQUATE_FAILED for trial in trials)
    lacking = max(0, knowledge.trd.min_failed_trials - failed)
    words = "more adequate trial without response", "more adequate trials without response"
    return [spelled(lacking, *words)] if lacking else []


def _age(knowledge: Knowledge) -> str:
    return counted(knowledge.trd.severity_max_age_days, "day", "days")


def _of_trials(trials: tuple[GradedTrial, ...]) -> list[str]:
    parts = [
        _MISSING_OF_GAP[gap].format(drug=trial.ingredient)
        for trial in trials
        if trial.grade is TrialGrade.INDETERMINATE
        for gap in trial.gaps
        if gap in _MISSING_OF_GAP
    ]
    parts += [
        f"when {trial.ingredient} was taken"
        for trial in trials
        if trial.grade is TrialGrade.UNPLACEABLE
    ]
    return parts
