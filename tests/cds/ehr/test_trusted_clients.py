"""Is a client trusted only as it was agreed, and does a wrong entry stop the start by its name?"""

from pathlib import Path

import pytest

from cds.ehr.trusted_clients import SANDBOX_ISSUER, TrustedClients, load_trusted_clients
from cds.settings import SettingsError

EHR = """
[client.main-ehr]
issuer = "https://fhir.hospital.example/R4"
jwks_url = "https://fhir.hospital.example/keys"
algorithms = ["RS384"]
fhir_bases = ["https://fhir.hospital.example/R4"]
"""
SHARED = """
[client.{name}]
issuer = "https://cds-hooks.cerner.com"
jwks_url = "https://authorization.cerner.com/jwk"
fhir_bases = ["https://fhir.{name}.example/r4"]
tenants = ["{tenant}"]
"""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    (tmp_path / "keys.json").write_text('{"keys": []}')
    return tmp_path / "clients.toml"


def load(registry: Path, text: str, profile: str = "production") -> TrustedClients:
    registry.write_text(text)
    return load_trusted_clients(registry, profile)  # type: ignore[arg-type]


def refused(registry: Path, text: str, profile: str = "production") -> str:
    with pytest.raises(SettingsError) as caught:
        load(registry, text, profile)
    message = str(caught.value)
    assert message.startswith(str(registry))
    assert "\n" not in message
    return message


@pytest.mark.requirement("B6")
def test_a_new_client_starts_silent(registry: Path) -> None:
    (client,) = load(registry, EHR).clients
    assert (client.name, client.mode) == ("main-ehr", "silent")


def test_a_key_file_lies_beside_the_registry(registry: Path) -> None:
    text = EHR.replace('jwks_url = "https://fhir.hospital.example/keys"', 'jwks_file = "keys.json"')
    (client,) = load(registry, text).clients
    assert client.jwks_file == registry.parent / "keys.json"


def test_clients_are_found_by_their_issuer_and_by_no_part_of_it(registry: Path) -> None:
    clients = load(registry, EHR)
    assert [each.name for each in clients.of_issuer("https://fhir.hospital.example/R4")] == [
        "main-ehr"
    ]
    assert clients.of_issuer("https://fhir.hospital.example/R4/") == ()


def test_a_preflight_is_answered_from_the_origins_of_all(registry: Path) -> None:
    other = EHR.replace("main-ehr", "other").replace("hospital", "other")
    text = f'{EHR}cors_origins = ["https://ehr.example"]\n{other}cors_origins = ["https://b.example:8443"]\n'
    assert load(registry, text).origins == {"https://ehr.example", "https://b.example:8443"}


@pytest.mark.requirement("D19")
def test_a_shared_issuer_may_serve_two_organisations_with_tenants(registry: Path) -> None:
    text = SHARED.format(name="north", tenant="n1") + SHARED.format(name="south", tenant="s1")
    clients = load(registry, text)
    assert [each.name for each in clients.of_issuer("https://cds-hooks.cerner.com")] == [
        "north",
        "south",
    ]


@pytest.mark.requirement("D7", "D19", "D23", "A1")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("issuer =", "isuer ="), "isuer"),
        (("https://fhir.hospital.example/R4", SANDBOX_ISSUER), "issuer"),
        (("https://fhir.hospital.example/keys", "http://fhir.hospital.example/keys"), "jwks_url"),
        (("https://fhir.hospital.example/keys", "http://127.0.0.1/keys"), "jwks_url"),
        (('"https://fhir.hospital.example/R4"]', '"http://fhir.hospital.example"]'), "fhir_bases"),
        (("RS384", "HS256"), "algorithms"),
        (("RS384", "none"), "algorithms"),
        (('["RS384"]', "[]"), "algorithms"),
        (("jwks_url", "jwks_file"), "jwks_file"),
        (('jwks_url = "https://fhir.hospital.example/keys"', ""), "jwks_url or jwks_file"),
        (("algorithms", 'cors_origins = ["*"]\nalgorithms'), "cors_origins"),
        (("algorithms", 'cors_origins = ["https://a.example/"]\nalgorithms'), "cors_origins"),
        (("algorithms", 'cors_origins = ["http://a.example"]\nalgorithms'), "cors_origins"),
        (("algorithms", 'mode = "on"\nalgorithms'), "mode"),
        (("algorithms", "deadline_ms = 500\nalgorithms"), "fetch_budget_ms"),
        (("algorithms", "rate = 0\nalgorithms"), "rate"),
        (("algorithms", 'ca_file = "none.pem"\nalgorithms'), "ca_file"),
        (("algorithms", 'private_networks = ["10.0.0.1/8"]\nalgorithms'), "private_networks"),
        (("algorithms", 'name = "other"\nalgorithms'), "name"),
        (("https://fhir.hospital.example/R4", "https://cds-hooks.cerner.com"), "tenants"),
    ],
)
def test_a_wrong_entry_is_named(registry: Path, change: tuple[str, str], named: str) -> None:
    message = refused(registry, EHR.replace(*change, 1))
    assert "[client.main-ehr]" in message
    assert named in message


@pytest.mark.parametrize(
    "text",
    ["", "client = 3", "[server.a]\nissuer = 'x'", EHR + "[other]\na = 1", "[client", "a=\0"],
)
def test_what_is_no_registry_is_refused(registry: Path, text: str) -> None:
    refused(registry, text)


def test_a_registry_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load_trusted_clients(tmp_path / "none.toml", "production")


@pytest.mark.requirement("D19")
def test_a_tenant_belongs_to_one_organisation(registry: Path) -> None:
    text = SHARED.format(name="north", tenant="n1") + SHARED.format(name="south", tenant="n1")
    assert "tenants" in refused(registry, text)


@pytest.mark.requirement("D19")
def test_two_clients_of_one_issuer_need_tenants(registry: Path) -> None:
    assert "tenants" in refused(registry, EHR + EHR.replace("main-ehr", "second"))


@pytest.mark.requirement("D7")
def test_the_demo_calls_no_server_but_on_this_machine(registry: Path) -> None:
    assert "fhir_bases" in refused(registry, EHR, "demo")


def test_the_demo_takes_the_sandbox_and_plain_http_on_this_machine(registry: Path) -> None:
    text = f"""
[client.sandbox]
issuer = "{SANDBOX_ISSUER}"
jwks_file = "keys.json"
fhir_bases = ["http://127.0.0.1:9000/fhir", "http://localhost:9000/fhir"]
cors_origins = ["http://localhost:8080"]
"""
    (client,) = load(registry, text, "demo").clients
    assert len(client.fhir_bases) == 2
