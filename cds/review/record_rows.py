"""Which data were there, and what became of each? The facts of a decision as rows of tables.

Values stand as they were recorded and as they were converted. Every row names its resources and
says whether a finding rests on it, or why it was left out.
"""

from dataclasses import replace
from datetime import date

from cds.pages.page import read_name
from cds.review.code_words import CodeWords
from cds.review.record_table import RecordRow, RecordTable
from cds.review.record_words import (
    NO_STATUS,
    NO_UNIT,
    UNDATED,
    bound_words,
    day_words,
    dose_words,
    joined,
    number_words,
    period_words,
)
from cds.review.uses import Uses
from rules.draft_orders import DraftOrder, OrderFacts
from rules.eligibility import years_between
from rules.facts import (
    Diagnosis,
    Encounter,
    Exposure,
    Facts,
    Intolerance,
    MarkerResult,
    Measurement,
    Person,
    Procedure,
    Score,
    Vaccination,
)
from rules.plain_words import number


def record_tables(
    facts: Facts | OrderFacts, uses: Uses, words: CodeWords, as_of: date
) -> tuple[RecordTable, ...]:
    """Give every datum of the facts by kind; kinds without a datum are left out.

    uses: of the decision. as_of: the day for which ages are told.
    """
    record = facts.record if isinstance(facts, OrderFacts) else facts
    drafts = facts.drafts if isinstance(facts, OrderFacts) else ()
    kinds: tuple[tuple[str, str, list[RecordRow]], ...] = (
        ("drafts", "Draft orders", [_draft(each, words) for each in drafts]),
        ("person", "Person", [_person(record.person, as_of)]),
        ("diagnoses", "Diagnoses", [_diagnosis(each, words) for each in record.diagnoses]),
        ("unconfirmed", "Diagnoses set apart", [_diagnosis(d, words) for d in record.unconfirmed]),
        ("drugs", "Drugs", [_exposure(each, words) for each in record.exposures]),
        ("results", "Laboratory results", [_result(each, words) for each in record.markers]),
        ("scores", "Symptom scores and items", [_score(each, words) for each in record.scores]),
        ("other", "Other measurements", [_measured(each, words) for each in record.measurements]),
        ("procedures", "Procedures", [_event(each, words) for each in record.procedures]),
        ("contacts", "Contacts", [_event(each, words) for each in record.encounters]),
        ("vaccinations", "Vaccinations", [_vaccination(each) for each in record.vaccinations]),
        ("intolerances", "Intolerances", [_intolerance(each) for each in record.intolerances]),
    )
    return tuple(
        RecordTable(key=key, title=title, rows=tuple(_with_use(row, uses) for row in rows))
        for key, title, rows in kinds
        if rows
    )


def _with_use(row: RecordRow, uses: Uses) -> RecordRow:
    return replace(row, use=uses.of(row.sources), converted=uses.converted(row.what, row.sources))


def _person(person: Person, as_of: date) -> RecordRow:
    """The age and not the day of birth: a reviewer needs no more, and it names nobody."""
    age = "age not known"
    if person.birth is not None:
        ages = {years_between(day, as_of) for day in (person.birth.latest, person.birth.earliest)}
        age = f"{' or '.join(str(each) for each in sorted(ages))} years old on {as_of}"
    return RecordRow(
        what="Patient",
        value=f"{age}, recorded as deceased" if person.deceased else age,
        sources=person.sources,
    )


def _diagnosis(diagnosis: Diagnosis, words: CodeWords) -> RecordRow:
    days = (
        ("onset", diagnosis.onset),
        ("ended", diagnosis.abatement),
        ("recorded", diagnosis.recorded),
    )
    return RecordRow(
        what=words.name(diagnosis.codes) or "Another diagnosis",
        code=words.write(diagnosis.codes),
        date="; ".join(f"{what} {day.text}" for what, day in days if day) or UNDATED,
        status=joined(diagnosis.clinical_status, diagnosis.verification),
        sources=diagnosis.sources,
    )


def _exposure(exposure: Exposure, words: CodeWords) -> RecordRow:
    marks = (
        (exposure.as_needed, "as needed"),
        (exposure.intermittent, "intermittent"),
        (exposure.do_not_perform, "order not to give it"),
        (exposure.drug_from_text, "known from free text only"),
        (exposure.supply_days is not None, f"supply for {exposure.supply_days} days"),
    )
    reasons = (("reason", exposure.reasons), ("stopped for", exposure.stop_reasons))
    order = f"belongs to {exposure.order}" if exposure.order else ""
    return RecordRow(
        what=f"{exposure.drug.name}, {read_name(exposure.kind.value).lower()}",
        code="; ".join(f"{what}: {words.write(codes)}" for what, codes in reasons if codes),
        value=joined(dose_words(exposure.dose), *(said for is_so, said in marks if is_so), order),
        date=period_words(exposure.start, exposure.end),
        status=joined(exposure.status, exposure.intent),
        sources=exposure.sources,
    )


def _draft(draft: DraftOrder, words: CodeWords) -> RecordRow:
    marks = (
        (draft.drug_from_text, "known from free text only"),
        (draft.do_not_perform, "order not to give it"),
        (draft.reason_unread, "a reason that cannot be compared"),
    )
    return RecordRow(
        what=", ".join(drug.name for drug in draft.drugs) or "Another drug",
        code=f"reason: {words.write(draft.reasons)}" if draft.reasons else "",
        value=joined(draft.drug_unread, *(said for is_so, said in marks if is_so)),
        status=draft.status or NO_STATUS,
        sources=draft.sources,
    )


def _result(result: MarkerResult, words: CodeWords) -> RecordRow:
    recorded = number_words(result.value, result.unit, result.comparator)
    if result.low is not None or result.high is not None:
        recorded = (
            f"{bound_words(result.low)} to {bound_words(result.high)} {result.unit or NO_UNIT}"
        )
    bounds = (result.reference_low, result.reference_high)
    reference = (
        f"laboratory range {bound_words(bounds[0])} to {bound_words(bounds[1])}"
        if bounds != (None, None)
        else ""
    )
    text = f"as text: {result.text}" if result.text else ""
    return RecordRow(
        what=words.name((result.code,)) or "Another result",
        code=words.write((result.code,)),
        value=joined(recorded, text, reference),
        date=day_words(result.date)
        + (", the day it was issued" if result.date_from_issued else ""),
        status=result.status or NO_STATUS,
        sources=result.sources,
    )


def _score(score: Score, words: CodeWords) -> RecordRow:
    return RecordRow(
        what=words.name((score.code,)) or "Another score",
        code=words.write((score.code,)),
        value="no number" if score.value is None else f"{number(score.value)} points",
        date=day_words(score.date),
        status=score.status or NO_STATUS,
        sources=score.sources,
    )


def _measured(measured: Measurement, words: CodeWords) -> RecordRow:
    answers = f"answer: {words.write(measured.answers)}" if measured.answers else ""
    return RecordRow(
        what=words.name((measured.code,)) or "Another measurement",
        code=words.write((measured.code,)),
        value=joined(number_words(measured.value, measured.unit), answers),
        date=day_words(measured.date),
        status=measured.status or NO_STATUS,
        sources=measured.sources,
    )


def _event(event: Procedure | Encounter, words: CodeWords) -> RecordRow:
    is_contact = isinstance(event, Encounter)
    reasons = () if isinstance(event, Encounter) else event.reasons
    return RecordRow(
        what=words.name(event.codes) or ("A contact" if is_contact else "Another procedure"),
        code=words.write(event.codes),
        value=f"reason: {words.write(reasons)}" if reasons else "",
        date=day_words(event.date),
        status=event.status or NO_STATUS,
        sources=event.sources,
    )


def _vaccination(vaccination: Vaccination) -> RecordRow:
    return RecordRow(
        what="Vaccination",
        date=day_words(vaccination.date),
        status=vaccination.status or NO_STATUS,
        sources=vaccination.sources,
    )


def _intolerance(intolerance: Intolerance) -> RecordRow:
    return RecordRow(
        what=intolerance.drug.name,
        date=day_words(intolerance.date),
        status=intolerance.verification or NO_STATUS,
        sources=intolerance.sources,
    )
