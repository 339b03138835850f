"""Which good bodies does hostility start from? The small test charts and the shipped fixtures."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from tests.cds.charts import (
    CONDITIONS,
    DISPENSES,
    LOINC,
    MARKERS,
    OUTCOME,
    PATIENT,
    PATIENT_ID,
    RXNORM,
    SCORES,
    SERTRALINE_100,
    as_bytes,
    bundle,
    concept,
    hook_request,
    prefetch,
    searchset,
)
from tests.fuzz.routes import Case

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
REGRESSIONS = Path(__file__).parent / "regressions"

# Charts that take the rule down different ways; all of them would make every run slow to start.
_PATIENTS = ("C01", "C05", "C11b", "M01", "M07a", "M15a", "M20")

_SUBJECT = {"reference": f"Patient/{PATIENT_ID}"}
_EXTENSION = [{"url": "https://example.org/x", "valueUrl": "https://example.org/y"}]
# Valid, and full of what the small charts lack: texts that are parsed, references, extensions,
# elements whose value is missing, resources inside resources.
ODDLY_SHAPED: tuple[dict[str, Any], ...] = (
    {
        "resourceType": "MedicationRequest", "id": "o1", "status": "stopped", "intent": "order",
        "subject": _SUBJECT, "authoredOn": "2025-01-05", "_authoredOn": {"extension": _EXTENSION},
        "contained": [{"resourceType": "Medication", "id": "m",
                       "code": concept(RXNORM, SERTRALINE_100)}],
        "medicationReference": {"reference": "#m"}, "extension": _EXTENSION,
        "statusReason": {"text": "did not help"}, "note": [{"text": "see letter"}],
        "dosageInstruction": [{"text": "take 1 to 2 tablets (50 mg) twice daily for 6 weeks",
                               "asNeededBoolean": False, "maxDosePerPeriod": {
                                   "numerator": {"value": 200, "unit": "mg"},
                                   "denominator": {"value": 1, "unit": "d"}}}],
        "dispenseRequest": {"validityPeriod": {"start": "2025-01-05", "end": "2025-04-05"},
                            "expectedSupplyDuration": {"value": 90, "unit": "days"}},
    },
    {
        "resourceType": "MedicationStatement", "id": "s1", "status": "completed",
        "subject": _SUBJECT, "medicationCodeableConcept": {"text": "Zoloft 100 mg tablets"},
        "effectivePeriod": {"start": "2024-03", "end": "2024"}, "dateAsserted": "2024-06-01",
        "dosage": [{"text": "100 mg daily", "timing": {"repeat": {
            "boundsPeriod": {"start": "2024-03-01"}, "frequency": 1, "period": 1,
            "periodUnit": "d"}}}],
    },
    {
        "resourceType": "Observation", "id": "l1", "status": "corrected", "subject": _SUBJECT,
        "code": {"coding": [{"system": LOINC, "code": "1988-5", "_display": {"id": "d"}}]},
        "effectivePeriod": {"start": "2026-02-01T08:00:00Z"}, "issued": "2026-02-01T12:00:00Z",
        "valueString": "< 5.0 mg/L", "referenceRange": [{"high": {"value": 5, "unit": "mg/L"},
                                                         "text": "0 - 5 mg/L"}],
        "component": [{"code": concept(LOINC, "44260-8"), "valueInteger": 1},
                      {"code": concept(LOINC, "44261-6"),
                       "dataAbsentReason": {"text": "refused"}}],
    },
    {
        "resourceType": "QuestionnaireResponse", "id": "q1", "status": "completed",
        "subject": _SUBJECT, "questionnaire": "http://loinc.org/q/44249-1",
        "authored": "2026-06-20T10:00:00+02:00",
        "item": [{"linkId": "/44250-9", "text": "little interest",
                  "answer": [{"valueCoding": {"system": LOINC, "code": "LA6571-9"},
                              "item": [{"linkId": "note", "answer": [{"valueString": "x"}]}]}]},
                 {"linkId": "/44261-6", "answer": [{"valueDecimal": 14.0}]}],
    },
)  # fmt: skip
_DRAFT = {
    "resourceType": "MedicationRequest", "id": "draft", "status": "draft", "intent": "order",
    "subject": _SUBJECT, "medicationCodeableConcept": concept(RXNORM, "612865"),
    "note": [{"text": "off label"}],
}  # fmt: skip
_ACCEPTED = {
    "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": "e56e1945-20b3-4393-8503-a1a20fd73152"}],
    "outcomeTimestamp": "2026-06-30T12:00:00Z",
}
_OVERRIDDEN = {
    "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
    "outcome": "overridden",
    "overrideReason": {
        "reason": {"code": "contraindicated", "system": "https://example.org/reasons"},
        "userComment": "seen before",
    },
    "outcomeTimestamp": "2026-06-30T12:00:00.123+02:00",
}
_PERSON = PATIENT | {
    "_birthDate": {"extension": _EXTENSION},
    "deceasedBoolean": False,
    "name": [{"family": "Doe", "given": ["Jo", None], "_given": [None, {"id": "second"}]}],
    "photo": [{"url": "https://example.org/photo"}],
}


def small_bodies() -> dict[str, Any]:
    """Give a body for each target, small enough to spoil hundreds of times in a test."""
    chart = bundle(_PERSON, *CONDITIONS, *DISPENSES, *SCORES, *MARKERS, *ODDLY_SHAPED)
    call = hook_request(prefetch=prefetch(patient=_PERSON, statements=searchset(*ODDLY_SHAPED)))
    return {
        "evaluate": chart,
        "unvalidated": chart,
        "hook": call,
        "order-select": _order_call("order-select", selections=["MedicationRequest/draft"]),
        "order-sign": _order_call("order-sign"),
        "feedback": {"feedback": [_ACCEPTED, _OVERRIDDEN]},
        "unknown-service": call,
        "pasted": chart,
        "form": chart,
    }


def _order_call(hook: str, **context: Any) -> dict[str, Any]:
    """Give a call about a draft that earns a card, for the patient of the small charts."""
    about = {"userId": "Practitioner/p", "patientId": PATIENT_ID, "draftOrders": bundle(_DRAFT)}
    return hook_request(hook=hook, context=about | context, prefetch=prefetch(patient=_PERSON))


def seeds() -> Iterator[tuple[str, Case]]:
    """Give the cases a coverage-guided run starts from, each with a name for its file."""
    for target, body in small_bodies().items():
        yield f"small-{target}", Case(target, as_bytes(body))
    yield "form", Case("form", b"asOf=2026-06-30&patient=pat-1&bundle=" + _quoted(bundle()))
    yield "empty-bundle", Case("unvalidated", as_bytes(bundle(PATIENT)))
    failed = prefetch(markers=OUTCOME, dispenses=None, own=bundle())
    yield "odd-prefetch", Case("hook", as_bytes(hook_request(prefetch=failed)))
    for file in sorted((FIXTURES / "requests").glob("*.json")):
        yield file.stem, Case("hook", _compact(file))
    for file in (FIXTURES / "patients" / f"{name}.json" for name in _PATIENTS):
        yield f"patient-{file.stem}", Case("unvalidated", _compact(file))
        yield f"validated-{file.stem}", Case("evaluate", _compact(file))
    for file in sorted(REGRESSIONS.glob("*.txt")):
        yield file.stem, read_regression(file)


def read_regression(file: Path) -> Case:
    """Read a kept case: a line with the target, then the body as is."""
    target, _, body = file.read_bytes().partition(b"\n")
    return Case(target.decode("ascii"), body)


def _compact(file: Path) -> bytes:
    return json.dumps(json.loads(file.read_bytes()), separators=(",", ":")).encode()


def _quoted(body: Any) -> bytes:
    return quote_plus(as_bytes(body)).encode()
