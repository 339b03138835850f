"""Which codes of a record does no table know, and how many entries bear them?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from rules.facts import MarkerResult
from rules.fhir_reader.exposures import MedicationFacts
from rules.knowledge.model import Knowledge


class UnknownCode(Enum):
    """Why an entry could not be told by its codes; the value is the name it is counted under."""

    DRUG_IN_WORDS = "drug_in_words"  # words name a drug of the tables, its codes are in none
    DRUG_UNTOLD = "drug_untold"  # nothing tells which drug it is
    DRUG_NOT_LISTED = "drug_not_listed"  # coded or named, and no drug of the tables: most drugs
    MARKER_IN_WORDS = "marker_in_words"  # words name a marker, no code of it is known
    MARKER_UNIT = "marker_unit"  # a marker in a unit that its code does not have
    SCALE_IN_WORDS = "scale_in_words"  # words name a scale, no code of it is known


def count_unknown(
    medications: Iterable[MedicationFacts],
    markers: Iterable[MarkerResult],
    in_words: Iterable[UnknownCode],
    knowledge: Knowledge,
) -> Mapping[str, int]:
    """Count the entries of one record whose codes no table knows, by kind; no kind counts zero.

    Operators compare these counts over time: a code list that lost a code shows in them. No rule
    asks for them. Medications count where their status lets them be used. in_words: what was
    known by the words of an Observation alone. Source: trust.md goal B9. Unknown input: a result
    without a unit lacks one, and is not counted here.
    """
    kinds = (
        *(kind for each in medications for kind in _of_medication(each)),
        *(UnknownCode.MARKER_UNIT for each in markers if _has_unknown_unit(each, knowledge)),
        *in_words,
    )
    counts = Counter(kind.value for kind in kinds)
    return dict(sorted(counts.items()))


def _of_medication(each: MedicationFacts) -> Iterator[UnknownCode]:
    if not each.usable:
        return
    if each.unresolved is not None:
        yield UnknownCode.DRUG_UNTOLD
    elif not each.exposures:
        yield UnknownCode.DRUG_NOT_LISTED
    elif each.exposures[0].drug_from_text:
        yield UnknownCode.DRUG_IN_WORDS


def _has_unknown_unit(result: MarkerResult, knowledge: Knowledge) -> bool:
    marker = knowledge.markers[result.code]
    takes_units = marker.to_mg_per_l or marker.display_units
    known = result.unit in marker.to_mg_per_l or result.unit in marker.display_units
    return bool(takes_units) and result.unit is not None and not known
