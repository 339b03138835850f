"""Which resources came in, and what is known about each before it is decoded?

One look at each resource tells its type, its id, its version and whom it is about; the rest of
its bytes stays as it came until a part of the reader needs it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from rules.facts import Completeness, Incomplete
from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.resource_types import RESOURCE_TYPES
from rules.findings import Gap, NotUsed

_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}", re.ASCII)
# What FHIR allows, and what servers use beyond it: the underscore and more than 64 characters.
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)
_URL_ID = re.compile(r"(?:^urn:(?:uuid|oid):|(?:^|/)([A-Z][A-Za-z]+)/)([^/:?#|]+)$")
NULL = msgspec.Raw(b"null")
# What drafts of R5 called a MedicationStatement; the final R5 does not.
_DRAFT_NAMES = {"MedicationUsage": "MedicationStatement"}


class Reference(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """A reference to another resource, with the words a client may show for it."""

    reference: str | None = None
    display: str | None = None


class Meta(msgspec.Struct, rename="camel", frozen=True, gc=False):
    last_updated: str | None = None
    version_id: str | None = None


class Peek(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """What every resource is asked first. Raw members differ in kind between FHIR versions."""

    resource_type: str | None = None
    id: str | None = None
    meta: Meta | None = None
    subject: Reference | list[Reference] | None = None
    patient: Reference | list[Reference] | None = None
    status: msgspec.Raw = NULL
    clinical_status: msgspec.Raw = NULL
    verification_status: msgspec.Raw = NULL
    context: msgspec.Raw = NULL
    encounter: msgspec.Raw = NULL
    asserted_date: msgspec.Raw = NULL
    date_recorded: msgspec.Raw = NULL
    care_provider: msgspec.Raw = NULL
    related: msgspec.Raw = NULL
    substance: msgspec.Raw = NULL
    taken: msgspec.Raw = NULL
    category: msgspec.Raw = NULL
    code: msgspec.Raw = NULL
    component: msgspec.Raw = NULL
    class_: msgspec.Raw = msgspec.field(default=NULL, name="class")
    dosage_instruction: msgspec.Raw = NULL
    medication_codeable_concept: msgspec.Raw = NULL
    modifier_extension: msgspec.Raw = NULL
    implicit_rules: msgspec.Raw = NULL
    contained: msgspec.Raw = NULL


class _Bare(msgspec.Struct, rename="camel", frozen=True):
    """What is asked of a head that is not as FHIR says: above all, whose it is."""

    resource_type: msgspec.Raw = NULL
    id: msgspec.Raw = NULL
    subject: msgspec.Raw = NULL
    patient: msgspec.Raw = NULL


_PEEK = msgspec.json.Decoder(Peek)
_BARE = msgspec.json.Decoder(_Bare)
_WHOSE: msgspec.json.Decoder[Reference | list[Reference] | None] = msgspec.json.Decoder(
    Reference | list[Reference] | None
)
_TEXT: msgspec.json.Decoder[str | None] = msgspec.json.Decoder(str | None)


class RawResource(msgspec.Struct, frozen=True, gc=False):
    """One resource as it came. `fault`: why not even its head could be read, where that is so."""

    resource_type: str
    id: str | None
    full_url: str | None
    raw: bytes | msgspec.Raw
    peek: Peek
    fault: str | None = None

    @property
    def identity(self) -> str | None:
        """The id, or where a transaction has none yet, the one that the entry's fullUrl ends in."""
        if self.id is not None or self.full_url is None:
            return self.id
        named = _URL_ID.search(self.full_url)
        if named is None or named[1] not in {None, self.resource_type}:
            return None
        return named[2]

    @property
    def has_name(self) -> bool:
        """Whether the resource can be named: its id is there, and of a form fit to be shown."""
        return is_shown_id(self.identity)

    @property
    def name(self) -> str:
        """Type/id, or Type/? where the resource cannot be named."""
        return f"{self.resource_type}/{self.identity if self.has_name else '?'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Everything that came in for one evaluation, and what is known to be missing from it."""

    items: tuple[RawResource, ...] = ()
    incomplete: tuple[Incomplete, ...] = ()
    gaps: tuple[Gap, ...] = ()
    not_used: tuple[NotUsed, ...] = ()


def join(parts: Iterable[Resources]) -> Resources:
    """Put several parts of one record together, such as the prefetch values of a hook."""
    known = list(parts)
    return Resources(
        items=tuple(item for part in known for item in part.items),
        incomplete=tuple(entry for part in known for entry in part.incomplete),
        gaps=tuple(gap for part in known for gap in part.gaps),
        not_used=tuple(entry for part in known for entry in part.not_used),
    )


def look_at(raw: bytes | msgspec.Raw, full_url: str | None = None) -> RawResource | None:
    """Look at one resource: its type, its id, its patient. None for what names no type.

    A head that is not as FHIR says keeps the type, so that the fault can be told; nothing of such
    a resource is used.
    """
    try:
        peek = decode(_PEEK, raw)
        fault = None
    except UnreadableError as error:
        peek, fault = _bare(raw), str(error)
    named = peek.resource_type
    if named is None or (named not in RESOURCE_TYPES and _TYPE.fullmatch(named) is None):
        return None
    return name_resource(named, peek, raw, full_url, fault)


def name_resource(
    named: str,
    peek: Peek,
    raw: bytes | msgspec.Raw,
    full_url: str | None,
    fault: str | None = None,
) -> RawResource:
    """Put a resource together with its head, under the type that the rules know it by."""
    known_as = _DRAFT_NAMES.get(named, named)
    return RawResource(known_as, peek.id or None, full_url or None, raw, peek, fault)


def is_shown_id(identity: str | None) -> bool:
    """Whether an id has a form fit to be shown: FHIR's, and what servers use beyond it."""
    return _SAFE_ID.fullmatch(identity or "") is not None


def is_null(raw: msgspec.Raw) -> bool:
    """Whether a member is not there, or is null."""
    return raw is NULL or bytes(raw) == b"null"


def gap_name(resource_type: str) -> str:
    """Give the resource type as gaps name it: medicationRequest."""
    return resource_type[:1].lower() + resource_type[1:]


def partly_read(resource_type: str, because: str) -> tuple[Gap, Incomplete]:
    """Say that something of a resource type could not be read: as a gap, and as incomplete."""
    return Gap(gap_name(resource_type), because), Incomplete(
        resource_type=resource_type, completeness=Completeness.PARTLY_READ, because=because
    )


def _bare(raw: bytes | msgspec.Raw) -> Peek:
    try:
        bare = decode(_BARE, raw)
    except UnreadableError:
        return Peek()
    return Peek(
        resource_type=_text(bare.resource_type),
        id=_text(bare.id),
        subject=_whose(bare.subject),
        patient=_whose(bare.patient),
    )


def _whose(raw: msgspec.Raw) -> Reference | list[Reference] | None:
    try:
        return decode(_WHOSE, raw)
    except UnreadableError:
        return None


def _text(raw: msgspec.Raw) -> str | None:
    try:
        return decode(_TEXT, raw)
    except UnreadableError:
        return None
