"""Which demo resources does a search find? The parameters our prefetch uses, and no others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cds.demo_ehr.records import Records, Resource
from cds.errors import InvalidRequest

MAX_COUNT = 500
_DEFAULT_COUNT = 100

# What _sort may name, and where the date stands; FHIR's names of search parameters.
SORTED_BY = {
    "MedicationRequest": ("authoredon", ("authoredOn",)),
    "Observation": ("date", ("effectiveDateTime", "issued")),
    "MedicationDispense": ("whenhandedover", ("whenHandedOver",)),
    "MedicationStatement": ("effective", ("effectivePeriod", "effectiveDateTime")),
    "MedicationAdministration": ("effective-time", ("effectivePeriod", "effectiveDateTime")),
    "QuestionnaireResponse": ("authored", ("authored",)),
    "Procedure": ("date", ("performedDateTime", "performedPeriod")),
}
SEARCHED_TYPES = (
    "AllergyIntolerance",
    "Condition",
    "Encounter",
    "Medication",
    "Patient",
    *SORTED_BY,
)


@dataclass(frozen=True, slots=True)
class Search:
    """One search, its parameters read. offset: how many matches the pages before this one held."""

    matches: tuple[Resource, ...]
    count: int
    offset: int

    @property
    def page(self) -> tuple[Resource, ...]:
        return self.matches[self.offset : self.offset + self.count]

    @property
    def next_offset(self) -> int | None:
        """Where the next page begins; None on the last."""
        following = self.offset + self.count
        return following if following < len(self.matches) and self.count else None


def search(records: Records, resource_type: str, parameters: Sequence[tuple[str, str]]) -> Search:
    """Find the resources of a type. A comma in a value means "or", as in FHIR.

    Errors: InvalidRequest for a parameter or value that is not known here: to leave a condition
    out would find what nobody asked for.
    """
    found: Iterable[Resource] = records.all_of(resource_type)
    order: Callable[[Iterable[Resource]], Iterable[Resource]] = list
    count, offset = _DEFAULT_COUNT, 0
    for name, value in parameters:
        match name:
            case "_count":
                count = min(_number(name, value), MAX_COUNT)
            case "_offset":
                offset = _number(name, value)
            case "_sort":
                order = _order(resource_type, value)
            case "_format" | "_summary" | "_total":
                continue
            case _:
                found = _filter(found, resource_type, name, value.split(","))
    return Search(tuple(order(found)), count, offset)


def _filter(
    found: Iterable[Resource], resource_type: str, name: str, values: Sequence[str]
) -> list[Resource]:
    test = _tests(resource_type).get(name)
    if test is None:
        raise InvalidRequest("There is a search parameter that is not known here.")
    return [each for each in found if any(test(each, value) for value in values)]


def _tests(resource_type: str) -> dict[str, Callable[[Resource, str], bool]]:
    tests: dict[str, Callable[[Resource, str], bool]] = {
        "_id": lambda resource, value: bool(resource["id"] == value)
    }
    if resource_type == "Patient":
        return tests | {"name": _has_name, "identifier": _has_identifier}
    return tests | {"patient": _is_of, "subject": _is_of, "code": _has_code}


def _is_of(resource: Resource, value: str) -> bool:
    whose = resource.get("subject") or resource.get("patient") or {}
    return bool(whose.get("reference") == f"Patient/{value.removeprefix('Patient/')}")


def _has_code(resource: Resource, value: str) -> bool:
    concept = resource.get("code") or resource.get("medicationCodeableConcept") or {}
    system, bar, code = value.rpartition("|")
    return any(
        coding.get("code") == code and (not bar or coding.get("system", "") == system)
        for coding in concept.get("coding", ())
    )


def _has_name(patient: Resource, value: str) -> bool:
    parts = (
        part
        for name in patient.get("name", ())
        for part in (name.get("family", ""), *name.get("given", ()))
    )
    return any(part.lower().startswith(value.lower()) for part in parts)


def _has_identifier(patient: Resource, value: str) -> bool:
    system, bar, wanted = value.rpartition("|")
    return any(
        each.get("value") == wanted and (not bar or each.get("system", "") == system)
        for each in patient.get("identifier", ())
    )


def _order(resource_type: str, value: str) -> Callable[[Iterable[Resource]], Iterable[Resource]]:
    name, members = SORTED_BY.get(resource_type, ("", ()))
    if value.removeprefix("-") != name:
        raise InvalidRequest("_sort names what is not sorted by here.")
    return lambda found: sorted(
        found, key=lambda each: _moment(each, members), reverse=value.startswith("-")
    )


def _moment(resource: Resource, members: Sequence[str]) -> str:
    """Give the date a resource is sorted by, as text; "" where it has none."""
    for member in members:
        value: Any = resource.get(member)
        if isinstance(value, dict):
            value = value.get("start") or value.get("end")
        if value:
            return str(value)
    return ""


def _number(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(MAX_COUNT)) + 3):
        raise InvalidRequest(f"{name} must be a number.")
    return int(value)
