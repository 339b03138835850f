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


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """The codes under which the rules use an Observation."""

    markers: frozenset[Code]
    scales: Mapping[Code, Scale]
    measurements: frozenset[Code]
    points: Mapping[Code, Decimal]
    marker_words: frozenset[frozenset[str]] = frozenset()
    # The codes, as written, of Observations that turned out to be of no use: charts repeat them.
    unused: set[bytes] = field(default_factory=set, compare=False)
    forms: tuple[Scale, ...] = ()  # the scales that are known by a questionnaire of their own

    def find(self, concept: CodeableConcept | None) -> Code | None:
        """Give the first code the rules know; laboratories put others beside it, in any order."""
        return self.first(codes_of(concept))

    def first(self, codes: Iterable[Code]) -> Code | None:
        return next((code for code in codes if self._knows(code)), None)

    def is_named(self, concept: CodeableConcept | None) -> bool:
        """Whether words name a marker, by whole words: "PCR" is another test as often as CRP."""
        texts = (frozenset(_WORD.findall(text.casefold())) for text in texts_of(concept))
        return any(words <= text for text in texts for words in self.marker_words)

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
    return KnownCodes(
        markers=frozenset(knowledge.markers),
        scales={**context, **knowledge.scales_by_code},
        measurements=frozenset(code for each in sets if each is not None for code in each.codes),
        points=knowledge.answer_points,
        marker_words=knowledge.marker_words,
        forms=tuple(scale for scale in knowledge.scales.values() if scale.form is not None),
    )
