"""How do judgements get into REDCap? A data dictionary to make the project, and records to import.

One record is what one person said of one case. Reasons are check boxes: REDCap makes a column of
each code and takes no hyphen there, so `patient-ineligible` is `patient_ineligible`; the code as it
is published stands in the label.
Source: the data dictionary and the import template of REDCap, which every REDCap project offers for
download.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC

from cds.exports.cells import Cell, Row, write_table
from cds.review.judging import CRITERIA, OVERALL, Place, Verdict3, title_of
from cds.review.reasons import Reason
from cds.store.export_records import ExportedJudgement

DICTIONARY_COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
# REDCap asks for names of at most 26 signs.
_SHORT = {"treatment_resistance": "resistance"}
_FORM = "judgement"
_COMPLETE, _IS_COMPLETE = f"{_FORM}_complete", 2
_MOMENT = "%Y-%m-%d %H:%M:%S"
_PLACES = {
    Place.FIRST: "First reviewer",
    Place.SECOND: "Second reviewer",
    Place.ADJUDICATOR: "Adjudicator",
}


def write_dictionary(reasons: Sequence[Reason]) -> Iterator[bytes]:
    """Write the data dictionary: the record's id first, and all fields on one form."""
    return write_table(DICTIONARY_COLUMNS, _fields(reasons))


def write_records(
    judgements: Iterable[ExportedJudgement], reasons: Sequence[Reason]
) -> Iterator[bytes]:
    """Write the records to import. Times are in UTC, to the second, as REDCap keeps them."""
    return write_table(_columns(reasons), (_record(each, reasons) for each in judgements))


def raw_code(code: str) -> str:
    """Give a published code as REDCap takes it."""
    return code.replace("-", "_")


def _fields(reasons: Sequence[Reason]) -> Iterator[Row]:
    places = " | ".join(f"{place.value}, {words}" for place, words in _PLACES.items())
    verdicts = " | ".join(f"{each.value}, {title_of(each.value)}" for each in Verdict3)
    codes = " | ".join(f"{raw_code(each.code)}, {each.code}: {each.display}" for each in reasons)
    system = reasons[0].system
    yield _field("record_id", "text", "Record ID")
    yield _field("decision", "text", "Decision", required=True)
    yield _field("sample", "text", "Sample")
    yield _field("client", "text", "Client system")
    yield _field("patient", "text", "Patient", note="Keyed pseudonym", identifier=True)
    yield _field("review_class", "text", "Class of the decision")
    yield _field("place", "radio", "Judged as", choices=places, required=True)
    yield _field("reviewer", "text", "Reviewer", required=True)
    yield _field("submitted_at", "text", "Submitted", note="UTC", validation="datetime_seconds_ymd")
    for question in (OVERALL, *CRITERIA):
        name, title = _short(question), title_of(question)
        yield _field(f"{name}_verdict", "radio", title, section=title, choices=verdicts)
        yield _field(f"{name}_reasons", "checkbox", f"{title}: reasons", choices=codes, note=system)
        yield _field(f"{name}_comment", "notes", f"{title}: comment")
    yield _field("because", "notes", "Why an earlier judgement was changed")


def _field(  # noqa: PLR0913 - one for each column that is used
    name: str,
    kind: str,
    label: str,
    *,
    section: str = "",
    choices: str = "",
    note: str = "",
    validation: str = "",
    identifier: bool = False,
    required: bool = False,
) -> Row:
    return {
        "Variable / Field Name": name,
        "Form Name": _FORM,
        "Section Header": section,
        "Field Type": kind,
        "Field Label": label,
        "Choices, Calculations, OR Slider Labels": choices,
        "Field Note": note,
        "Text Validation Type OR Show Slider Number": validation,
        "Identifier?": "y" if identifier else "",
        "Required Field?": "y" if required else "",
    }


def _short(question: str) -> str:
    return _SHORT.get(question, question)


def _columns(reasons: Sequence[Reason]) -> list[str]:
    columns = ["record_id", "decision", "sample", "client", "patient", "review_class", "place"]
    columns += ["reviewer", "submitted_at"]
    for question in (OVERALL, *CRITERIA):
        name = _short(question)
        boxes = (f"{name}_reasons___{raw_code(each.code)}" for each in reasons)
        columns += [f"{name}_verdict", *boxes, f"{name}_comment"]
    return [*columns, "because", _COMPLETE]


def _record(said: ExportedJudgement, reasons: Sequence[Reason]) -> Row:
    record: dict[str, Cell] = {
        "record_id": f"{said.decision}-{said.place}-{said.sample}",
        "decision": said.decision,
        "sample": said.sample,
        "client": said.client,
        "patient": said.pseudonym,
        "review_class": said.review_class,
        "place": said.place,
        "reviewer": said.reviewer,
        "submitted_at": said.saved_at.astimezone(UTC).strftime(_MOMENT),
        "because": said.judgement.because,
        _COMPLETE: _IS_COMPLETE,
    }
    for question in (OVERALL, *CRITERIA):
        record |= _answer(said, question, reasons)
    return record


def _answer(
    said: ExportedJudgement, question: str, reasons: Sequence[Reason]
) -> Mapping[str, Cell]:
    name, answer = _short(question), said.judgement.answer_to(question)
    boxes: dict[str, Cell] = {
        f"{name}_reasons___{raw_code(each.code)}": int(each.code in answer.reasons)
        for each in reasons
    }
    verdict = None if answer.verdict is None else answer.verdict.value
    return boxes | {f"{name}_verdict": verdict, f"{name}_comment": answer.comment}
