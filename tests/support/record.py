"""Which resources does the record of a vignette consist of, and what is each one called?

The facts and the bundle are made from the same list, each in its own way, so that both name the
same sources.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tests.support.chart import (
    Administration,
    Allergy,
    AnyEntry,
    Bmi,
    Diagnosis,
    Dispense,
    DrugEntry,
    Encounter,
    Form,
    Marker,
    Order,
    Phq9,
    Procedure,
    Score,
    Statement,
    Vaccination,
)
from tests.support.vignette import Vignette

# Where a site's own codes for the end of a treatment come from, in the vignettes that need them.
STOP_REASONS = "https://example.org/fhir/CodeSystem/stop-reason"
# What a resource is called after, and its type.
_FILED_AS = {
    Dispense: ("supply", "MedicationDispense"),
    Order: ("order", "MedicationRequest"),
    Statement: ("statement", "MedicationStatement"),
    Administration: ("dose", "MedicationAdministration"),
    Diagnosis: ("diagnosis", "Condition"),
    Phq9: ("phq9", "Observation"),
    Form: ("form", "QuestionnaireResponse"),
    Score: ("score", "Observation"),
    Marker: ("lab", "Observation"),
    Bmi: ("bmi", "Observation"),
    Procedure: ("procedure", "Procedure"),
    Encounter: ("encounter", "Encounter"),
    Vaccination: ("vaccination", "Immunization"),
    Allergy: ("allergy", "AllergyIntolerance"),
}


@dataclass(frozen=True, slots=True)
class Filed:
    """One entry as it is filed: its resource's type and id. `version` counts its corrections."""

    entry: AnyEntry
    resource_type: str
    id: str
    version: int = 1

    @property
    def reference(self) -> str:
        return f"{self.resource_type}/{self.id}"


@dataclass(frozen=True, slots=True)
class Record:
    """A record with the entries that have a name, so that others can point to them."""

    filed: tuple[Filed, ...]
    by_name: dict[str, Filed]

    def reference_to(self, name: str) -> str:
        """Give the reference to a named entry. Errors: KeyError names what is not there."""
        return self.by_name[name].reference


def file_record(vignette: Vignette) -> Record:
    """Give every entry its resource type and an id that a person can follow."""
    counted: Counter[str] = Counter()
    filed: list[Filed] = []
    by_name: dict[str, Filed] = {}
    for entry in _each_fill(vignette):
        word, resource_type = _FILED_AS[type(entry)]
        if isinstance(entry, Marker) and entry.corrects is not None:
            before = by_name[entry.corrects]
            each = Filed(entry, resource_type, before.id, before.version + 1)
        else:
            stem = f"{entry.drug}-{word}" if isinstance(entry, DrugEntry) else word
            counted[stem] += 1
            each = Filed(entry, resource_type, f"{stem}-{counted[stem]}")
        filed.append(each)
        if entry.name is not None:
            by_name[entry.name] = each
    return Record(tuple(filed), by_name)


def _each_fill(vignette: Vignette) -> Iterator[AnyEntry]:
    for entry in vignette.entries:
        if not isinstance(entry, Dispense):
            yield entry
            continue
        first = date.fromisoformat(entry.on)
        for number in range(entry.fills):
            handed_over = (first + timedelta(days=number * entry.days)).isoformat()
            yield entry.model_copy(update={"on": handed_over, "fills": 1})
