"""How do an assessment, a validation and the start of the service read on a terminal?"""

from collections.abc import Iterator

from jinja2 import Environment, PackageLoader, StrictUndefined

from cds.evaluation import Evaluation
from cds.hooks.cards import last_day
from cds.hooks.catalogue import PATIENT_VIEW
from cds.outcome import OutcomeKind, find_outcome
from cds.validation import Report
from rules.findings import Assessment, GradedTrial
from rules.plain_words import counted, dose

# The words of a refusal over HTTP, and what a shell has in their place.
_SHELL_WORDS = (
    ("the query parameter patient=ID, where ID", "--patient ID, where ID"),
    ("patient=", "--patient"),
    ("asOf=YYYY-MM-DD", "--as-of YYYY-MM-DD"),
    ("Post a Bundle", "Give a Bundle"),
)


def write_report(file: str, evaluation: Evaluation) -> str:
    """Write what was found about one file's patient, with the text of the cards."""
    return "\n".join([_name(file), *_lines(evaluation)]) + "\n"


def write_start(address: str, base: str, *, signed: bool) -> str:
    """Write where the service is, and the commands that show each kind of answer.

    address: where it listens. base: where clients call it; both without a slash at the end.
    signed: calls need a token, so that no command to copy would work.
    """
    templates = Environment(
        loader=PackageLoader("cds"),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # noqa: S701 - for a terminal, not a browser
    )
    return templates.get_template("start.txt.j2").render(
        address=address, base=base, signed=signed, service=PATIENT_VIEW
    )


def write_validation(file: str, report: Report) -> str:
    """Write what strict validation found in one file, one fault a line, and each help once."""
    found = len(report.issues) + report.issues_left_out
    faults = counted(found, "fault", "faults")
    lines = [f"{_name(file)}: {report.kind}, {report.checked} checked, {faults}"]
    if not report.checked and not found:
        lines.append("  it holds no resource, so nothing could be checked")
    told: set[str] = set()
    for issue in report.issues:
        lines.append(f"  {issue.source}: {issue.expression} {issue.problem}")
        if issue.help and issue.help not in told:
            lines.append(f"      {issue.help}")
            told.add(issue.help)
    if report.issues_left_out:
        lines.append(f"  … and {counted(report.issues_left_out, 'fault', 'faults')} more")
    if report.not_checked:
        lines.append(f"  {counted(report.not_checked, 'resource', 'resources')} not checked")
    return "\n".join(lines) + "\n"


def complaint(file: str, fault: str) -> str:
    """Write what is wrong with a file; a refusal of the service is put in the words of a shell.

    There is no body and no query in a shell.
    """
    what = "input" if file == "-" else "file"
    for said, instead in (("The body", f"the {what}"), ("the body", f"the {what}"), *_SHELL_WORDS):
        fault = fault.replace(said, instead)
    return f"{_name(file)}: {fault}"


def _name(file: str) -> str:
    return "standard input" if file == "-" else file


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
    return f"{', '.join(_course(trial))}: {trial.grade.value}: {trial.finding.because}"


def _course(trial: GradedTrial) -> Iterator[str]:
    """Drug, dose, dates and length; what was never taken has only its name."""
    yield trial.ingredient
    if trial.start is None and trial.end is None:
        return
    known = trial.daily_dose_mg
    yield "dose not known" if known is None else f"{dose(known)} mg/day"
    until = "?" if trial.end is None else last_day(trial.end)
    yield f"{trial.start or '?'} to {until}"
    yield counted(trial.covered_days, "day", "days")


def _grounds(assessment: Assessment) -> Iterator[str]:
    for confounder in assessment.confounders:
        yield f"  confounder            {confounder.name}: {confounder.finding.because}"
    for withheld in assessment.withheld:
        yield f"  withheld              {withheld.reason}: {withheld.finding.because}"
    for gap in assessment.gaps:
        yield f"  missing               {gap.what}: {gap.because}"
    for left_out in assessment.not_used:
        yield f"  not used              {left_out.source}: {left_out.because}"
    for change in (
        *assessment.treatment_resistance.would_change,
        *assessment.inflammation.would_change,
    ):
        yield f"  would change this     {change}"
