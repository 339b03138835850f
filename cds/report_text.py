"""How does an assessment read on a terminal?"""

from collections.abc import Iterator

from cds.evaluation import Evaluation
from cds.outcome import OutcomeKind, find_outcome
from cds.validation import Report
from rules.findings import Assessment, GradedTrial
from rules.plain_words import counted, dose


def write_report(name: str, evaluation: Evaluation) -> str:
    """Write what was found about one file's patient, with the text of the cards."""
    return "\n".join([name, *_lines(evaluation)]) + "\n"


def write_validation(name: str, report: Report) -> str:
    """Write what strict validation found in one file, one fault a line."""
    found = len(report.issues) + report.issues_left_out
    lines = [f"{name}: {report.checked} checked, {counted(found, 'fault', 'faults')}"]
    lines += [f"  {issue.source}: {issue.expression} {issue.problem}" for issue in report.issues]
    if report.issues_left_out:
        lines.append(f"  … and {counted(report.issues_left_out, 'fault', 'faults')} more")
    if report.not_checked:
        lines.append(f"  {counted(report.not_checked, 'resource', 'resources')} not checked")
    return "\n".join(lines) + "\n"


def _lines(evaluation: Evaluation) -> Iterator[str]:
    assessment = evaluation.assessment
    resistance, inflammation = assessment.treatment_resistance, assessment.inflammation
    yield f"  as of                 {assessment.as_of}"
    yield f"  treatment resistance  {resistance.status.value}: {resistance.finding.because}"
    for trial in resistance.trials:
        yield f"    {_trial_line(trial)}"
    for treatment in resistance.supporting:
        yield f"    {treatment.treatment} ({treatment.kind}): {treatment.finding.because}"
    yield f"  inflammation          {inflammation.status.value}: {inflammation.finding.because}"
    for result in inflammation.results:
        yield f"    {result.shown} on {result.date}: {result.label.value}"
    yield from _grounds(assessment)
    for card in evaluation.cards:
        yield f"  card ({card.extension.card.kind})  {card.summary}"
        yield ""
        yield from (f"    {line}".rstrip() for line in card.detail.splitlines())
    if not evaluation.cards:
        outcome = find_outcome(assessment)
        for reason in outcome.reasons:
            because = f"{reason.what}: {reason.because}"
            yield f"  no card               {_NO_CARD[outcome.kind]}: {because}"


_NO_CARD = {
    OutcomeKind.NOTHING_TO_SAY: "nothing to say",
    OutcomeKind.COULD_NOT_TELL: "could not tell",
}


def _trial_line(trial: GradedTrial) -> str:
    reached = "dose not known"
    if trial.daily_dose_mg is not None:
        reached = f"{dose(trial.daily_dose_mg)} mg/day"
    dates = f"{trial.start or '?'} to {trial.end or '?'}"
    return (
        f"{trial.ingredient}, {reached}, {dates}, {counted(trial.covered_days, 'day', 'days')}: "
        f"{trial.grade.value}: {trial.finding.because}"
    )


def _grounds(assessment: Assessment) -> Iterator[str]:
    for confounder in assessment.confounders:
        yield f"  confounder            {confounder.name}: {confounder.finding.because}"
    for withheld in assessment.withheld:
        yield f"  withheld              {withheld.reason}: {withheld.finding.because}"
    for gap in assessment.gaps:
        yield f"  missing               {gap.what}: {gap.because}"
    for left_out in assessment.not_used:
        yield f"  not used              {left_out.source}: {left_out.because}"
    for change in assessment.treatment_resistance.would_change:
        yield f"  would change this     {change}"
