"""Does everything an integrator copies from docs/integration work, and is it current?"""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cds import clock
from cds.ehr.trusted_clients import TrustedClient, load_trusted_clients
from cds.hooks.catalogue import CDS_HOOKS_VERSION, build_catalogue
from rules.knowledge import Knowledge
from tests.repository.test_examples import (
    BIN,
    ON_PAGES,
    Example,
    Service,
    examples,
    needs_curl,
    run,
    serving,
)
from tests.repository.tree import ROOT, read
from tests.support.signing import Signer, ec_key, key_set, public_jwk, rsa_key
from tools.write_integration_pages import REGISTRIES, integration_pages

FOLDER = ROOT / "docs" / "integration"
KEYS_IN = "var/my-ehr"
ADDRESS = re.compile(r"https?://[\w.:]+/[\w/-]+")
EXPECTED = {"A card (200)": 200, "No card is due (200)": 200, "Required data is missing (412)": 412}
CLIENTS = [
    (registry, client)
    for registry, settings in REGISTRIES.items()
    for client in load_trusted_clients(registry, settings.profile).clients
]


def test_the_pages_of_the_example_clients_are_current(knowledge: Knowledge) -> None:
    pages = integration_pages(knowledge)
    stale = [path.name for path, page in pages.items() if path.read_text("utf-8") != page]
    assert stale == [], "run: make docs"
    assert {path.name for path in FOLDER.glob("*.md")} == {path.name for path in pages} | {
        "README.md"
    }


def test_the_page_names_every_key_of_the_registry() -> None:
    table = read("docs/integration/README.md").partition("## The registry")[2].partition("\n## ")[0]
    named = {name for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
             for name in re.findall(r"`(\w+)`", row)}  # fmt: skip
    assert named == set(TrustedClient.model_fields) - {"name"}


@pytest.mark.requirement("A11")
def test_the_page_says_what_is_supported_hook_by_hook(knowledge: Knowledge) -> None:
    page = read("docs/integration/README.md")
    supported = page.partition("## What is supported")[2].partition("\n## ")[0]
    assert all(f"`{each.hook}`" in supported for each in build_catalogue(knowledge).values())
    assert f"discovery says {CDS_HOOKS_VERSION}" in supported
    assert ", ".join(TrustedClient.model_fields["algorithms"].default) in supported


@pytest.mark.parametrize("name", ["clients.toml", "sandbox.toml"])
def test_the_key_sets_of_the_examples_hold_public_keys_only(name: str) -> None:
    tables = tomllib.loads(read(f"fixtures/clients/{name}"))["client"].values()
    for file in {table["jwks_file"] for table in tables if "jwks_file" in table}:
        keys = json.loads(read(f"fixtures/clients/{file}"))["keys"]
        assert keys
        assert all(key.keys() & {"d", "p", "q", "k"} == set() for key in keys)


# The calls of the page docs/integration/README.md.


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("demo")) as service:
        yield service


@pytest.fixture(scope="module")
def own_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Service]]:
    """Run the service with the registry that the page makes."""
    keys = tmp_path_factory.mktemp("keys")
    command = [str(BIN / "python"), "-m", "tools.example_client", "keys", str(keys)]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own tool
    folder = tmp_path_factory.mktemp("signed")
    with serving(folder, trusted_clients=str(keys / "clients.toml")) as service:
        yield keys, service


def own_examples() -> list[Example]:
    return examples("docs/integration/README.md", read("docs/integration/README.md"))


def is_signed(example: Example) -> bool:
    return KEYS_IN in example.script or "401" in example.shown


@needs_curl
@pytest.mark.parametrize(
    "example", [each for each in own_examples() if not is_signed(each)], ids=lambda each: each.name
)
def test_a_call_without_keys_works_in_the_demo(example: Example, demo: Service) -> None:
    written = run(example.script, demo)
    for answer in written.splitlines():
        assert json.loads(answer).get("resourceType") != "OperationOutcome"


@needs_curl
@pytest.mark.parametrize(
    "example", [each for each in own_examples() if is_signed(each)], ids=lambda each: each.name
)
def test_a_signed_call_works_with_the_registry_of_the_page(
    example: Example, own_client: tuple[Path, Service], tmp_path: Path
) -> None:
    keys, service = own_client
    makes_keys = "example_client keys" in example.script
    folder = tmp_path / "again" if makes_keys else keys
    written = run(example.script.replace(KEYS_IN, str(folder)), service)
    if makes_keys:
        assert tomllib.loads(written)["client"].keys() == {"my-ehr"}
    elif example.shown:
        assert written == example.shown
    else:
        assert len(json.loads(written)["cards"]) == 1


def test_the_page_starts_the_service_with_the_registry_it_made() -> None:
    assert f"TRD_CDS_TRUSTED_CLIENTS={KEYS_IN}/clients.toml" in read("docs/integration/README.md")


# The calls of the generated pages, signed with keys of the test instead of the client's own.


def signer_of(client: TrustedClient) -> Signer:
    algorithm = client.algorithms[0]
    key = rsa_key(client.name) if algorithm.startswith("RS") else ec_key(client.name)
    return Signer(client.issuer, clock.now(), key, "test-1", algorithm)


def with_keys_of_the_test(registry: Path, folder: Path) -> Path:
    """Copy a registry, with our keys in place of the clients'."""
    document = tomllib.loads(registry.read_text("utf-8"))["client"]
    lines: list[str] = []
    for client in (each for of, each in CLIENTS if of == registry):
        (folder / f"{client.name}.json").write_bytes(
            key_set(public_jwk(signer_of(client).key, "test-1"))
        )
        table = {**document[client.name], "jwks_file": f"{client.name}.json"}
        alias = table.pop("prefetch_alias", {})
        table.pop("jwks_url", None)
        lines += [f"[client.{client.name}]", *_members(table)]
        lines += [f"[client.{client.name}.prefetch_alias]", *_members(alias)] if alias else []
    copy = folder / "clients.toml"
    copy.write_text("\n".join(lines), encoding="utf-8")
    return copy


def _members(table: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {json.dumps(value)}" for name, value in table.items()]


@pytest.fixture(scope="module")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[Path, Service]]:
    """Run the service with each of the example registries."""
    first, second = REGISTRIES
    folders = {each: tmp_path_factory.mktemp(each.stem) for each in REGISTRIES}

    def settings(registry: Path) -> dict[str, str]:
        return {
            "trusted_clients": str(with_keys_of_the_test(registry, folders[registry])),
            "profile": REGISTRIES[registry].profile,
            "public_url": REGISTRIES[registry].public_url,
            "pseudonym_key": "a-key-of-this-test-and-of-no-other",
        }

    with (
        serving(folders[first], **settings(first)) as of_first,
        serving(folders[second], **settings(second)) as of_second,
    ):
        yield {first: of_first, second: of_second}


@needs_curl
@pytest.mark.requirement("A9")
@pytest.mark.parametrize(
    ("registry", "client"), CLIENTS, ids=lambda each: getattr(each, "name", "")
)
def test_every_call_of_a_generated_page_gets_the_status_that_stands_above_it(
    registry: Path, client: TrustedClient, connected: Mapping[Path, Service]
) -> None:
    page = read(f"docs/integration/{client.name}.md")
    shown = re.findall(
        r"^([A-Z][^\n]+ \(\d{3}\)):\n\n```sh\n(.*?)```", page, re.MULTILINE | re.DOTALL
    )
    assert {title for title, _ in shown} == {*EXPECTED, "Feedback (200)"}
    base = REGISTRIES[registry].public_url
    for title, script in shown:
        (address,) = [each for each in ADDRESS.findall(script) if each.startswith(base)]
        tenant = next(iter(client.tenants), None)
        header = signer_of(client).header(address, tenant=tenant)
        token = f"TOKEN={header.removeprefix('Bearer ')}"
        told = script.replace(base, ON_PAGES).replace("curl -sS", "curl -sS -w '\\n%{http_code}'")
        body, _, status = run(f"{token}\n{told}", connected[registry]).rpartition("\n")
        assert int(status) == EXPECTED.get(title, 200), (title, body)
        if title == "A card (200)":
            assert len(json.loads(body)["cards"]) == (1 if client.mode == "live" else 0)
