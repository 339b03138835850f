"""Which files can be exported? What is in each, in which form, and how it is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from cds.decision import Decision
from cds.exports import (
    audit_events,
    guidance_responses,
    json_lines,
    label_studio,
    redcap,
    tables,
)
from cds.exports.disguise import Disguise
from cds.exports.fhir_parts import Issuer
from cds.review.reasons import Reason
from cds.store.export_question import ExportQuestion
from cds.store.export_records import ExportedAccess, ExportedFeedback, ExportedJudgement
from cds.store.exported import ExportSource

Chunks = Iterator[bytes]


class Subject(Enum):
    """What an export is about."""

    DECISIONS = "decisions"
    FEEDBACK = "feedback"
    JUDGEMENTS = "judgements"
    AUDIT = "audit"


class Form(Enum):
    """In which form it is written."""

    CSV = "csv"
    JSON_LINES = "jsonl"
    FHIR = "fhir"
    LABEL_STUDIO = "label-studio"
    REDCAP = "redcap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an export is written from: rows that were asked for, each as it may be told."""

    source: ExportSource
    question: ExportQuestion
    disguise: Disguise
    issuer: Issuer
    reasons: tuple[Reason, ...]

    def decisions(self) -> Iterator[Decision]:
        """Give the decisions. Errors: StoreUnavailable, here and below."""
        return map(self.disguise.decision, self.source.decisions(self.question))

    def feedback(self) -> Iterator[ExportedFeedback]:
        """Give the feedback."""
        return map(self.disguise.feedback, self.source.feedback(self.question))

    def judgements(self) -> Iterator[ExportedJudgement]:
        """Give the judgements of cases that both reviewers have judged."""
        return map(self.disguise.judgement, self.source.judgements(self.question))

    def accesses(self) -> Iterator[ExportedAccess]:
        """Give what was done on the review pages."""
        return map(self.disguise.access, self.source.accesses(self.question))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """One file. title, explained: for people, the second a sentence without its full stop."""

    name: str
    subject: Subject
    form: Form
    mimetype: str
    title: str
    explained: str
    write: Callable[[Reading], Chunks]


_CSV, _LINES, _FHIR = "text/csv", "application/jsonl", "application/fhir+ndjson"
_JSON, _XML = "application/json", "application/xml"

FILES = (
    ExportFile(
        name="decisions.csv",
        subject=Subject.DECISIONS,
        form=Form.CSV,
        mimetype=_CSV,
        title="Decisions, as a table",
        explained="One row for each evaluation, with its verdicts, cards and versions",
        write=lambda reading: tables.write_decisions(reading.decisions()),
    ),
    ExportFile(
        name="decisions.jsonl",
        subject=Subject.DECISIONS,
        form=Form.JSON_LINES,
        mimetype=_LINES,
        title="Decisions, with the full trace",
        explained="One JSON object a line: the assessment and, where it is kept, the case",
        write=lambda reading: json_lines.write_decisions(reading.decisions()),
    ),
    ExportFile(
        name="guidance-responses.ndjson",
        subject=Subject.DECISIONS,
        form=Form.FHIR,
        mimetype=_FHIR,
        title="Decisions, as FHIR",
        explained="One GuidanceResponse for each evaluation; the patient is a pseudonym",
        write=lambda reading: guidance_responses.write_guidance_responses(
            reading.decisions(), reading.issuer
        ),
    ),
    ExportFile(
        name="feedback.csv",
        subject=Subject.FEEDBACK,
        form=Form.CSV,
        mimetype=_CSV,
        title="Feedback, as a table",
        explained="One row for each answer to a card: intervention, action taken, user feedback, "
        "user, date, location",
        write=lambda reading: tables.write_feedback(reading.feedback()),
    ),
    ExportFile(
        name="feedback.jsonl",
        subject=Subject.FEEDBACK,
        form=Form.JSON_LINES,
        mimetype=_LINES,
        title="Feedback, as JSON lines",
        explained="One JSON object a line",
        write=lambda reading: json_lines.write_feedback(reading.feedback()),
    ),
    ExportFile(
        name="judgements.csv",
        subject=Subject.JUDGEMENTS,
        form=Form.CSV,
        mimetype=_CSV,
        title="Judgements, as a table",
        explained="One row for each question that a reviewer answered",
        write=lambda reading: tables.write_judgements(reading.judgements()),
    ),
    ExportFile(
        name="judgements.jsonl",
        subject=Subject.JUDGEMENTS,
        form=Form.JSON_LINES,
        mimetype=_LINES,
        title="Judgements, as JSON lines",
        explained="One JSON object a line: what one person said of one case",
        write=lambda reading: json_lines.write_judgements(reading.judgements()),
    ),
    ExportFile(
        name="labelstudio-export.json",
        subject=Subject.JUDGEMENTS,
        form=Form.LABEL_STUDIO,
        mimetype=_JSON,
        title="Judgements, for Label Studio and chart-review",
        explained="One task for each case, one annotation for each person",
        write=lambda reading: label_studio.write_tasks(reading.judgements()),
    ),
    ExportFile(
        name="config.json",
        subject=Subject.JUDGEMENTS,
        form=Form.LABEL_STUDIO,
        mimetype=_JSON,
        title="Configuration of chart-review",
        explained="Which number is which reviewer, and the labels to compare",
        write=lambda reading: label_studio.write_config(reading.judgements()),
    ),
    ExportFile(
        name="labelling.xml",
        subject=Subject.JUDGEMENTS,
        form=Form.LABEL_STUDIO,
        mimetype=_XML,
        title="Labelling configuration of Label Studio",
        explained="The project that takes these tasks",
        write=lambda reading: label_studio.write_labelling(reading.reasons),
    ),
    ExportFile(
        name="redcap-data-dictionary.csv",
        subject=Subject.JUDGEMENTS,
        form=Form.REDCAP,
        mimetype=_CSV,
        title="Data dictionary of REDCap",
        explained="The project that takes the records",
        write=lambda reading: redcap.write_dictionary(reading.reasons),
    ),
    ExportFile(
        name="redcap-import.csv",
        subject=Subject.JUDGEMENTS,
        form=Form.REDCAP,
        mimetype=_CSV,
        title="Records to import into REDCap",
        explained="One record for what one person said of one case",
        write=lambda reading: redcap.write_records(reading.judgements(), reading.reasons),
    ),
    ExportFile(
        name="audit.csv",
        subject=Subject.AUDIT,
        form=Form.CSV,
        mimetype=_CSV,
        title="Audit, as a table",
        explained="One row for each thing that was done or refused",
        write=lambda reading: tables.write_accesses(reading.accesses()),
    ),
    ExportFile(
        name="audit.jsonl",
        subject=Subject.AUDIT,
        form=Form.JSON_LINES,
        mimetype=_LINES,
        title="Audit, as JSON lines",
        explained="One JSON object a line",
        write=lambda reading: json_lines.write_accesses(reading.accesses()),
    ),
    ExportFile(
        name="audit-events.ndjson",
        subject=Subject.AUDIT,
        form=Form.FHIR,
        mimetype=_FHIR,
        title="Audit, as FHIR",
        explained="One AuditEvent for each thing that was done or refused",
        write=lambda reading: audit_events.write_audit_events(reading.accesses(), reading.issuer),
    ),
)


def files_of(subject: Subject, form: Form) -> tuple[ExportFile, ...]:
    """Give the files that say one thing in one form; none where it cannot be said in it."""
    return tuple(each for each in FILES if each.subject is subject and each.form is form)


def forms_of(subject: Subject) -> tuple[Form, ...]:
    """Give the forms in which one thing can be said."""
    return tuple(form for form in Form if files_of(subject, form))
