"""What does a prefetch leave out that the client's FHIR server can tell?

Templates without an answer, the pages after the first, and medications that are named only.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

import msgspec

from cds.ehr.fetched import Fetched, FetchError, Problem, Query, read_page
from cds.ehr.fhir_client import FhirAccess
from cds.ehr.trusted_clients import TrustedClient
from cds.errors import NotAllowed
from cds.hooks.catalogue import HookService, PrefetchTemplate
from cds.hooks.prefetch import find_unanswered
from cds.hooks.request import HookRequest

MAX_MEDICATIONS = 60

_TOKEN = "{{context.patientId}}"  # noqa: S105 - a token of a template, not a secret
# A reference to a Medication of the same server, by type and id, with or without an address.
_MEDICATION = re.compile(rb'"reference"\s*:\s*"(?:[^"]*/)?Medication/([A-Za-z0-9.-]{1,64})"')


class Fetcher(Protocol):
    """Asks a client's FHIR server, as `FhirClient` does."""

    def fetch(
        self, client: TrustedClient, access: FhirAccess, queries: Iterable[Query], budget_s: float
    ) -> Mapping[str, Fetched]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """The prefetch with what was fetched. problems: by key, why something could not be had."""

    values: Mapping[str, bytes]
    problems: Mapping[str, Problem] = field(default_factory=dict)


def read_access(call: HookRequest, client: TrustedClient) -> FhirAccess | None:
    """Say where this call lets us fetch; None where it gives no token, or nothing was agreed.

    Errors: NotAllowed for a server that is not on the client's list, with or without a token.
    """
    if not client.fhir_bases or call.fhir_server is None:
        return None
    base = call.fhir_server.rstrip("/")
    if base not in client.fhir_bases:
        raise NotAllowed("fhirServer is not one that was agreed with this client.")
    return None if call.fhir_token is None else FhirAccess(base, call.fhir_token)


def rename_keys(values: Mapping[str, bytes], alias: Mapping[str, str]) -> Mapping[str, bytes]:
    """Give the prefetch under our keys. alias: our key to the one the client uses."""
    ours = {theirs: key for key, theirs in alias.items()}
    return {ours.get(key, key): value for key, value in values.items()}


def complete(  # noqa: PLR0913 - one call, and all that bears on it
    call: HookRequest,
    *,
    service: HookService,
    client: TrustedClient,
    access: FhirAccess | None,
    fetcher: Fetcher,
    budget_s: float,
) -> Completed:
    """Fetch what the prefetch does not hold, all at once; without access give it as it is.

    Errors: InvalidRequest where a key of ours holds something that is no resource.
    """
    values = dict(rename_keys(call.prefetch, client.prefetch_alias))
    if access is None:
        return Completed(values=values)
    queries = [
        *_unfollowed(values, service.prefetch),
        *(_ask_for(each, call) for each in find_unanswered(values, service.prefetch)),
        *_medications(values.values()),
    ]
    if not queries:
        return Completed(values=values)
    fetched = fetcher.fetch(client, access, queries, budget_s)
    needed_whole = {
        template.key for template in service.prefetch if template.required
    } - values.keys()
    values |= {
        key: each.value
        for key, each in fetched.items()
        # Of what is required, and all of which was ours to fetch, a part is not enough.
        if each.value is not None and not (key in needed_whole and each.problem)
    }
    problems = {key: each.problem for key, each in fetched.items() if each.problem is not None}
    return Completed(values=values, problems=problems)


def _ask_for(template: PrefetchTemplate, call: HookRequest) -> Query:
    patient = quote(call.context.patient_id, safe="")
    return Query(key=template.key, path=template.query.replace(_TOKEN, patient))


def _unfollowed(
    values: Mapping[str, bytes], templates: Iterable[PrefetchTemplate]
) -> Iterable[Query]:
    """Name the searches of which the client sent one page and a link to the next."""
    for template in templates:
        value = values.get(template.key, b"")
        if b'"next"' in value and _has_next(value):
            yield Query(key=template.key, path="", start=value)


def _has_next(value: bytes) -> bool:
    try:
        page = read_page(value)
    except FetchError:
        return False
    return page is not None and page.next_url is not None


def _medications(values: Iterable[bytes]) -> Iterable[Query]:
    """Name the Medication resources that orders point to and that were not sent."""
    named: set[str] = set()
    sent: set[str] = set()
    for value in values:
        if b"Medication/" in value:
            named |= {found.decode("ascii") for found in _MEDICATION.findall(value)}
            sent |= _sent_medications(value)
    for identity in sorted(named - sent)[:MAX_MEDICATIONS]:
        yield Query(key=f"Medication/{identity}", path=f"Medication/{identity}")


class _Resource(msgspec.Struct, rename="camel", frozen=True):
    resource_type: str | None = None
    id: str | None = None


class _Entry(msgspec.Struct, frozen=True):
    resource: _Resource | None = None


class _Value(msgspec.Struct, rename="camel", frozen=True):
    resource_type: str | None = None
    id: str | None = None
    entry: list[_Entry] | None = None


def _sent_medications(value: bytes) -> set[str]:
    try:
        opened = msgspec.json.decode(value, type=_Value | None)
    except msgspec.DecodeError:
        return set()  # said by whoever reads the value
    if opened is None:
        return set()
    inside = [entry.resource for entry in opened.entry or () if entry.resource]
    found = [(opened.resource_type, opened.id), *((each.resource_type, each.id) for each in inside)]
    return {identity for kind, identity in found if kind == "Medication" and identity}
