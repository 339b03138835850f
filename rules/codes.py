"""What is a code, and when does a set of codes contain it?"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
ICD_10 = "http://hl7.org/fhir/sid/icd-10"
ICD_9_CM = "http://hl7.org/fhir/sid/icd-9-cm"
SNOMED_CT = "http://snomed.info/sct"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
ICD_10_PCS = "http://www.cms.gov/Medicare/Coding/ICD10"

# Registered for one code system each, so that they are as clear without "urn:oid:" as with it.
_OIDS: Mapping[str, str] = {
    "2.16.840.1.113883.6.90": ICD_10_CM,
    "2.16.840.1.113883.6.3": ICD_10,
    "2.16.840.1.113883.6.103": ICD_9_CM,
    "2.16.840.1.113883.6.96": SNOMED_CT,
    "2.16.840.1.113883.6.1": LOINC,
    "2.16.840.1.113883.6.88": RXNORM,
    "2.16.840.1.113883.6.73": ATC,
    "2.16.840.1.113883.6.4": ICD_10_PCS,
}
_ADDRESSES: Mapping[str, str] = {
    **{system: system for system in _OIDS.values()},
    "http://www.loinc.org": LOINC,
    "http://snomed.info": SNOMED_CT,  # a public set of sample patients sends it so
    "http://www.snomed.info/sct": SNOMED_CT,
    "http://hl7.org/fhir/sid/icd-9-cm/diagnosis": ICD_9_CM,
    "http://hl7.org/fhir/sid/icd-10-pcs": ICD_10_PCS,
}
# Names that feeds put in the place of an address. "ICD-10" and "ICD-9" are not among them: they
# may mean the classification of WHO or a country's own, and these differ in what a code says.
_NAMES: Mapping[str, str] = {
    "loinc": LOINC,
    "snomed ct": SNOMED_CT,
    "snomed-ct": SNOMED_CT,
    "snomedct": SNOMED_CT,
    "rxnorm": RXNORM,
    "icd-10-cm": ICD_10_CM,
    "icd10cm": ICD_10_CM,
    "icd-9-cm": ICD_9_CM,
    "icd9cm": ICD_9_CM,
}
# Every spelling of a system that can mean no other; the reader sees the first one only. An address
# with https names what the same address with http names.
SYSTEM_ALIASES: Mapping[str, str] = {
    **_OIDS,
    **{f"urn:oid:{oid}": system for oid, system in _OIDS.items()},
    **_ADDRESSES,
    **{f"https{address[4:]}": system for address, system in _ADDRESSES.items()},
    **_NAMES,
}
# An edition or a version of SNOMED CT: the meaning of a code is the same in all of them.
_SNOMED_EDITION = re.compile(r"https?://snomed\.info/sct/\d+(?:/version/\d+)?", re.ASCII)

# Hierarchies in which a child's code begins with its parent's code.
PREFIX_SYSTEMS = frozenset({ICD_10_CM, ICD_10, ICD_9_CM, ATC, ICD_10_PCS})


class Code(msgspec.Struct, frozen=True, order=True, cache_hash=True, gc=False):
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
    known = SYSTEM_ALIASES.get(system) or _one_spelling(system)
    text = code.strip()
    if known in PREFIX_SYSTEMS:
        text = text.replace(".", "").upper()
    return Code(known, text) if text else None


def _one_spelling(system: str) -> str:
    """Give the address of a system that is spelled unusually; any other system stays as it is."""
    stated = system.strip().rstrip("/")  # some servers end the address with a slash
    if _SNOMED_EDITION.fullmatch(stated):
        return SNOMED_CT
    return SYSTEM_ALIASES.get(stated) or SYSTEM_ALIASES.get(stated.lower(), stated)


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
    _systems: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_parents", index_families(self.families))
        object.__setattr__(self, "_excluded_parents", index_families(self.excluded_families))
        systems = {code.system for code in (*self.codes, *self.families)} | set(self.patterns)
        object.__setattr__(self, "_systems", frozenset(systems))

    def contains(self, code: Code) -> bool:
        """Say whether the set holds this code. Unknown systems and codes are not in the set."""
        if code.system not in self._systems:  # as for most codes of a chart
            return False
        held = (
            code in self.codes
            or (code.system in self._parents and closest_family(code, self._parents) is not None)
            or (code.system in self.patterns and self._pattern_label(code) is not None)
        )
        return held and not (
            code in self.excluded_codes or closest_family(code, self._excluded_parents) is not None
        )

    def find(self, codes: Iterable[Code]) -> Code | None:
        """Give the first of these codes that the set holds, or None."""
        systems = self._systems
        for code in codes:
            if code.system in systems and self.contains(code):  # seldom so, and asked all the time
                return code
        return None

    def label(self, code: Code) -> str:
        """Give our own words for a code of the set; its title where no closer label exists."""
        if code in self.codes:
            return self.codes[code] or self.title
        family = closest_family(code, self._parents)
        label = self._pattern_label(code) if family is None else self.families[family]
        return label or self.title

    def _pattern_label(self, code: Code) -> str | None:
        for pattern, label in self.patterns.get(code.system, ()):
            if pattern.fullmatch(code.code):
                return label
        return None


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
