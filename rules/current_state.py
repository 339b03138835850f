"""Which diagnosis, drug, measurement or pregnancy is current on the day of evaluation?"""

from collections.abc import Iterable
from datetime import date

from rules.clinical_time import ClinicalDate, Span, days_between, plus_days
from rules.exposures import stated_span
from rules.facts import Diagnosis, Exposure, Facts, Measurement
from rules.findings import Confounder, Finding, Verdict
from rules.knowledge.model import Knowledge
from rules.speaks_against import doubt


def is_active(diagnosis: Diagnosis, as_of: date, knowledge: Knowledge) -> bool:
    """Say whether a diagnosis is present on the day of evaluation.

    Unknown input: without a clinical status it is present; one whose end lies before that day is
    over, whatever the status that nobody changed.
    """
    ended = diagnosis.abatement is not None and diagnosis.abatement.latest < as_of
    return not ended and diagnosis.clinical_status in {None, *knowledge.records.condition_active}


def since(diagnosis: Diagnosis) -> str:
    """Say when a diagnosis began or was written down, " (since 2026-06-20)", or nothing."""
    if diagnosis.onset is not None:
        return f" (since {diagnosis.onset.text})"
    return f" (recorded {diagnosis.recorded.text})" if diagnosis.recorded is not None else ""


def describe_drugs(exposures: Iterable[Exposure]) -> str:
    """Name each drug once with the latest day the record has for it: "ibuprofen (2026-06-10)"."""
    latest: dict[str, str] = {}
    for each in exposures:
        known = [stated.text for stated in (each.start, each.end) if stated is not None]
        latest[each.drug.name] = max([*known, latest.get(each.drug.name, "")])
    return ", ".join(
        f"{name} ({day})" if day else f"{name} (undated)" for name, day in sorted(latest.items())
    )


def drugs_taken_near(
    facts: Facts, role: str, days: Iterable[date], as_of: date, knowledge: Knowledge
) -> tuple[Exposure, ...]:
    """Give the exposures of a role that lie within a window of one of these days.

    Units: days; `marker.drug_current_days` on both sides, inclusive. Source: rule.md section 7,
    drug rows. Unknown input: an exposure of unknown length is known on its start only; one that
    is still open and cannot be placed is current on every day.
    """
    near = tuple(days)
    return tuple(
        each
        for each in facts.exposures
        if role in each.drug.roles and _is_near(each, near, as_of, knowledge)
    )


def _is_near(exposure: Exposure, days: Iterable[date], as_of: date, knowledge: Knowledge) -> bool:
    reach = knowledge.marker.drug_current_days
    span = stated_span(exposure, as_of, knowledge)
    if not isinstance(span, Span):
        if exposure.status in knowledge.records.order_open:
            return True
        begun = exposure.start or exposure.end
        if begun is None:
            return False
        span = Span(begun.earliest, plus_days(begun.latest, 1))
    last = max(span.start, plus_days(span.end, -1))
    first, last = plus_days(span.start, -reach), plus_days(last, reach)
    return any(first <= day <= last for day in days)


def latest_measurement(
    facts: Facts, set_name: str, as_of: date, knowledge: Knowledge
) -> tuple[Measurement, ClinicalDate] | None:
    """Give the latest observation under a set of codes with its date, or None.

    Unknown input: an observation without a date cannot be the latest; of one day the higher value
    is given.
    """
    value_set = knowledge.value_sets[set_name]
    known = [
        (each, each.date)
        for each in facts.measurements
        if value_set.contains(each.code) and each.date is not None and each.date.earliest <= as_of
    ]
    return max(
        known, key=lambda each: (each[1].latest, each[0].value or 0, each[0].sources), default=None
    )


def find_pregnancy(facts: Facts, as_of: date, knowledge: Knowledge) -> tuple[Confounder, ...]:
    """Find a pregnancy or a recent delivery: by diagnosis, recorded status or expected date.

    Units: days. Source: rule.md sections 7, 8.1 and 12 point 19. The kinds are "pregnancy" and
    "postpartum". Unknown input: an undated pregnancy that is active counts; an undated delivery
    cannot be placed and does not.
    """
    return (
        *_coded_pregnancy(facts, as_of, knowledge),
        *_recorded_status(facts, as_of, knowledge),
        *_expected_delivery(facts, as_of, knowledge),
        *_delivery(facts, as_of, knowledge),
    )


def _found(kind: str, because: str, sources: tuple[str, ...]) -> Confounder:
    return Confounder(
        kind=kind,
        name=kind,
        finding=Finding(
            verdict=Verdict.MET,
            because=because,
            citations=("rule 7", "rule 8.1"),
            sources=sources,
        ),
    )


def _coded_pregnancy(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    pregnancy = knowledge.value_sets["pregnancy"]
    for diagnosis in facts.diagnoses:
        code = pregnancy.find(diagnosis.codes)
        if code is not None and is_active(diagnosis, as_of, knowledge):
            because = f"{pregnancy.label(code)} is coded as active{since(diagnosis)}"
            because += doubt(diagnosis, knowledge)
            yield _found("pregnancy", because, diagnosis.sources)


def _recorded_status(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    """The latest recorded pregnancy status, while it can still be true."""
    latest = latest_measurement(facts, "pregnancy-status", as_of, knowledge)
    if latest is None:
        return
    measured, when = latest
    recent = days_between(when.latest, as_of) <= knowledge.confounder.pregnancy_status_days
    if recent and knowledge.value_sets["pregnancy-status-pregnant"].find(measured.answers):
        yield _found("pregnancy", f"pregnancy recorded {when.text}", measured.sources)


def _expected_delivery(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    """An expected date ahead is a pregnancy; one that has passed is a delivery not yet recorded."""
    expected, confounder = knowledge.value_sets["estimated-delivery-date"], knowledge.confounder
    for measured in facts.measurements:
        if not expected.contains(measured.code) or measured.date is None:
            continue
        since = days_between(measured.date.latest, as_of)
        because = f"delivery expected {measured.date.text}"
        if -confounder.pregnancy_status_days <= since <= 0:
            yield _found("pregnancy", because, measured.sources)
        elif 0 < since <= confounder.postpartum_days:
            yield _found("postpartum", because, measured.sources)


def _delivery(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    delivery = knowledge.value_sets["delivery"]
    limit = knowledge.confounder.postpartum_days
    for diagnosis in facts.diagnoses:
        dated = diagnosis.onset or diagnosis.abatement or diagnosis.recorded
        if delivery.find(diagnosis.codes) is None or dated is None:
            continue
        if days_between(dated.latest, as_of) <= limit:
            because = f"delivery recorded {dated.text}, within {limit} days"
            yield _found("postpartum", because + doubt(diagnosis, knowledge), diagnosis.sources)
