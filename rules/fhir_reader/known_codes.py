"""Under which codes do the rules use an Observation, and by which words is one named?"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rules.codes import Code
from rules.fhir_reader.elements import CodeableConcept, codes_of, texts_of
from rules.knowledge.model import Knowledge, Scale

# The value sets of observations that are neither markers nor scores.
MEASUREMENT_SETS = (
    "body-mass-index",
    "body-temperature",
    "estimated-delivery-date",
    "glomerular-filtration-rate",
    "pregnancy-status",
    "serum-lithium",
    "smoking-status",
)
_WORD = re.compile(r"[^\W_]+")
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """The codes under which the rules use an Observation."""

    markers: frozenset[Code]
    scales: Mapping[Code, Scale]
    measurements: frozenset[Code]
    points: Mapping[Code, Decimal]
    marker_words: frozenset[frozenset[str]] = frozenset()
    scale_words: frozenset[frozenset[str]] = frozenset()
    # One word of each of these names: most texts hold none, and need not be taken apart.
    hint: re.Pattern[str] = _NOTHING
    # The codes, as written, of Observations that turned out to be of no use: charts repeat them.
    unused: set[bytes] = field(default_factory=set, compare=False)
    forms: tuple[Scale, ...] = ()  # the scales that are known by a questionnaire of their own

    def find(self, concept: CodeableConcept | None) -> Code | None:
        """Give the first code the rules know; laboratories put others beside it, in any order."""
        return self.first(codes_of(concept))

    def first(self, codes: Iterable[Code]) -> Code | None:
        return next((code for code in codes if self._knows(code)), None)

    def names_marker(self, concept: CodeableConcept | None) -> bool:
        """Whether words name a marker, by whole words: "PCR" is another test as often as CRP."""
        return self._names(concept, self.marker_words)

    def names_scale(self, concept: CodeableConcept | None) -> bool:
        """Whether words name a scale, by the whole words of the name it has in the table."""
        return self._names(concept, self.scale_words)

    def _names(self, concept: CodeableConcept | None, wanted: frozenset[frozenset[str]]) -> bool:
        texts = [text.casefold() for text in texts_of(concept)]
        if not any(self.hint.search(text) for text in texts):
            return False
        found = [frozenset(_WORD.findall(text)) for text in texts]
        return any(words <= text for text in found for words in wanted)

    def _knows(self, code: Code) -> bool:
        return code in self.markers or code in self.scales or code in self.measurements


def known_codes(knowledge: Knowledge) -> KnownCodes:
    """Collect the codes of markers, of scales of either kind, and of measurements."""
    context = {
        code: scale
        for scale in knowledge.context_scales.values()
        for code in (*scale.totals, *scale.items, *scale.not_totals)
    }
    sets = (knowledge.value_sets.get(name) for name in MEASUREMENT_SETS)
    names = (scale.name.casefold() for scale in knowledge.scales.values())
    scale_words = frozenset(frozenset(_WORD.findall(name)) for name in names)
    return KnownCodes(
        markers=frozenset(knowledge.markers),
        scales={**context, **knowledge.scales_by_code},
        measurements=frozenset(code for each in sets if each is not None for code in each.codes),
        points=knowledge.answer_points,
        marker_words=knowledge.marker_words,
        scale_words=scale_words,
        hint=_hint_of(knowledge.marker_words | scale_words),
        forms=tuple(scale for scale in knowledge.scales.values() if scale.form is not None),
    )


def _hint_of(names: frozenset[frozenset[str]]) -> re.Pattern[str]:
    """Give the pattern of the longest word of each name."""
    longest = {max(sorted(words), key=len) for words in names}
    return re.compile("|".join(map(re.escape, sorted(longest))))
