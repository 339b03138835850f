"""Which tables show an assessment, and which rows do they hold?

Every cell is a label, number, date or reference of ours; nothing is a text of the record.
"""

from collections.abc import Callable, Iterable, Iterator

from cds.hooks.cards import last_day
from cds.outcome import find_unsettled
from cds.pages.page import read_name
from cds.pages.table import Row, Table, fill, list_sources
from cds.pages.words import GRADES, LABELS
from cds.validation import Report
from rules.findings import Assessment, GradedTrial, SupportingTreatment, TrialGrade
from rules.plain_words import dose

_Builder = Callable[[Assessment], Iterable[Row]]


def tables_of(assessment: Assessment) -> tuple[Table, ...]:
    """Give the tables in the order a clinician asks: what was tried, measured, missing, left out.

    A table that is empty and has no words for that is left out.
    """
    tables = (fill(table, list(rows_of(assessment))) for table, rows_of in _TABLES)
    return tuple(table for table in tables if table.rows or table.empty)


def validation_table(report: Report) -> Table:
    """Give the table of what strict validation found."""
    table = Table(
        key="validation",
        title="Strict validation as FHIR R4B",
        columns=("Resource", "Where", "Problem"),
        empty="No fault was found.",
        left_out=report.issues_left_out,
    )
    return fill(table, [(each.source, each.expression, each.sentence) for each in report.issues])


def _withheld(assessment: Assessment) -> Iterator[Row]:
    for each in assessment.withheld:
        yield read_name(each.reason), each.finding.because, list_sources(each.finding.sources)


def _suicide_signals(assessment: Assessment) -> Iterator[Row]:
    for each in assessment.suicide_signals:
        date, sources = str(each.date or "not dated"), list_sources(each.finding.sources)
        yield each.finding.because, date, sources


def _treatments(assessment: Assessment) -> Iterator[Row]:
    """What counts stands first; within a grade, the order of the record stays."""
    grades = list(TrialGrade)
    trials = assessment.treatment_resistance.trials
    yield from map(_trial, sorted(trials, key=lambda trial: grades.index(trial.grade)))
    yield from map(_supporting, assessment.treatment_resistance.supporting)


def _trial(trial: GradedTrial) -> Row:
    highest = trial.daily_dose_mg
    return (
        trial.ingredient,
        GRADES[trial.grade],
        str(trial.start or "not known"),
        "not known" if trial.end is None else str(last_day(trial.end)),
        str(trial.covered_days),
        "not known" if highest is None else f"{dose(highest)} mg/day",
        trial.finding.because,
        list_sources(trial.finding.sources),
    )


def _supporting(treatment: SupportingTreatment) -> Row:
    name = f"{treatment.treatment} ({read_name(treatment.kind).lower()})"
    because, sources = treatment.finding.because, list_sources(treatment.finding.sources)
    return name, GRADES[treatment.grade], "", "", "", "", because, sources


def _results(assessment: Assessment) -> Iterator[Row]:
    for each in assessment.inflammation.results:
        notes = (read_name(note).lower() for note in each.notes)
        reading = "; ".join((LABELS[each.label], *notes))
        yield each.shown, str(each.date), reading, list_sources(each.sources)


def _missing(assessment: Assessment) -> Iterator[Row]:
    for reason in find_unsettled(assessment):
        yield read_name(reason.what), reason.because
    for trial in assessment.treatment_resistance.trials:
        yield from ((trial.ingredient, note) for note in trial.gap_notes)
    yield from (("In general", caveat) for caveat in assessment.caveats)


def _confounders(assessment: Assessment) -> Iterator[Row]:
    for each in assessment.confounders:
        yield each.name, each.finding.because, list_sources(each.finding.sources)
    for unread in assessment.confounders_unread:
        yield read_name(unread), "could not be read, so not looked for", ""


def _would_change(assessment: Assessment) -> Iterator[Row]:
    yield from ((change,) for change in assessment.treatment_resistance.would_change)
    yield from ((change,) for change in assessment.inflammation.would_change)


def _not_used(assessment: Assessment) -> Iterator[Row]:
    yield from ((each.source, each.because) for each in assessment.not_used)


# The first two have no words for "none": that nothing about suicide was found would be read as
# reassurance.
_TABLES: tuple[tuple[Table, _Builder], ...] = (
    (
        Table(
            key="withheld",
            title="Why the evidence card is withheld",
            columns=("Reason", "Because", "Source"),
        ),
        _withheld,
    ),
    (
        Table(
            key="safety",
            title="Entries about suicidal thoughts or self-harm",
            columns=("Entry", "Date", "Source"),
        ),
        _suicide_signals,
    ),
    (
        Table(
            key="trials",
            title="Antidepressant trials and supporting treatment",
            columns=(
                *("Treatment", "Reading", "First day", "Last day", "Days covered"),
                *("Highest dose", "Because", "Source"),
            ),
            empty="None was found in the data received.",
        ),
        _treatments,
    ),
    (
        Table(
            key="results",
            title="CRP and other markers",
            columns=("Result", "Date", "Reading", "Source"),
            empty="No readable result was found in the data received.",
        ),
        _results,
    ),
    (
        Table(
            key="missing",
            title="Missing or uncertain",
            columns=("What", "Because"),
            empty="Nothing that changes the reading was found missing in the data received.",
        ),
        _missing,
    ),
    (
        Table(
            key="confounders",
            title="What else could move the CRP",
            columns=("What", "Because", "Source"),
            empty="None was found in the data received. Strenuous exercise cannot be assessed.",
        ),
        _confounders,
    ),
    (
        Table(
            key="change",
            title="What would change the answer",
            columns=("This in the record",),
            empty="Nothing further was named.",
        ),
        _would_change,
    ),
    (
        Table(
            key="unused",
            title="Received and not used",
            columns=("Resource", "Because"),
            empty="No resource was named as left out.",
        ),
        _not_used,
    ),
)
