"""Which resource does a reference point to?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import msgspec

from rules.codes import Code
from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.elements import CodeableConcept, CodeableReference, Element, codes_of
from rules.fhir_reader.resources import RawResource, Reference, is_shown_id

_LITERAL = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([^/?#|]+)(?:/_history/[^/]+)?$", re.ASCII)


class _Coded(Element, frozen=True):
    code: CodeableConcept | None = None


_CODED = msgspec.json.Decoder(_Coded)
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class ResourceIndex:
    """The resources of one record by the names that references use.

    A name that two resources share leads nowhere. already_read: what was decoded on the way.
    """

    by_name: dict[str, RawResource | None] = field(default_factory=dict)
    already_read: dict[tuple[str, str], object] = field(default_factory=dict)

    def find(self, reference: Reference | None) -> RawResource | None:
        """Give the resource: by the entry's fullUrl, else by Type/id at the end of the address.

        Unknown input: no literal reference, a version of it, or one that is not here: None, save
        that the version asked for is not compared, because a record holds one version.
        """
        if reference is None or not reference.reference:
            return None
        if reference.reference in self.by_name:
            return self.by_name[reference.reference]
        literal = _LITERAL.search(reference.reference)
        return None if literal is None else self.by_name.get(f"{literal[1]}/{literal[2]}")

    def name_of(self, reference: Reference | None, resource_type: str) -> str | None:
        """Give Type/id of a reference to this type, whether or not the resource is here."""
        found = self.find(reference)
        if found is not None:
            same_type = found.resource_type == resource_type
            return found.name if same_type and found.has_name else None
        literal = _LITERAL.search(reference.reference or "") if reference else None
        if literal is None or literal[1] != resource_type or not is_shown_id(literal[2]):
            return None
        return f"{literal[1]}/{literal[2]}"

    def codes(
        self, references: Iterable[Reference | None], resource_type: str = "Condition"
    ) -> tuple[Code, ...]:
        """Give the codes of the resources referred to, as far as they are here and can be read."""
        found: dict[tuple[str, str], RawResource] = {}
        for reference in references:
            item = self.find(reference)
            if item is not None and item.resource_type == resource_type:
                found[item.resource_type, item.identity or item.full_url or ""] = item
        return tuple(dict.fromkeys(code for item in found.values() for code in self._codes(item)))

    def read_once(self, item: RawResource, decoder: msgspec.json.Decoder[_Read]) -> _Read:
        """Decode a resource that many others may refer to, once: it may be large.

        decoder: always the same one for a resource type. Errors: UnreadableError.
        """
        place = (item.resource_type, item.identity or item.full_url or "")
        if place not in self.already_read:
            try:
                self.already_read[place] = decode(decoder, item.raw)
            except UnreadableError as fault:
                self.already_read[place] = fault
        read = self.already_read[place]
        if isinstance(read, UnreadableError):
            raise read
        return cast(_Read, read)

    def _codes(self, item: RawResource) -> tuple[Code, ...]:
        try:
            return codes_of(self.read_once(item, _CODED).code)
        except UnreadableError:  # the resource's own reading names the fault
            return ()

    def reasons(
        self,
        concepts: Iterable[CodeableConcept] | None = None,
        references: Iterable[Reference] | None = None,
        either: Iterable[CodeableReference] | None = None,
    ) -> tuple[Code, ...]:
        """Give the codes of all reasons: stated as concepts, or by reference to a Condition."""
        if not (concepts or references or either):
            return ()
        mixed = list(either or [])
        stated = codes_of(*(concepts or []), *(each.concept for each in mixed))
        linked = self.codes([*(references or []), *(each.reference for each in mixed)])
        return tuple(dict.fromkeys((*stated, *linked)))


def index_resources(items: Iterable[RawResource]) -> ResourceIndex:
    """Index resources by Type/id and by fullUrl. A name that two of them share leads nowhere."""
    by_name: dict[str, RawResource | None] = {}
    for item in items:
        identity = item.id or item.identity
        name = f"{item.resource_type}/{identity}" if identity else ""
        if name:
            by_name[name] = None if name in by_name else item
        if item.full_url and item.full_url != name:
            by_name[item.full_url] = None if item.full_url in by_name else item
    return ResourceIndex(by_name)
