"""Which version of FHIR is this record written in, and what shows it?

Safety does not rest on the answer: an element whose meaning changed between the versions is read
under its old name, or makes its resource a gap. The answer decides whether a record is refused as
a whole, because a client that sends an old version should learn it on its first day.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from rules.fhir_reader.resources import NULL, Peek, RawResource, Resources

_R4_DOSE = re.compile(rb'"doseAndRate"\s*:')
_OLD_DOSE = re.compile(rb'"dose(?:Quantity|Range)"\s*:')


class FhirVersion(Enum):
    """The versions that can be told apart. R4B and R5 count as R4: their resources are tried."""

    R4 = "R4"
    STU3 = "STU3"
    DSTU2 = "DSTU2"


@dataclass(frozen=True, slots=True, kw_only=True)
class OldRecord:
    """A record older than R4. example: a resource that shows it; sign: by what, in plain words.

    resources: how many show it, of either old version.
    """

    version: FhirVersion
    example: str
    sign: str
    resources: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """What only one version writes. holds: whether a resource of these types does."""

    version: FhirVersion
    types: tuple[str, ...]
    sign: str
    holds: Callable[[RawResource], bool]


def find_old_version(resources: Resources) -> OldRecord | None:
    """Judge the version by the resources that can only be of one version; each has one vote.

    A record is old when more resources are old than are surely R4. One odd resource does not
    condemn a record: it is old by a single resource only where that and the Patient are all there
    is. Without any mark, and where the votes are even, the record counts as R4: None.
    """
    old: list[tuple[RawResource, _Mark]] = []
    new = others = 0
    for item in resources.items:
        # Observations are most of a chart, and one look shows that nearly all are of no version.
        plain = item.resource_type == "Observation" and not _is_odd_observation(item.peek)
        mark = None if plain else _mark_of(item)
        if mark is None:
            others += item.resource_type != "Patient"
        elif mark.version is FhirVersion.R4:
            new += 1
        else:
            old.append((item, mark))
    if len(old) <= new or (len(old) == 1 and others):
        return None
    return _describe(old)


def fhir_version_of(resources: Resources) -> FhirVersion:
    """Give the version a record counts as, see find_old_version."""
    old = find_old_version(resources)
    return FhirVersion.R4 if old is None else old.version


def _describe(old: list[tuple[RawResource, _Mark]]) -> OldRecord:
    oldest = sum(mark.version is FhirVersion.DSTU2 for _, mark in old)
    version = FhirVersion.DSTU2 if oldest * 2 >= len(old) else FhirVersion.STU3
    example, mark = next((item, mark) for item, mark in old if mark.version is version)
    return OldRecord(version=version, example=example.name, sign=mark.sign, resources=len(old))


def _mark_of(item: RawResource) -> _Mark | None:
    for mark in _MARKS_BY_TYPE.get(item.resource_type, ()):
        if mark.holds(item):
            return mark
    return None


def _is_odd_observation(peek: Peek) -> bool:
    plain = peek.context is NULL and peek.related is NULL
    return not plain or (peek.category is not NULL and not _begins(peek.category, b"["))


def _statuses_begin(item: RawResource, sign: bytes) -> bool:
    return _begins(item.peek.clinical_status, sign) or _begins(item.peek.verification_status, sign)


def _has_old_dose(item: RawResource) -> bool:
    dosage = bytes(item.peek.dosage_instruction)
    return _OLD_DOSE.search(dosage) is not None and _R4_DOSE.search(dosage) is None


def _there(raw: object) -> bool:
    return raw is not NULL and bytes(raw) != b"null"  # type: ignore[call-overload]


def _begins(raw: object, sign: bytes) -> bool:
    return bytes(raw).startswith(sign)  # type: ignore[call-overload,no-any-return]


def _by_type(marks: Iterable[_Mark]) -> Mapping[str, tuple[_Mark, ...]]:
    found: dict[str, list[_Mark]] = {}
    for mark in marks:
        for name in mark.types:
            found.setdefault(name, []).append(mark)
    return {name: tuple(of_type) for name, of_type in found.items()}


# The oldest version first: what one mark shows is not asked again.
_MARKS = (
    _Mark(
        FhirVersion.DSTU2,
        ("MedicationOrder", "DiagnosticOrder", "DeviceUseRequest"),
        "its type",
        lambda _: True,
    ),
    _Mark(
        FhirVersion.DSTU2,
        ("Condition", "MedicationStatement", "MedicationDispense", "MedicationAdministration"),
        "patient in place of subject",
        lambda item: item.peek.patient is not None,
    ),
    _Mark(
        FhirVersion.DSTU2,
        ("Condition",),
        "dateRecorded",
        lambda item: _there(item.peek.date_recorded),
    ),
    _Mark(
        FhirVersion.DSTU2,
        ("Patient",),
        "careProvider",
        lambda item: _there(item.peek.care_provider),
    ),
    _Mark(
        FhirVersion.DSTU2,
        ("AllergyIntolerance",),
        "substance",
        lambda item: _there(item.peek.substance),
    ),
    _Mark(
        FhirVersion.DSTU2,
        ("Encounter",),
        "class as a plain code",
        lambda item: _begins(item.peek.class_, b'"'),
    ),
    _Mark(
        FhirVersion.DSTU2,
        ("Observation",),
        "category as one concept",
        lambda item: _begins(item.peek.category, b"{"),
    ),
    _Mark(FhirVersion.STU3, ("ProcedureRequest", "ReferralRequest"), "its type", lambda _: True),
    # R4 keeps the word context for dispenses and statements.
    _Mark(
        FhirVersion.STU3,
        ("Observation", "MedicationRequest", "Condition", "Procedure"),
        "context in place of encounter",
        lambda item: _there(item.peek.context),
    ),
    _Mark(
        FhirVersion.STU3,
        ("Condition", "AllergyIntolerance"),
        "clinicalStatus or verificationStatus as a plain code",
        lambda item: _statuses_begin(item, b'"'),
    ),
    _Mark(
        FhirVersion.STU3,
        ("Condition", "AllergyIntolerance"),
        "assertedDate",
        lambda item: _there(item.peek.asserted_date),
    ),
    _Mark(
        FhirVersion.STU3, ("MedicationStatement",), "taken", lambda item: _there(item.peek.taken)
    ),
    _Mark(FhirVersion.STU3, ("Observation",), "related", lambda item: _there(item.peek.related)),
    _Mark(
        FhirVersion.STU3,
        ("MedicationRequest", "MedicationDispense"),
        "doseQuantity or doseRange outside doseAndRate",
        _has_old_dose,
    ),
    _Mark(
        FhirVersion.R4,
        ("Condition", "AllergyIntolerance"),
        "clinicalStatus or verificationStatus as a concept",
        lambda item: _statuses_begin(item, b"{"),
    ),
    _Mark(
        FhirVersion.R4,
        ("MedicationRequest",),
        "encounter",
        lambda item: _there(item.peek.encounter),
    ),
    _Mark(
        FhirVersion.R4,
        ("MedicationRequest", "MedicationDispense"),
        "doseAndRate",
        lambda item: _R4_DOSE.search(bytes(item.peek.dosage_instruction)) is not None,
    ),
)
_MARKS_BY_TYPE = _by_type(_MARKS)
