"""Which client systems may call, and what is agreed with each? One TOML table per client."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cds.settings import Profile, Settings, SettingsError, WebAddress

Mode = Literal["off", "silent", "live"]
Algorithm = Literal["ES256", "ES384", "RS256", "RS384", "PS256", "PS384"]

# The private key of this issuer is published with its source, so anyone can sign as it.
SANDBOX_ISSUER = "https://sandbox.cds-hooks.org"
# One issuer and one key set for every customer of the vendor: it names no organisation.
SHARED_ISSUERS = frozenset({"https://cds-hooks.cerner.com"})

_NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"
Text = Annotated[str, Field(min_length=1, max_length=500)]
Network = IPv4Network | IPv6Network


def _check_origin(origin: str) -> None:
    parts = urlsplit(origin)
    if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}":
        raise ValueError(f"cors_origins: must be scheme://host[:port], not {origin!r}")


class TrustedClient(BaseModel):
    """One client system. issuer and jwks_url are compared character by character.

    jwks_url, jwks_file: where its keys are. A relative file lies beside the registry; where both
    are given the file is read and the URL only compared. fhir_bases: the FHIR servers we may call
    for it; none means that it sends everything as prefetch. tenants: the `tenant` claims that are
    this organisation, for an issuer that signs for several. audiences: accepted beside the address
    called. prefetch_alias: our prefetch key to the key it uses. deadline_ms: for a whole answer;
    fetch_budget_ms: for its FHIR server. rate: calls a second; none means no limit. case_store:
    keep the facts of each evaluation for review. snooze_days: for how long a card on the same
    evidence is not shown again; override_snooze_days: the same after it was overridden; 0 means
    that it is shown every time. private_networks: where inside the organisation
    its FHIR servers may be, such as 10.20.0.0/16. ca_file: the certificates its servers are checked
    with, instead of the public ones. search_by_post: search with POST _search, so that no address
    holds the patient's id; not every server can.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: Annotated[str, Field(pattern=_NAME)]
    issuer: Text
    jwks_url: Text | None = None
    jwks_file: Path | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("ES384", "RS384")
    fhir_bases: tuple[WebAddress, ...] = ()
    cors_origins: tuple[Text, ...] = ()
    mode: Mode = "silent"
    tenants: frozenset[Text] = frozenset()
    audiences: frozenset[Text] = frozenset()
    prefetch_alias: dict[Text, Text] = Field(default_factory=dict)
    deadline_ms: Annotated[int, Field(ge=200, le=20_000)] = 1500
    fetch_budget_ms: Annotated[int, Field(ge=100, le=15_000)] = 1000
    clock_skew_s: Annotated[int, Field(ge=0, le=300)] = 60
    rate: Annotated[float, Field(gt=0)] | None = None
    case_store: bool = False
    snooze_days: Annotated[int, Field(ge=0, le=3650)] = 90
    override_snooze_days: Annotated[int, Field(ge=0, le=3650)] = 365
    private_networks: tuple[Network, ...] = ()
    ca_file: Path | None = None
    search_by_post: bool = False
    smart_links: tuple[WebAddress, ...] = ()
    allowed_links: tuple[WebAddress, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> "TrustedClient":
        if self.jwks_url is None and self.jwks_file is None:
            raise ValueError("needs jwks_url or jwks_file")
        if self.issuer in SHARED_ISSUERS and not (self.tenants and self.fhir_bases):
            raise ValueError("shares its issuer with others, so it needs tenants and fhir_bases")
        if self.fetch_budget_ms > self.deadline_ms:
            raise ValueError("fetch_budget_ms must not be longer than deadline_ms")
        for origin in self.cors_origins:
            _check_origin(origin)
        return self


# Who calls where profile demo runs without a registry: anybody on this machine. The web pages are
# the public Sandbox and one that is run beside this service.
DEMO_CLIENT = TrustedClient(
    name="demo",
    issuer="urn:demo",
    jwks_file=Path("none"),
    mode="live",
    case_store=True,
    snooze_days=0,  # whoever tries the service sends the same patient again and again
    override_snooze_days=0,
    cors_origins=(SANDBOX_ISSUER, "http://localhost:8080", "http://127.0.0.1:8080"),
)


@dataclass(frozen=True, slots=True)
class TrustedClients:
    """Every client of one deployment. Empty: none is trusted."""

    clients: tuple[TrustedClient, ...] = ()

    @property
    def origins(self) -> frozenset[str]:
        """The web origins of all clients; a preflight cannot say which client it is for."""
        return frozenset(origin for client in self.clients for origin in client.cors_origins)

    def of_issuer(self, issuer: str) -> tuple[TrustedClient, ...]:
        """Give the clients an issuer signs for: several where it names tenants."""
        return tuple(client for client in self.clients if client.issuer == issuer)


def clients_of(settings: Settings) -> tuple[TrustedClient, ...]:
    """Give the clients of a deployment: those of its registry, or anybody on this machine.

    Errors: SettingsError, as for load_trusted_clients.
    """
    if settings.trusted_clients is None:
        return (DEMO_CLIENT,)
    return load_trusted_clients(settings.trusted_clients, settings.profile).clients


def load_trusted_clients(path: Path, profile: Profile) -> TrustedClients:
    """Read the registry of trusted clients, and hold it against the profile.

    Errors: SettingsError, one sentence that names the file, the entry and the setting.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or 'cannot be read'}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from None
    tables = document.pop("client", None)
    if document or not isinstance(tables, dict) or not tables:
        raise SettingsError(f"{path}: must hold tables [client.NAME], at least one, and no other")
    clients = tuple(_read_client(path, name, table) for name, table in tables.items())
    for client in clients:
        _check_for_profile(path, client, profile)
    _check_shared_issuers(path, clients)
    return TrustedClients(clients)


def _read_client(path: Path, name: str, table: object) -> TrustedClient:
    if not isinstance(table, dict) or "name" in table:
        raise SettingsError(f"{path}: [client.{name}] must be a table without a name of its own")
    try:
        client = TrustedClient.model_validate({**table, "name": name})
    except ValidationError as error:
        # A misspelt name is also a missing one; the name that stands there is what to repair.
        faults = error.errors(include_url=False, include_input=False)
        first = min(faults, key=lambda fault: fault["type"] != "extra_forbidden")
        where = ".".join(str(part) for part in first["loc"])
        problem = first["msg"].removeprefix("Value error, ")
        raise _refusal(path, name, f"{where}: {problem}" if where else problem) from None
    files = {"jwks_file": client.jwks_file, "ca_file": client.ca_file}
    named = {setting: path.parent / file for setting, file in files.items() if file is not None}
    for setting, file in named.items():
        if not file.is_file():
            raise _refusal(path, name, f"{setting}: is not a file")
    return client.model_copy(update=named)


def _check_for_profile(path: Path, client: TrustedClient, profile: Profile) -> None:
    """Refuse what must not be trusted in this profile. Demo data stay on this machine."""
    if profile == "production" and client.issuer.rstrip("/") == SANDBOX_ISSUER:
        raise _refusal(path, client.name, "issuer: the key of the public Sandbox is public")
    if profile == "demo" and not all(map(is_loopback, client.fhir_bases)):
        raise _refusal(path, client.name, "fhir_bases: profile demo calls this machine only")
    addresses = [
        ("jwks_url", client.jwks_url),
        *(("fhir_bases", base) for base in client.fhir_bases),
        *(("cors_origins", origin) for origin in client.cors_origins),
    ]
    for setting, address in addresses:
        if address is None or address.startswith("https://"):
            continue
        if not address.startswith("http://") or profile == "production" or not is_loopback(address):
            raise _refusal(path, client.name, f"{setting}: must be an https address")


def _check_shared_issuers(path: Path, clients: Iterable[TrustedClient]) -> None:
    """Refuse clients that a call could not be told apart by."""
    known = list(clients)
    by_issuer = Counter(client.issuer for client in known)
    for client in known:
        if by_issuer[client.issuer] > 1 and not (client.tenants and client.fhir_bases):
            raise _refusal(
                path, client.name, "issuer: is shared, so tenants and fhir_bases are needed"
            )
    claimed = Counter((client.issuer, tenant) for client in known for tenant in client.tenants)
    for client in known:
        if any(claimed[client.issuer, tenant] > 1 for tenant in client.tenants):
            raise _refusal(path, client.name, "tenants: one stands in another entry too")


def is_loopback(address: str) -> bool:
    """Whether an address is on this machine, by its text alone: nothing is looked up."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _refusal(path: Path, name: str, fault: str) -> SettingsError:
    return SettingsError(f"{path}: [client.{name}] {fault}")
