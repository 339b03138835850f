"""What does a code of the record say in our own words, and in which code system?"""

from collections.abc import Iterable, Mapping

from rules.codes import (
    ATC,
    ICD_9_CM,
    ICD_10,
    ICD_10_CM,
    ICD_10_PCS,
    LOINC,
    RXNORM,
    SNOMED_CT,
    Code,
)
from rules.knowledge import Knowledge
from rules.knowledge.model import Scale

_SYSTEMS: Mapping[str, str] = {
    ICD_10_CM: "ICD-10-CM",
    ICD_10: "ICD-10",
    ICD_9_CM: "ICD-9-CM",
    ICD_10_PCS: "ICD-10-PCS",
    SNOMED_CT: "SNOMED CT",
    LOINC: "LOINC",
    RXNORM: "RxNorm",
    ATC: "ATC",
}
NO_WORDS = "in none of our tables"
# The tables spell these codes without the dot that stands after their first three signs.
_DOTTED = frozenset({ICD_10_CM, ICD_10, ICD_9_CM})
_BEFORE_DOT = 3


def _spelled(code: Code) -> str:
    """Write a code as a clinician reads it."""
    text = code.code
    if code.system not in _DOTTED or len(text) <= _BEFORE_DOT:
        return text
    return f"{text[:_BEFORE_DOT]}.{text[_BEFORE_DOT:]}"


class CodeWords:
    """Names codes by the tables of one knowledge. The words of the record are never repeated."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self, codes: Iterable[Code]) -> str:
        """Give our words for the first of the codes that a table knows; "" for none."""
        return next((words for code in codes if (words := self._of(code))), "")

    def write(self, codes: Iterable[Code]) -> str:
        """Write codes with their systems and our words, such as "LOINC 30522-7 (hs-CRP)"."""
        return "; ".join(
            f"{_SYSTEMS.get(code.system, code.system)} {_spelled(code)} "
            f"({self._of(code) or NO_WORDS})"
            for code in codes
        )

    def _of(self, code: Code) -> str:
        known = self._knowledge
        if code in known.markers:
            return known.markers[code].name
        scale = known.scale_of(code) or self._shown_scale(code)
        if scale is not None:
            return scale.name if code in scale.totals else f"{scale.name}, an item of it"
        held = (each for each in known.value_sets.values() if each.contains(code))
        return next((each.label(code) for each in held), "")

    def _shown_scale(self, code: Code) -> Scale | None:
        scales = self._knowledge.context_scales.values()
        return next((each for each in scales if code in {*each.totals, *each.items}), None)
