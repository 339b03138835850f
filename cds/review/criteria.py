"""Of which criteria does a decision consist, and how did each come out?

The tree is drawn from the assessment alone, so that a page shows what the rule found and nothing
that was worked out a second time.
"""

from collections.abc import Mapping
from dataclasses import replace

from cds.outcome import OutcomeKind, find_outcome
from cds.pages.page import read_name
from cds.pages.words import GRADES, INFLAMMATION, LABELS, RESISTANCE
from cds.review.criterion import (
    VERDICT_WORDS,
    Criterion,
    of_finding,
    of_thing_found,
    record_criterion,
    signal_criteria,
    withheld_criteria,
)
from cds.review.order_criteria import order_criteria_of
from rules.findings import (
    Assessment,
    CardKind,
    Confounder,
    GradedTrial,
    Inflammation,
    LabelledResult,
    LatestScore,
    ResultLabel,
    SupportingTreatment,
    TreatmentResistance,
    Verdict,
)
from rules.order_findings import OrderAssessment
from rules.plain_words import listed, number

# A result that is only shown is judged against no cut-off.
_OF_LABEL: Mapping[ResultLabel, Verdict | None] = {
    ResultLabel.NORMAL: Verdict.NOT_MET,
    ResultLabel.RAISED: Verdict.MET,
    ResultLabel.CENSORED_HIGH: Verdict.MET,
    ResultLabel.ACUTE_RANGE: Verdict.CANNOT_TELL,
    ResultLabel.CENSORED: Verdict.CANNOT_TELL,
    ResultLabel.CONFOUNDED: Verdict.CANNOT_TELL,
    ResultLabel.DISPLAY_ONLY: None,
}


def criteria_of(assessment: Assessment | OrderAssessment) -> Criterion:
    """Give the tree of criteria that led to a decision, with every finding of it.

    Unknown input: what could not be told is CANNOT_TELL with its sentence; nothing is left out.
    """
    if isinstance(assessment, OrderAssessment):
        return order_criteria_of(assessment)
    verdict, because = _of_card(assessment)
    return Criterion(
        id="evidence_card",
        title="An evidence card is due",
        verdict=verdict,
        words=VERDICT_WORDS[verdict],
        because=because,
        notes=(*assessment.caveats, *assessment.context_notes, *assessment.trial_exclusions),
        children=(
            _resistance(assessment.treatment_resistance),
            _inflammation(assessment.inflammation),
            _confounders(assessment),
            _exclusions(assessment),
            record_criterion(assessment),
        ),
    )


def _of_card(assessment: Assessment) -> tuple[Verdict, str]:
    """Say how the one question came out; another card than the evidence card answers it with no."""
    if CardKind.EVIDENCE in assessment.cards_due:
        return Verdict.MET, "both criteria are met as the rule asks, and nothing withholds the card"
    outcome = find_outcome(assessment)
    is_open = outcome.kind is OutcomeKind.COULD_NOT_TELL
    grounds = [f"{each.what}: {each.because}" for each in outcome.reasons]
    grounds = grounds or [each.finding.because for each in assessment.withheld]
    if not grounds:  # another card is due
        judged = (assessment.treatment_resistance.finding, assessment.inflammation.finding)
        grounds = [each.because for each in judged]
    return Verdict.CANNOT_TELL if is_open else Verdict.NOT_MET, "; ".join(grounds)


def _resistance(resistance: TreatmentResistance) -> Criterion:
    trials = [_trial(each, place) for place, each in enumerate(resistance.trials, 1)]
    support = [_support(each, place) for place, each in enumerate(resistance.supporting, 1)]
    words = RESISTANCE[resistance.status]
    judged = of_finding(resistance.finding, "treatment_resistance", "Treatment resistance", words)
    return replace(
        judged,
        notes=resistance.caveats,
        children=(*trials, *support, _score(resistance.latest_score)),
    )


def _trial(trial: GradedTrial, place: int) -> Criterion:
    judged = of_finding(
        trial.finding, f"trial-{place}", f"Trial of {trial.ingredient}", GRADES[trial.grade]
    )
    failure = () if trial.failure in trial.finding.because else (trial.failure,)
    return replace(judged, notes=(*failure, *trial.gap_notes, *trial.caveats))


def _support(support: SupportingTreatment, place: int) -> Criterion:
    title = f"{read_name(support.kind)}: {support.treatment}"
    return of_finding(support.finding, f"support-{place}", title, GRADES[support.grade])


def _score(score: LatestScore | None) -> Criterion:
    """The score the class was judged beside; how it bears on the class, the class itself says."""
    title, key = "Latest depression score", "symptom_score"
    if score is None:
        because = "no usable score is in the data received"
        return Criterion(id=key, title=title, verdict=None, words="None found", because=because)
    return Criterion(
        id=key,
        title=title,
        verdict=None,
        words="Found",
        because=f"{score.scale} {number(score.value)} on {score.date}",
        sources=score.sources,
    )


def _inflammation(inflammation: Inflammation) -> Criterion:
    words, title = INFLAMMATION[inflammation.status], "Inflammation (CRP)"
    judged = of_finding(inflammation.finding, "inflammation", title, words)
    results = [_result(each, place) for place, each in enumerate(inflammation.results, 1)]
    notes = tuple(read_name(each) for each in inflammation.notes)
    return replace(judged, notes=notes, children=tuple(results))


def _result(result: LabelledResult, place: int) -> Criterion:
    return Criterion(
        id=f"result-{place}",
        title=f"{result.marker_name} of {result.date}",
        verdict=_OF_LABEL[result.label],
        words=LABELS[result.label],
        because=f"{result.shown} on {result.date}",
        sources=result.sources,
        notes=tuple(read_name(each) for each in result.notes),
    )


def _confounders(assessment: Assessment) -> Criterion:
    found, unread = assessment.confounders, assessment.confounders_unread
    if found:
        because = f"found: {listed([each.name for each in found])}"
        verdict, words = Verdict.NOT_MET, "Found"
    elif unread:
        because = "not all that could be one could be read"
        verdict, words = Verdict.CANNOT_TELL, "Cannot tell"
    else:
        because = "none was found in the data received; strenuous exercise cannot be assessed"
        verdict, words = Verdict.MET, "None found"
    return Criterion(
        id="confounders",
        title="Nothing else that could move the CRP",
        verdict=verdict,
        words=words,
        because=because,
        notes=tuple(f"Could not be read, so not looked for: {read_name(each)}" for each in unread),
        children=tuple(_confounder(each, place) for place, each in enumerate(found, 1)),
    )


def _confounder(found: Confounder, place: int) -> Criterion:
    return of_thing_found(found.finding, f"confounder-{place}", found.name)


def _exclusions(assessment: Assessment) -> Criterion:
    """What withholds the card. The rule asks for it only where an evidence card is due."""
    verdict, words, because = _of_exclusions(assessment)
    return Criterion(
        id="exclusions",
        title="Nothing that withholds the card",
        verdict=verdict,
        words=words,
        because=because,
        children=(
            *withheld_criteria(assessment.withheld),
            *signal_criteria(assessment.suicide_signals),
        ),
    )


def _of_exclusions(assessment: Assessment) -> tuple[Verdict | None, str, str]:
    if assessment.withheld:
        found = [each.finding for each in assessment.withheld]
        is_open = all(each.verdict is Verdict.CANNOT_TELL for each in found)
        because = "; ".join(each.because for each in found)
        verdict = Verdict.CANNOT_TELL if is_open else Verdict.NOT_MET
        return verdict, "Cannot tell" if is_open else "Withheld", because
    if CardKind.EVIDENCE in assessment.cards_due:
        return Verdict.MET, "None found", "nothing was found that withholds the card"
    return None, "Not asked", "the rule asks this only where an evidence card is due"
