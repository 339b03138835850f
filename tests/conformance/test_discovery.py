"""Does discovery keep CDS Hooks 2.0, and do the templates stay inside what its clients know?"""

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient

from cds.app import create_app
from cds.hooks.catalogue import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW, build_catalogue
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


@pytest.fixture(scope="module", params=[PATIENT_VIEW, ORDER_SELECT, ORDER_SIGN])
def service(document: Any, request: pytest.FixtureRequest) -> dict[str, Any]:
    (found,) = [each for each in document["services"] if each["id"] == request.param]
    return dict(found)


@pytest.fixture(scope="module")
def queries(service: dict[str, Any]) -> list[str]:
    return list(service["prefetch"].values())


REQUIRED = {
    PATIENT_VIEW: ["patient", "conditions", "medications", "markers"],
    ORDER_SELECT: ["patient", "conditions"],
    ORDER_SIGN: ["patient", "conditions"],
}


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
    told = {name: value for name, value in service.items() if name not in {"prefetch", "extension"}}
    assert set(told) == {"hook", "title", "description", "id", "version", "usageRequirements"}
    assert [name for name, value in told.items() if not isinstance(value, str) or not value] == []


@pytest.mark.requirement("DISC-9", "I@214", "I@215")
def test_a_service_says_where_its_source_attributes_are(service: dict[str, Any]) -> None:
    ((name, told),) = service["extension"].items()
    assert name == "com.trd-inflammation-cds.source-attributes"
    assert told["url"].endswith(f"/cds-services/{service['id']}/source-attributes")


@pytest.mark.requirement("DISC-12", "I@210", "I@211")
def test_every_service_has_an_id_of_its_own_and_one_hook(document: Any) -> None:
    assert [(each["id"], each["hook"]) for each in document["services"]] == [
        ("trd-inflammation-patient-view", "patient-view"),
        ("trd-inflammation-order-select", "order-select"),
        ("trd-inflammation-order-sign", "order-sign"),
    ]


@pytest.mark.requirement("I@16")
def test_the_service_answers_at_its_id(client: FlaskClient, service: dict[str, Any]) -> None:
    assert client.post(f"/cds-services/{service['id']}", json={}).status_code == 400


@pytest.mark.requirement("DISC-7", "I@11", "I@29", "I@36")
def test_every_template_has_a_key_and_is_a_query_string(service: dict[str, Any]) -> None:
    assert [key for key, query in service["prefetch"].items() if not isinstance(query, str)] == []


@pytest.mark.requirement("PF-9")
def test_there_are_at_most_ten_templates_and_the_required_ones_come_first(
    service: dict[str, Any],
) -> None:
    keys, required = list(service["prefetch"]), REQUIRED[service["id"]]
    assert len(keys) <= 10
    assert keys[: len(required)] == required


@pytest.mark.requirement("DISC-8")
def test_the_usage_requirements_name_the_required_keys(service: dict[str, Any]) -> None:
    assert f"keys: {', '.join(REQUIRED[service['id']])}." in service["usageRequirements"]


@pytest.mark.requirement(
    "PF-1", "PF-2", "PF-3", "PF-4", "CTX-4", "I@55", "I@56", "I@57", "I@59", "I@35"
)
def test_the_only_token_is_the_patient_of_the_context(queries: list[str]) -> None:
    assert {token for query in queries for token in TOKEN.findall(query)} == {"context.patientId"}


@pytest.mark.requirement("PF-5", "PF-6", "I@58")
def test_a_search_uses_nothing_a_client_of_2_0_does_not_know(queries: list[str]) -> None:
    names = {name for query in queries for name, _ in parameters(query)}
    assert names <= QUERY_NAMES


@pytest.mark.requirement("PF-7")
def test_the_patient_is_named_by_a_bare_id(queries: list[str]) -> None:
    read, *searches = queries
    assert read == "Patient/{{context.patientId}}"
    assert {dict(parameters(query))["patient"] for query in searches} == {"{{context.patientId}}"}


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
    service = build_catalogue(knowledge)[PATIENT_VIEW]
    asked = {template.key: template.codes for template in service.prefetch}
    read = {code for code, marker in knowledge.markers.items() if marker.to_mg_per_l}
    assert {code for code in read if code.system == "http://loinc.org"} <= asked["markers"]
    assert asked["markers"].isdisjoint(asked["scores"])


@pytest.mark.parametrize("service_id", REQUIRED)
def test_the_score_template_asks_for_every_total_and_item(
    service_id: str, knowledge: Knowledge
) -> None:
    service = build_catalogue(knowledge)[service_id]
    asked = {code for template in service.prefetch for code in template.codes}
    scales = [code for code in knowledge.scales_by_code if code.system == "http://loinc.org"]
    assert [code for code in scales if code not in asked] == []


@pytest.mark.requirement("GEN-2", "I@3")
def test_nothing_in_the_document_is_null_or_empty(client: FlaskClient) -> None:
    text = client.get("/cds-services").text
    assert [empty for empty in ("null", '""', "[]", "{}") if empty in text] == []
