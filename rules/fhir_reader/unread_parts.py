"""What of a resource must be named, although it is not read?"""

import msgspec

from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.resources import NULL, RawResource

_EMPTY = frozenset({b"null", b"[]", b'""', b"{}"})


class _Contained(msgspec.Struct, rename="camel", frozen=True):
    resource_type: str | None = None


_CONTAINED = msgspec.json.Decoder(list[_Contained])


def find_modifier(item: RawResource) -> str | None:
    """Name the member of a resource that may turn its meaning round; None where there is none.

    FHIR forbids to read a resource past a modifier that is not understood, and none is here.
    """
    if item.peek.modifier_extension is NULL and item.peek.implicit_rules is NULL:
        return None
    members = {
        "modifierExtension": item.peek.modifier_extension,
        "implicitRules": item.peek.implicit_rules,
    }
    return next((name for name, raw in members.items() if bytes(raw).strip() not in _EMPTY), None)


def refuse_denial(**members: object) -> None:
    """Refuse a resource that denies by an element of STU3 or DSTU2 what the rest of it says.

    members: such elements by name, as far as they are there; false, and "y" for taken, deny
    nothing. R4 says the same in status, which such a resource may leave at "active" or
    "completed". Errors: UnreadableError, naming the element.
    """
    for name, value in members.items():
        if value not in (None, False, "y"):
            raise UnreadableError(f"{name}, an element of an older FHIR, may deny what it says")


def contained_types(item: RawResource) -> tuple[str, ...]:
    """Give the types of the resources within a resource, sorted, each once.

    Unknown input: what is no list of resources has no types.
    """
    try:
        inner = decode(_CONTAINED, item.peek.contained)
    except UnreadableError:
        return ()
    return tuple(sorted({each.resource_type for each in inner if each.resource_type}))
