"""What is a code, and when does a set of codes contain it?"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
ICD_10 = "http://hl7.org/fhir/sid/icd-10"
ICD_9_CM = "http://hl7.org/fhir/sid/icd-9-cm"
SNOMED_CT = "http://snomed.info/sct"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
ICD_10_PCS = "http://www.cms.gov/Medicare/Coding/ICD10"

# Some feeds name the system by its OID; the reader sees one spelling only.
SYSTEM_ALIASES: Mapping[str, str] = {
    "urn:oid:2.16.840.1.113883.6.90": ICD_10_CM,
    "urn:oid:2.16.840.1.113883.6.3": ICD_10,
    "urn:oid:2.16.840.1.113883.6.103": ICD_9_CM,
    "urn:oid:2.16.840.1.113883.6.96": SNOMED_CT,
    "urn:oid:2.16.840.1.113883.6.1": LOINC,
    "urn:oid:2.16.840.1.113883.6.88": RXNORM,
    "urn:oid:2.16.840.1.113883.6.73": ATC,
    "urn:oid:2.16.840.1.113883.6.4": ICD_10_PCS,
    "http://hl7.org/fhir/sid/icd-9-cm/diagnosis": ICD_9_CM,
    "http://hl7.org/fhir/sid/icd-10-pcs": ICD_10_PCS,
}

# Hierarchies in which a child's code begins with its parent's code.
PREFIX_SYSTEMS = frozenset({ICD_10_CM, ICD_10, ICD_9_CM, ATC, ICD_10_PCS})


@dataclass(frozen=True, slots=True, order=True)
class Code:
    """One code of one code system, in the spelling that code sets use.

    The display of the record is left out on purpose: what a card shows is our own label.
    """

    system: str
    code: str


def read_code(system: str | None, code: str | None) -> Code | None:
    """Give the code in one spelling: system by URL, ICD without the dot, letters in capitals.

    Unknown input: a coding without a system or without a code is no code and yields None,
    because the same letters mean different things in different systems.
    """
    if not system or not code:
        return None
    stated = system.strip().rstrip("/")  # some servers end the address with a slash
    known = SYSTEM_ALIASES.get(stated, stated)
    text = code.strip()
    if known in PREFIX_SYSTEMS:
        text = text.replace(".", "").upper()
    return Code(known, text) if text else None


# Families of prefix hierarchies by system and code.
Families = Mapping[str, Mapping[str, Code]]


@dataclass(frozen=True, slots=True)
class ValueSet:
    """A named set of codes with labels: single codes, families of a hierarchy, and exceptions.

    `families` and `excluded_families` hold the parent code of systems in PREFIX_SYSTEMS; a family
    contains its parent. `patterns` hold, for each such system, regular expressions for whole codes
    without the dot, for ranges and for axes inside a code that no family can name. An exception
    beats an inclusion. Labels are ours, fit to be shown.
    """

    name: str
    title: str
    codes: Mapping[Code, str] = field(default_factory=dict)
    families: Mapping[Code, str] = field(default_factory=dict)
    excluded_codes: frozenset[Code] = frozenset()
    excluded_families: frozenset[Code] = frozenset()
    patterns: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = field(default_factory=dict)
    # The families once more, by system and code: a chart asks for thousands of codes in every set.
    _parents: Families = field(init=False, repr=False, compare=False)
    _excluded_parents: Families = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_parents", index_families(self.families))
        object.__setattr__(self, "_excluded_parents", index_families(self.excluded_families))

    def contains(self, code: Code) -> bool:
        """Say whether the set holds this code. Unknown systems and codes are not in the set."""
        held = (
            code in self.codes
            or closest_family(code, self._parents) is not None
            or self._pattern_label(code) is not None
        )
        return held and not (
            code in self.excluded_codes or closest_family(code, self._excluded_parents) is not None
        )

    def find(self, codes: Iterable[Code]) -> Code | None:
        """Give the first of these codes that the set holds, or None."""
        return next((code for code in codes if self.contains(code)), None)

    def label(self, code: Code) -> str:
        """Give our own words for a code of the set; its title where no closer label exists."""
        if code in self.codes:
            return self.codes[code] or self.title
        family = closest_family(code, self._parents)
        label = self._pattern_label(code) if family is None else self.families[family]
        return label or self.title

    def _pattern_label(self, code: Code) -> str | None:
        patterns = self.patterns.get(code.system, ())
        return next((label for pattern, label in patterns if pattern.fullmatch(code.code)), None)


def index_families(families: Iterable[Code]) -> Families:
    """Order the families of prefix hierarchies by system and code; others have no children."""
    indexed: dict[str, dict[str, Code]] = {}
    for family in families:
        if family.system in PREFIX_SYSTEMS:
            indexed.setdefault(family.system, {})[family.code] = family
    return indexed


def closest_family(code: Code, families: Families) -> Code | None:
    """Give the closest family of a prefix hierarchy that the code belongs to.

    Walks the code from its end, so that the cost depends on the code's length and not on the set's.
    """
    parents = families.get(code.system)
    if not parents:
        return None
    text = code.code
    for length in range(len(text), 0, -1):
        parent = parents.get(text[:length])
        if parent is not None:
            return parent
    return None
