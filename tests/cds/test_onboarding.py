"""Does the page of a client say what the service with that configuration really does?"""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cds.cli import main
from cds.ehr.trusted_clients import DEMO_CLIENT, TrustedClient
from cds.errors import every_error
from cds.hooks.cards import read_card_words
from cds.hooks.catalogue import build_catalogue
from cds.onboarding import statuses, write_onboarding
from cds.settings import LinkSetting, Settings
from rules.knowledge import Knowledge

BASE = "https://cds.example"
CLIENT = TrustedClient(
    name="ward",
    issuer="https://ehr.example",
    jwks_url="https://ehr.example/keys",
    algorithms=("RS384",),
    fhir_bases=("https://ehr.example/fhir",),
    cors_origins=("https://app.ehr.example",),
    tenants=frozenset({"tenant-1"}),
    audiences=frozenset({"https://other.example/hook"}),
    prefetch_alias={"markers": "item4"},
    deadline_ms=1700,
    fetch_budget_ms=1100,
    clock_skew_s=45,
    rate=7,
)
REGISTRY = """
[client.ward]
issuer = "https://ehr.example"
jwks_file = "keys.json"
[client.clinic]
issuer = "https://clinic.example"
jwks_file = "keys.json"
"""


def page_of(client: TrustedClient, knowledge: Knowledge, *, signed: bool = True) -> str:
    settings = Settings(
        public_url=BASE, links=(LinkSetting(label="x", url="https://links.example/y"),)
    )
    return write_onboarding(client, settings, knowledge, signed=signed)


@pytest.fixture(scope="module")
def page(knowledge: Knowledge) -> str:
    return page_of(CLIENT, knowledge)


@pytest.mark.requirement("A9")
def test_the_page_has_its_ten_points(page: str) -> None:
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert [heading[3:].partition(".")[0] for heading in headings] == [str(n) for n in range(1, 11)]


def test_every_query_stands_there_to_be_copied_under_the_clients_own_key(
    page: str, knowledge: Knowledge
) -> None:
    for service in build_catalogue(knowledge).values():
        for template in service.prefetch:
            key = CLIENT.prefetch_alias.get(template.key, template.key)
            assert f'  "{key}": "{template.query}"' in page
            assert f"\n{key}  {template.query}\n" in page
    assert "markers  " not in page


def test_an_escaped_query_keeps_its_tokens_and_loses_its_bars(page: str) -> None:
    escaped = [line for line in page.splitlines() if "%7C" in line]
    assert escaped
    assert all("{{context.patientId}}" in line and "|" not in line for line in escaped)


@pytest.mark.parametrize(
    "fact",
    [
        "| `iss` | `https://ehr.example` |",
        "| `jku` | `https://ehr.example/keys`, or none |",
        "| `alg` | RS384 |",
        "at most 20 minutes apart; 45 s of skew",
        "| `tenant` | one of tenant-1 |",
        f"| patient-view | `{BASE}/cds-services/trd-inflammation-patient-view` |",
        f"| feedback on order-sign | `{BASE}/cds-services/trd-inflammation-order-sign/feedback` |",
        f"| a Bundle | `{BASE}/evaluate` |",
        "| any of them, besides | `https://other.example/hook` |",
        "- `https://ehr.example/fhir`",
        "| Observation | `patient/Observation.read` | `patient/Observation.rs` | yes |",
        "- `https://links.example/y`",
        f"- `{BASE}/evidence`",
        "| deadline for a whole answer | 1700 ms |",
        "| of it at most for the FHIR server | 1100 ms |",
        "| calls a second | 7.0,",
        "`https://app.ehr.example`",
        "**silent**",
    ],
)
def test_the_page_states_what_is_agreed_with_this_client(fact: str, page: str) -> None:
    assert fact in page


def test_the_page_names_every_topic_override_reason_and_status(page: str) -> None:
    words = read_card_words()
    assert all(f"| `{topic.code}` |" in page for topic in words.topics.values())
    assert all(f"| `{each.code}` | `{each.system}` |" in page for each in words.override_reasons)
    assert {each.status for each in statuses()} == {error.status for error in every_error()}
    assert all(f"\n| {each.status} | " in page for each in statuses())


def test_a_client_without_fhir_servers_is_told_that_none_is_called(knowledge: Knowledge) -> None:
    page = page_of(CLIENT.model_copy(update={"fhir_bases": ()}), knowledge)
    assert "This client sends everything as prefetch" in page
    assert "patient/Observation" not in page


def test_where_nobody_signs_no_token_is_shown(knowledge: Knowledge) -> None:
    page = page_of(DEMO_CLIENT, knowledge, signed=False)
    assert "no call is signed" in page
    assert "Bearer" not in page
    assert "urn:demo" not in page


def test_no_table_row_of_the_page_is_torn(page: str) -> None:
    in_code = False
    for line in page.splitlines():
        in_code ^= line.startswith("```")
        assert in_code or not line.startswith("|") or line.endswith("|"), line


def test_the_command_writes_one_client_or_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keys.json").write_text('{"keys": []}', encoding="utf-8")
    (tmp_path / "clients.toml").write_text(REGISTRY, encoding="utf-8")
    monkeypatch.setenv("TRD_CDS_TRUSTED_CLIENTS", str(tmp_path / "clients.toml"))
    one = CliRunner().invoke(main, ["onboarding", "--client", "clinic"])
    assert (one.exit_code, one.output.count("# Connect clinic")) == (0, 1)
    every = CliRunner().invoke(main, ["onboarding"])
    assert "# Connect ward" in every.output
    assert "# Connect clinic" in every.output


def test_the_command_names_the_clients_it_knows() -> None:
    told = CliRunner().invoke(main, ["onboarding", "--client", "nobody"])
    assert told.exit_code == 2
    assert told.stderr == "trd-cds: --client: is not in the registry; known are demo\n"


def test_a_registry_that_stops_the_start_stops_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clients.toml").write_text("[client.ward]\n", encoding="utf-8")
    monkeypatch.setenv("TRD_CDS_TRUSTED_CLIENTS", str(tmp_path / "clients.toml"))
    told = CliRunner().invoke(main, ["onboarding"])
    assert told.exit_code == 2
    assert "[client.ward]" in told.stderr
