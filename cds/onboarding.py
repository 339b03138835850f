"""What does a site need to know to connect one client? A page, from the running configuration."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from cds.ehr.jwt import MAX_LIFE_S
from cds.ehr.trusted_clients import TrustedClient
from cds.errors import ServiceError, every_error
from cds.hooks.cards import read_card_words
from cds.hooks.catalogue import HookService, build_catalogue
from cds.hooks.feedback import MAX_ENTRIES
from cds.hooks.wording import read_wording
from cds.settings import Settings
from cds.source_attributes import describe_source
from rules.knowledge import Knowledge

_SECONDS = 60
# What a client encodes when it puts a query into an address; the tokens must survive it.
_KEPT = "/?&=:{},$-._~"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefetchLine:
    """One prefetch query as a client has it. key: the client's own name for it."""

    key: str
    query: str
    required: bool
    resource_type: str

    @property
    def encoded(self) -> str:
        """The query with its signs escaped, for clients that do not escape them."""
        return quote(self.query, safe=_KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One status a caller can get, with the FHIR codes it comes with and what it is for."""

    status: int
    codes: tuple[str, ...]
    when: str


def write_onboarding(
    client: TrustedClient, settings: Settings, knowledge: Knowledge, *, signed: bool
) -> str:
    """Write the page of one client, as Markdown.

    signed: whether calls need a token, which they do wherever a registry is set.
    """
    services = tuple(build_catalogue(knowledge).values())
    return _template().render(
        client=client,
        settings=settings,
        knowledge=knowledge,
        services=services,
        signed=signed,
        addresses=_addresses(settings.public_url, services),
        lines={service.id: tuple(_lines(service, client)) for service in services},
        required=_required_types(services, client),
        words=read_card_words(),
        statuses=statuses(),
        max_life_minutes=MAX_LIFE_S // _SECONDS,
        max_feedback=MAX_ENTRIES,
        criteria=_criteria(knowledge),
        source=describe_source(services[0], knowledge, read_wording(), settings.evidence_page),
    )


def statuses() -> tuple[Status, ...]:
    """Give every status a caller can get, from the errors of the service."""
    by_status: dict[int, list[type[ServiceError]]] = {}
    for error in every_error():
        by_status.setdefault(error.status, []).append(error)
    return tuple(
        Status(
            status=status,
            codes=tuple(sorted({error.code for error in errors})),
            when=" ".join((error.__doc__ or "").partition("\n")[0] for error in errors),
        )
        for status, errors in sorted(by_status.items())
    )


def _addresses(base: str, services: tuple[HookService, ...]) -> Mapping[str, str]:
    """Give what `aud` must be for each address that takes a token, by what it is for."""
    calls = {service.hook: f"{base}/cds-services/{service.id}" for service in services}
    feedback = {f"feedback on {hook}": f"{address}/feedback" for hook, address in calls.items()}
    return {**calls, **feedback, "a Bundle": f"{base}/evaluate"}


def _lines(service: HookService, client: TrustedClient) -> Iterator[PrefetchLine]:
    for template in service.prefetch:
        yield PrefetchLine(
            key=client.prefetch_alias.get(template.key, template.key),
            query=template.query,
            required=template.required,
            resource_type=template.resource_type,
        )


def _required_types(services: tuple[HookService, ...], client: TrustedClient) -> Mapping[str, bool]:
    """Give the FHIR types that are asked for, and whether one service cannot do without."""
    found: dict[str, bool] = {}
    for service in services:
        for line in _lines(service, client):
            found[line.resource_type] = found.get(line.resource_type, False) or line.required
    return dict(sorted(found.items()))


def _criteria(knowledge: Knowledge) -> Mapping[str, Any]:
    """Give the numbers a site can filter by before it calls us."""
    value = knowledge.parameters
    return {
        "age": value["trd.min_age"].value,
        "trials": value["trd.min_failed_trials"].value,
        "days": value["trd.lookback_days"].value,
        "marker_days": value["marker.recency_days"].value,
    }


def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("cds"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown from our own configuration, for a file
    )
    return environment.get_template("onboarding.md.j2")
