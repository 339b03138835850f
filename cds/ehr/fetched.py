"""What came back from a FHIR server? Pages put together, and in one word what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from cds.errors import ServiceError
from cds.strict_json import check_json

_NEXT = "next"


class Problem(StrEnum):
    """Why something could not be had. For counts and for the answer; never with an address."""

    TIMEOUT = "timeout"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    BUSY = "busy"
    SERVER_ERROR = "server_error"
    NOT_FHIR = "not_fhir"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    FOREIGN_PAGE = "foreign_page"
    UNREACHABLE = "unreachable"


class FetchError(Exception):
    """One request brought nothing that can be used."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One thing to fetch. key: the prefetch key it answers. path: relative to the FHIR base.

    start: a page of it that the client sent, from which the rest is fetched.
    """

    key: str
    path: str
    start: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a query brought. value: a resource or one Bundle of all pages; None where nothing came.

    problem: why nothing came, or why the pages end early. A Bundle that ends early keeps its link
    to the next page, so that its reader takes it for incomplete.
    """

    value: bytes | None
    problem: Problem | None = None


class _Link(msgspec.Struct, frozen=True):
    relation: str | None = None
    url: str | None = None


class Page(msgspec.Struct, rename="camel", frozen=True):
    """One page of an answer, its entries not yet read."""

    resource_type: str
    type: str | None = None
    total: msgspec.Raw = msgspec.Raw(b"null")
    link: list[_Link] | None = None
    entry: list[msgspec.Raw] | None = None

    @property
    def next_url(self) -> str | None:
        """The address of the next page; None on the last."""
        links = (link.url for link in self.link or () if link.relation == _NEXT)
        return next((url for url in links if url), None)


class _Head(msgspec.Struct, rename="camel", frozen=True):
    resource_type: str


class _Whole(msgspec.Struct, rename="camel", omit_defaults=True):
    resource_type: str
    type: str | None = None
    total: msgspec.Raw | None = None
    link: list[_Link] | None = None
    entry: list[msgspec.Raw] | None = None


_PAGE = msgspec.json.Decoder(Page)
_HEAD = msgspec.json.Decoder(_Head)
_ENCODER = msgspec.json.Encoder()


def read_page(body: bytes) -> Page | None:
    """Read a searchset Bundle without its entries; None for a resource of another type.

    Errors: FetchError for what is not strict JSON, no resource, or the server's own complaint.
    """
    try:
        checked = check_json(body)
        resource_type = _HEAD.decode(checked).resource_type
        if resource_type == "Bundle":
            return _PAGE.decode(checked)
    except (ServiceError, msgspec.DecodeError):
        raise FetchError(Problem.NOT_FHIR) from None
    if resource_type == "OperationOutcome":
        raise FetchError(Problem.SERVER_ERROR)
    return None


def put_together(pages: Sequence[Page]) -> bytes:
    """Write several pages as one Bundle, with a link to the next page where one is left."""
    first, last = pages[0], pages[-1]
    entries = [entry for page in pages for entry in page.entry or ()]
    left = [_Link(_NEXT, last.next_url)] if last.next_url else None
    total = None if bytes(first.total) == b"null" else first.total
    return _ENCODER.encode(_Whole("Bundle", first.type, total, left, entries or None))
