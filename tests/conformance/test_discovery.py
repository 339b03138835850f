"""Does discovery keep CDS Hooks 2.0, and do the templates stay inside what its clients know?"""

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient

from cds.app import create_app
from cds.hooks.catalogue import build_catalogue
from cds.settings import Settings
from rules.knowledge import Knowledge

TOKEN = re.compile(r"\{\{(.*?)\}\}")
QUERY_NAMES = {"patient", "code", "_sort", "_count"}


@pytest.fixture(scope="module")
def client(knowledge: Knowledge) -> FlaskClient:
    return create_app(Settings(), knowledge=knowledge).test_client()


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> Any:
    return client.get("/cds-services").get_json()


@pytest.fixture(scope="module")
def service(document: Any) -> dict[str, Any]:
    (only,) = document["services"]
    return dict(only)


@pytest.fixture(scope="module")
def queries(service: dict[str, Any]) -> list[str]:
    return list(service["prefetch"].values())


def parameters(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query.partition("?")[2], keep_blank_values=True)


@pytest.mark.requirement("DISC-1", "DISC-2", "I@4", "I@5", "I@6", "I@13")
def test_discovery_is_a_get_that_answers_an_object_with_services(
    client: FlaskClient, document: Any
) -> None:
    assert client.get("/cds-services").status_code == 200
    assert list(document) == ["services"]


@pytest.mark.requirement("DISC-3", "DISC-4", "DISC-5", "DISC-6", "DISC-8", "DISC-10",
                         "I@7", "I@8", "I@9", "I@10", "I@12")  # fmt: skip
def test_a_service_says_what_it_is(service: dict[str, Any]) -> None:
    prefetch = service.pop("prefetch")
    assert prefetch
    assert set(service) == {"hook", "title", "description", "id", "version", "usageRequirements"}
    assert [
        name for name, value in service.items() if not isinstance(value, str) or not value
    ] == []
    service["prefetch"] = prefetch


@pytest.mark.requirement("I@16", "DISC-12")
def test_the_service_answers_at_its_id(client: FlaskClient, service: dict[str, Any]) -> None:
    assert service["id"] == "trd-inflammation-patient-view"
    assert client.post(f"/cds-services/{service['id']}", json={}).status_code == 400


@pytest.mark.requirement("DISC-7", "I@11", "I@29", "I@36")
def test_every_template_has_a_key_and_is_a_query_string(service: dict[str, Any]) -> None:
    assert [key for key, query in service["prefetch"].items() if not isinstance(query, str)] == []


@pytest.mark.requirement("PF-9")
def test_there_are_at_most_ten_templates_and_the_required_ones_come_first(
    service: dict[str, Any],
) -> None:
    keys = list(service["prefetch"])
    assert len(keys) <= 10
    assert keys[:4] == ["patient", "conditions", "medications", "markers"]


@pytest.mark.requirement("DISC-8")
def test_the_usage_requirements_name_the_required_keys(service: dict[str, Any]) -> None:
    assert "patient, conditions, medications, markers" in service["usageRequirements"]


@pytest.mark.requirement("PF-1", "PF-2", "PF-3", "PF-4", "I@55", "I@56", "I@57", "I@59")
def test_the_only_token_is_the_patient_of_the_context(queries: list[str]) -> None:
    assert {token for query in queries for token in TOKEN.findall(query)} == {"context.patientId"}


@pytest.mark.requirement("PF-5", "PF-6", "I@58")
def test_a_search_uses_nothing_a_client_of_2_0_does_not_know(queries: list[str]) -> None:
    names = {name for query in queries for name, _ in parameters(query)}
    assert names <= QUERY_NAMES


@pytest.mark.requirement("PF-8")
def test_no_parameter_stands_twice_in_a_template(queries: list[str]) -> None:
    repeated = [
        query for query in queries if len(parameters(query)) != len(dict(parameters(query)))
    ]
    assert repeated == []


@pytest.mark.requirement("PF-9")
def test_every_code_carries_its_system(queries: list[str]) -> None:
    codes = [dict(parameters(query)).get("code", "") for query in queries]
    listed = [code for text in codes for code in text.split(",") if code]
    assert listed
    assert [code for code in listed if not re.fullmatch(r"http://loinc\.org\|\d+-\d", code)] == []


def test_the_marker_template_asks_for_every_code_the_rule_reads_as_crp(
    knowledge: Knowledge,
) -> None:
    (service,) = build_catalogue(knowledge).values()
    asked = {template.key: template.codes for template in service.prefetch}
    read = {code for code, marker in knowledge.markers.items() if marker.to_mg_per_l}
    assert {code for code in read if code.system == "http://loinc.org"} <= asked["markers"]
    assert asked["markers"].isdisjoint(asked["scores"])


def test_the_score_template_asks_for_every_total_and_item(knowledge: Knowledge) -> None:
    (service,) = build_catalogue(knowledge).values()
    asked = {code for template in service.prefetch for code in template.codes}
    scales = [code for code in knowledge.scales_by_code if code.system == "http://loinc.org"]
    assert [code for code in scales if code not in asked] == []


@pytest.mark.requirement("GEN-2", "I@3")
def test_nothing_in_the_document_is_null_or_empty(client: FlaskClient) -> None:
    text = client.get("/cds-services").text
    assert [empty for empty in ("null", '""', "[]", "{}") if empty in text] == []
