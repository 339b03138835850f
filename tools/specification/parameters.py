"""How does a parameter read to someone who signs it, and does each stand in one chapter only?"""

from collections.abc import Mapping
from decimal import Decimal

from rules.knowledge.parameters import ParameterEntry
from rules.plain_words import percent
from tools.specification.applied import is_applied
from tools.specification.markdown import certainty, code, plain, table

_UNITS = {
    "Cel": "°C",
    "kg/m2": "kg/m²",
    "mL/min/{1.73_m2}": "mL/min per 1.73 m²",
    "UCUM code or its usual spellings": "as a laboratory spells it",
    # What the exchange standard calls its fields, in the words of this document.
    "MedicationRequest.status": "state of the order",
    "MedicationRequest.intent": "form of the order",
    "MedicationRequest.status, MedicationStatement.status": "state of the order or report",
    "MedicationDispense.status": "state of the supply",
    "MedicationStatement.status": "state of the report",
    "MedicationAdministration.status": "state of the given dose",
    "Observation.status": "state of the result",
    "QuestionnaireResponse.status": "state of the questionnaire",
    "Procedure.status": "state of the procedure",
    "Encounter.status": "state of the contact",
    "Condition.verificationStatus": "certainty of the diagnosis",
    "Condition.clinicalStatus": "course of the diagnosis",
    "AllergyIntolerance.verificationStatus": "certainty of the intolerance",
    "FHIR status, intent and verification codes": "marks of the exchange standard",
}
# What the choices of a setting mean.
_CHOICES = {
    "trd.dose_profile": {"label": 'the column "Adequate from"'},
    "trd.unknown_dose": {"indeterminate": "may count, with a gap"},
    "trd.augmentation": {"supporting": "it supports, and is no trial of its own"},
    "trd.count_distinct_by": {"equivalence_group": "the group of closely related drugs"},
    "safety.suicide_safety_card": {
        "when_evidence_withheld": "only in place of an evidence card that a signal withholds"
    },
}
_FRACTION = "fraction of "
# Applied when the dose table was made, so that the rules need not read it again.
_IN_THE_TABLE = frozenset({"trd.max_dose_factor"})


class SpecificationError(Exception):
    """The document cannot be written; the text says what is missing, twice there or unknown."""


def value_in_words(entry: ParameterEntry) -> str:
    """Give the value alone: "42", "yes", "active, completed"."""
    match entry.value:
        case bool():
            return "yes" if entry.value else "no"
        case tuple():
            return ", ".join(entry.value)
        case str():
            return entry.value or "(empty)"
        case int() | Decimal():
            return str(entry.value)


def value_with_unit(entry: ParameterEntry) -> str:
    value, unit = value_in_words(entry), _UNITS.get(entry.unit, entry.unit)
    if not unit:
        return value
    if isinstance(entry.value, Decimal) and unit.startswith(_FRACTION):
        return f"{percent(entry.value)} of {unit.removeprefix(_FRACTION)}"
    if not isinstance(entry.value, int | Decimal):
        return f"{value} ({unit})"
    return f"{value} {unit.removesuffix('s') if entry.value == 1 else unit}"


def _choice(key: str, entry: ParameterEntry) -> str:
    """Say what the choice of a setting means, where its name alone does not."""
    meaning = _CHOICES.get(key, {}).get(str(entry.value))
    return f": {plain(meaning)}" if meaning else ""


def _alternatives(entry: ParameterEntry) -> str:
    """Give the other choices; of a setting that is yes or no in these words."""
    words = entry.alternatives or ""
    if isinstance(entry.value, bool):
        words = words.replace("false", "no").replace("true", "yes")
    return words


class PlacedParameters:
    """The parameters, each of which is shown once and has a value for the running text."""

    def __init__(self, entries: Mapping[str, ParameterEntry]) -> None:
        self._entries = entries
        self._shown: list[str] = []

    def entry(self, key: str) -> ParameterEntry:
        """Give a parameter. Errors: SpecificationError names a key there is not."""
        if key not in self._entries:
            raise SpecificationError(f"a template names the parameter {key}, which does not exist")
        return self._entries[key]

    def name(self, key: str) -> str:
        """Give the key of a parameter that exists. Errors: SpecificationError as for `entry`."""
        self.entry(key)
        return code(key)

    def value(self, key: str) -> str:
        return plain(value_in_words(self.entry(key)))

    def percent(self, key: str) -> str:
        """Give a fraction as per cent. Errors: SpecificationError where it is no fraction."""
        value = self.entry(key).value
        if not isinstance(value, Decimal):
            raise SpecificationError(f"a template wants {key} in per cent, and it is no fraction")
        return percent(value)

    def show(self, *keys: str) -> str:
        """Give the table of some parameters, and remember that they have been shown."""
        self._shown += keys
        head = ("What it sets", "Value", "Where it comes from", "Agree")
        rows = table(head, (self._row(key, self.entry(key)) for key in keys))
        return f"**Numbers and settings**\n\n{rows}"

    def check_each_is_shown_once(self) -> None:
        """Errors: SpecificationError names the parameters that stand nowhere or twice."""
        missing = [key for key in self._entries if key not in self._shown]
        twice = sorted({key for key in self._shown if self._shown.count(key) > 1})
        if missing or twice:
            raise SpecificationError(
                f"parameters in no chapter: {', '.join(missing) or 'none'}; in more than one: "
                f"{', '.join(twice) or 'none'}; see tools/templates/clinical_specification"
            )

    def _row(self, key: str, entry: ParameterEntry) -> tuple[str, str, str, str]:
        meaning = f"{plain(entry.meaning)} ({code(key)})"
        if not is_applied(key) and key not in _IN_THE_TABLE:
            meaning += ". **Not applied by the service today**"
        origin = (
            f"{plain(entry.source)}; {certainty(entry.verification, pending=bool(entry.review))}"
        )
        if entry.alternatives:
            origin += f". Alternatives: {plain(_alternatives(entry))}"
        return (
            meaning,
            f"**{plain(value_with_unit(entry))}**{_choice(key, entry)}",
            origin,
            "☐\N{NO-BREAK SPACE}yes ☐\N{NO-BREAK SPACE}no",
        )
