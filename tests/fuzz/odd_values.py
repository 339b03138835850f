"""What do broken exporters and attackers write where a value should be?"""

from dataclasses import dataclass
from typing import Any

from tests.fuzz.promises import CANARY


@dataclass(frozen=True, slots=True)
class Written:
    """A value that stands in the body exactly as it is written here, even if that is no JSON."""

    text: bytes


NUMBERS: tuple[Any, ...] = (
    0, -1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**20, 10**308, 0.1, -0.0, 1e-300,
    *(
        Written(text)
        for text in (
            b"1e400", b"-1e400", b"1E+2", b"1.50", b"5e-324", b"1e-400", b"9" * 301, b"-0",
            b"0." + b"1" * 299, b"0." + b"1" * 400, b"1e99999999999999999999", b"01", b"+1", b".5",
            b"1.", b"0x10", b"NaN", b"-Infinity", b"1_000", "\u0663".encode(),
        )
    ),
)  # fmt: skip

DATES = (
    "0000-00-00", "0000-01-01", "0001-01-01", "0001", "9999", "9999-12", "9999-12-31",
    "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "10000-01-01",
    "+10000-01-01", "-0001-01-01", "2026-02-30", "2026-13-01", "2026-06-31", "2026-6-1", "2026-W01",
    "2026-06-30T24:00:00Z", "2026-06-30T25:61:61Z", "2026-06-30T09:00:00", "2026-06-30T09:00:00Z\n",
    "2026-06-30T09:00:00.999999999999999999999Z", "2026-06-30T09:00:00+99:99", "20260630",
    "2026-06-30 09:00", "30.06.2026", "\u0662\u0660\u0662\u0666-06-30", "\uff12026-06-30",
    "2026-06-30\u0000", "\u202e2026-06-30", "1e3-06-30", "2099-01-01", "1900-01-01", "P1D", "",
)  # fmt: skip

IDS = (
    "", " ", ".", "..", "../../etc/passwd", "pat-1", "pat-2", "Patient/pat-2", "Patient/pat-1",
    "Patient/", "/", "#", "#pat-1", "urn:uuid:pat-1", "Patient?identifier=x|y", "\u202epat-1",
    "https://other.example/fhir/Patient/pat-1", "Patient/pat-1/_history/2", "Group/pat-1",
    "pat\u200b-1", "PAT-1", "pat-1\u0000", "x" * 65, "x" * 70_000, CANARY, f"Patient/{CANARY}",
)  # fmt: skip

TYPES = (
    "Patient", "Bundle", "Observation", "Condition", "MedicationDispense", "MedicationRequest",
    "MedicationStatement", "MedicationAdministration", "Medication", "QuestionnaireResponse",
    "Procedure", "Encounter", "AllergyIntolerance", "Immunization", "OperationOutcome", "Binary",
    "Parameters", "Quantity", "DomainResource", "Resource", "Element", "FHIRDate", "patient",
    "Patient ", "completed", "entered-in-error", "final", "active", "searchset", "stopped",
    "http://loinc.org", "http://unitsofmeasure.org", "mg/L", "mg", "d", "wk", "<", ">=",
    "30522-7", "1988-5", "44261-6", "F33.1", "F31.9", "312938",
)  # fmt: skip

TEXTS = (
    "", " ", "\u0000", "\u001b[31m", "\u202e\u2066abc", "\u200b", "\ufeff", "\ud800",
    "\udfff\ud83d", "\U0010ffff", "e\u0301" * 40, "\u0661\u0662\u0663", "\u00bd", CANARY,
    "NaN", "null", "5", "[]", "{}", '{"text":"x"}', '{"resourceType":"Patient"}', "[" * 3_000,
    "<script>alert(1)</script>", "{{ 7 * 7 }}", "${jndi:ldap://x}", "%s%n%x", "'; DROP x --",
    "[a](javascript:x)", "**a** | b |", "1e400", "9" * 400, "a" * 70_000, "1" + "0" * 70_000,
    "50 mg " * 2_000, "(" * 3_000, "take 1 " + "-" * 5_000, "1-" * 4_000, "weekly " * 3_000,
)  # fmt: skip

ALPHABETS = (
    "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",  # Arabic-Indic
    "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",  # full width
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079",  # superscript
)

VALUES: tuple[Any, ...] = (
    None, True, False, [], {}, [[]], [{}], [None], {"": None}, "", [[[[]]]], [None] * 300,
    [{}] * 300, [0] * 300, ["a"] * 300, {str(number): number for number in range(300)},
    {"reference": "Patient/pat-2"}, {"resourceType": "Patient", "id": "pat-2"},
    {"resourceType": "OperationOutcome"}, {"resourceType": "Bundle"}, {"value": "1", "code": 1},
    {"extension": [{"url": "x", "valueString": CANARY}]}, {"text": CANARY}, CANARY,
    {"coding": {"code": CANARY}}, {"start": "9999-12-31", "end": "0001-01-01"},
    {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Bundle", "entry": []}}]},
    *NUMBERS, *DATES[:8], *TEXTS[:10],
)  # fmt: skip
