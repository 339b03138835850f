"""What do the rules say about this patient on this day? The one door."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from rules.acute_illness import find_acute_periods
from rules.completeness import gaps_of, incomplete_types, unread, unread_medications
from rules.confounders import ConfounderScan, find_confounders
from rules.context import find_context, find_history
from rules.eligibility import judge_eligibility
from rules.episodes import find_activity, find_current_episode
from rules.facts import Diagnosis, Encounter, Facts, Procedure
from rules.findings import (
    Assessment,
    Gap,
    Inflammation,
    InflammationStatus,
    TreatmentResistance,
    TrialGrade,
)
from rules.gating import decide_cards
from rules.grading import propose_trial
from rules.il6_blockade import find_blockade
from rules.inflammation import judge_inflammation
from rules.knowledge.model import Knowledge
from rules.latest_result import MarkerSetting
from rules.markers import SortedResults, label_results
from rules.plain_words import kind_of_record, listed
from rules.populations import find_withholding
from rules.response import TrialEvidence
from rules.safety import find_suicide_signals
from rules.sequence import compare_trials
from rules.severity import UsableScores, judge_current_severity, select_scores
from rules.supporting import find_supporting
from rules.treatment_resistance import judge_treatment_resistance
from rules.trial_candidate import TrialSetting, grade_trial
from rules.trial_count import ResistanceEvidence
from rules.trial_entry import find_trial_exclusions
from rules.trials import exposed_spans, merge_exposures
from rules.usable_facts import keep_what_counts


def assess(facts: Facts, as_of: date, knowledge: Knowledge) -> Assessment:
    """Assess one patient: treatment resistance, inflammation, what speaks against, which cards.

    Source: rule.md. The same facts, day and knowledge always give the same assessment. Unknown
    input: whatever is missing is named in the assessment; nothing here raises for patient data.
    """
    usable = keep_what_counts(facts, as_of, knowledge)
    scores = select_scores(usable.scores, as_of, knowledge)
    results = label_results(usable.markers, as_of, knowledge)
    resistance = _resistance(usable, scores, as_of, knowledge)
    inflammation, scan = _marker(usable, results, as_of, knowledge)
    coded: tuple[Diagnosis | Encounter, ...] = (
        *usable.diagnoses,
        *usable.unconfirmed,
        *usable.encounters,
    )
    totals = (*scores.totals, *scores.contradicted)
    signals = find_suicide_signals(scores.items, totals, coded, as_of, knowledge)
    reasons = find_withholding(usable, signals, as_of, knowledge)
    decision = decide_cards(resistance.status, inflammation.status, reasons, signals, knowledge)
    return Assessment(
        as_of=as_of,
        rule_id=knowledge.rule_id,
        rule_version=knowledge.rule_version,
        knowledge_version=knowledge.version,
        knowledge_sha256=knowledge.sha256,
        changed_parameters=knowledge.changed,
        treatment_resistance=resistance,
        inflammation=inflammation,
        confounders=scan.found,
        confounders_unread=scan.unread,
        suicide_signals=signals,
        trial_exclusions=find_trial_exclusions(usable, signals, as_of, knowledge),
        context_notes=_context(usable, scores, as_of, knowledge),
        caveats=_caveats(usable, resistance, inflammation, scan, knowledge),
        withheld=decision.withheld,
        cards_due=decision.cards,
        gaps=_gaps(usable),
        not_used=tuple(sorted({*usable.not_used, *scores.not_used, *results.not_used})),
    )


def _resistance(
    facts: Facts, scores: UsableScores, as_of: date, knowledge: Knowledge
) -> TreatmentResistance:
    """From exposures to the class: courses, the episode, trials, their comparison, the count."""
    courses = merge_exposures(facts, as_of, knowledge)
    covered = exposed_spans(facts.exposures, as_of, knowledge)
    events: tuple[Encounter | Procedure, ...] = (*facts.encounters, *facts.procedures)
    activity = find_activity(facts.diagnoses, events, scores.totals, knowledge)
    setting = TrialSetting(
        episode=find_current_episode(covered, activity, scores.totals, as_of, knowledge),
        evidence=TrialEvidence(totals=scores.totals, intolerances=facts.intolerances),
        diagnoses=facts.diagnoses,
        as_of=as_of,
        knowledge=knowledge,
    )
    candidates = compare_trials([propose_trial(each, setting) for each in courses], knowledge)
    trials = [grade_trial(each, knowledge) for each in candidates]
    evidence = ResistanceEvidence(
        eligibility=judge_eligibility(facts, as_of, knowledge),
        trials=tuple(sorted(trials, key=lambda each: (each.start or date.min, each.ingredient))),
        supporting=find_supporting(facts, courses, setting),
        totals=scores.totals,
        severity=judge_current_severity(scores, as_of, knowledge.trd.severity_max_age_days),
    )
    return judge_treatment_resistance(facts, evidence, knowledge)


def _marker(
    facts: Facts, results: SortedResults, as_of: date, knowledge: Knowledge
) -> tuple[Inflammation, ConfounderScan]:
    """From results to the marker status, beside everything else that could have moved them."""
    acute = find_acute_periods(facts, as_of, knowledge)
    setting = MarkerSetting(
        acute_periods=acute,
        blockade=find_blockade(facts, as_of, knowledge),
        unread=unread(facts, "Observation"),
        unread_drugs=next(iter(unread_medications(facts)), None),
        as_of=as_of,
        knowledge=knowledge,
    )
    samples = tuple(each.date for each in results.labelled)
    scan = find_confounders(facts, acute, samples, as_of, knowledge)
    return _with_confounder_notes(judge_inflammation(results, setting), scan), scan


def _with_confounder_notes(inflammation: Inflammation, scan: ConfounderScan) -> Inflammation:
    """Add the notes on confounders that bear on how a status reads."""
    kinds = {each.kind for each in scan.found}
    notes = list(inflammation.notes)
    read = inflammation.status not in {InflammationStatus.UNKNOWN, InflammationStatus.STALE}
    if read and scan.lowering:
        notes.append("may_be_lowered")
    raised = {InflammationStatus.RAISED_PERSISTENT, InflammationStatus.RAISED_ONCE}
    if inflammation.status in raised and "obesity" in kinds:
        notes.append("obesity")
    return replace(inflammation, notes=tuple(dict.fromkeys(notes)))


def _context(
    facts: Facts, scores: UsableScores, as_of: date, knowledge: Knowledge
) -> tuple[str, ...]:
    """What is shown beside the evidence, with the sentence that says why."""
    shown = find_context(scores.items, facts.scores, as_of, knowledge)
    why = (knowledge.evidence.statements["fatigue_context"],) if shown else ()
    return (*shown, *why, *find_history(facts.diagnoses, knowledge))


def _gaps(facts: Facts) -> tuple[Gap, ...]:
    missing = incomplete_types(facts)
    return tuple(sorted({*facts.gaps, *gaps_of(missing[each] for each in sorted(missing))}))


def _of_trials(resistance: TreatmentResistance) -> Iterable[str]:
    """Say each caveat of the trials once, behind the names of the drugs it speaks of."""
    drugs: dict[str, list[str]] = {}
    for trial in resistance.trials:
        if trial.grade is not TrialGrade.NOT_COUNTED:
            for caveat in trial.caveats:
                drugs.setdefault(caveat, []).append(trial.ingredient)
    return (f"{listed(names)}: {caveat}" for caveat, names in drugs.items())


def _caveats(
    facts: Facts,
    resistance: TreatmentResistance,
    inflammation: Inflammation,
    scan: ConfounderScan,
    knowledge: Knowledge,
) -> tuple[str, ...]:
    """Sentences that belong under "missing or uncertain" and are no gap of a single trial."""
    statements = knowledge.evidence.statements
    caveats = [*resistance.caveats, *_of_trials(resistance)]
    caveats += [
        f"{kind_of_record(each.resource_type).capitalize()}: {each.because}"
        for each in unread_medications(facts)
    ]
    if inflammation.status is InflammationStatus.RAISED_ONCE:
        again = {"too_close", "fluctuating"} & set(inflammation.notes)
        caveats.append(statements["raised_not_persistent" if again else "one_raised_result"])
    for note in ("within_lab_range", "obesity"):
        if note in inflammation.notes:
            caveats.append(statements[note])
    if "may_be_lowered" in inflammation.notes:
        caveats.append(statements["lowered_crp"].replace("{drug class}", listed(scan.lowering)))
    return tuple(dict.fromkeys(caveats))
