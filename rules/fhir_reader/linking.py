"""Which resource does a reference point to?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from rules.codes import Code
from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.elements import CodeableConcept, CodeableReference, Element, codes_of
from rules.fhir_reader.resources import RawResource, Reference

_LITERAL = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([^/?#|]+)(?:/_history/[^/]+)?$", re.ASCII)


class _Coded(Element, frozen=True):
    code: CodeableConcept | None = None


_CODED = msgspec.json.Decoder(_Coded)


@dataclass(frozen=True, slots=True)
class ResourceIndex:
    """The resources of one record by the names that references use.

    A name that two resources share (two versions that cannot be told apart) leads nowhere.
    """

    by_name: dict[str, RawResource] = field(default_factory=dict)

    def find(self, reference: Reference | None) -> RawResource | None:
        """Give the resource: by the entry's fullUrl, else by Type/id at the end of the address.

        Unknown input: no literal reference, a version of it, or one that is not here: None, save
        that the version asked for is not compared, because a record holds one version.
        """
        if reference is None or not reference.reference:
            return None
        found = self.by_name.get(reference.reference)
        if found is not None:
            return found
        literal = _LITERAL.search(reference.reference)
        return None if literal is None else self.by_name.get(f"{literal[1]}/{literal[2]}")

    def name_of(self, reference: Reference | None, resource_type: str) -> str | None:
        """Give Type/id of a reference to this type, whether or not the resource is here."""
        found = self.find(reference)
        if found is not None:
            same_type = found.resource_type == resource_type
            return found.name if same_type and found.has_name else None
        literal = _LITERAL.search(reference.reference or "") if reference else None
        if literal is None or literal[1] != resource_type:
            return None
        return f"{literal[1]}/{literal[2]}"

    def codes(
        self, references: Iterable[Reference | None], resource_type: str = "Condition"
    ) -> tuple[Code, ...]:
        """Give the codes of the resources referred to, as far as they are here and can be read."""
        found: list[Code] = []
        for reference in references:
            item = self.find(reference)
            if item is not None and item.resource_type == resource_type:
                found += _codes_in(item)
        return tuple(dict.fromkeys(found))

    def reasons(
        self,
        concepts: Iterable[CodeableConcept] | None = None,
        references: Iterable[Reference] | None = None,
        either: Iterable[CodeableReference] | None = None,
    ) -> tuple[Code, ...]:
        """Give the codes of all reasons: stated as concepts, or by reference to a Condition."""
        mixed = list(either or [])
        stated = codes_of(*(concepts or []), *(each.concept for each in mixed))
        linked = self.codes([*(references or []), *(each.reference for each in mixed)])
        return tuple(dict.fromkeys((*stated, *linked)))


def index_resources(items: Iterable[RawResource]) -> ResourceIndex:
    """Index resources by Type/id and by fullUrl."""
    by_name: dict[str, RawResource] = {}
    for item in items:
        if item.full_url:
            by_name[item.full_url] = item
        if item.identity:
            by_name[f"{item.resource_type}/{item.identity}"] = item
    return ResourceIndex(by_name)


def _codes_in(item: RawResource) -> tuple[Code, ...]:
    try:
        return codes_of(decode(_CODED, item.raw).code)
    except UnreadableError:  # the resource's own reading names the fault
        return ()
