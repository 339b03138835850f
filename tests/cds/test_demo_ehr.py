"""Can a client read the demo patients as from any FHIR server, and find what our prefetch asks?"""

from datetime import date
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from flask import Flask
from flask.testing import FlaskClient

from cds.demo_ehr.routes import PATH, demo_fhir_routes
from cds.error_answers import answer_with_outcome, register_error_answers
from cds.hooks.catalogue import build_catalogue
from cds.operations.request_log import register_request_log
from cds.settings import Settings
from rules.knowledge import Knowledge

TODAY = date(2027, 3, 1)


@pytest.fixture(scope="module")
def fhir() -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(demo_fhir_routes(Settings(), lambda: TODAY))
    return app.test_client()


def get(fhir: FlaskClient, path: str) -> dict[str, Any]:
    answer = fhir.get(f"{PATH}/{path}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/fhir+json"
    content: dict[str, Any] = answer.get_json()
    get_fhir_model_class(content["resourceType"]).model_validate(content)
    return content


def ids(bundle: dict[str, Any]) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle.get("entry", [])]


@pytest.mark.requirement("A5")
def test_the_server_says_what_it_is(fhir: FlaskClient) -> None:
    statement = get(fhir, "metadata")
    assert (statement["resourceType"], statement["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    assert statement["date"] == TODAY.isoformat()


def test_a_patient_is_read_by_the_name_of_the_demo_patient(fhir: FlaskClient) -> None:
    assert get(fhir, "Patient/C01")["id"] == "C01"


def test_the_patients_are_listed(fhir: FlaskClient) -> None:
    bundle = get(fhir, "Patient?_count=5")
    assert len(ids(bundle)) == 5
    assert bundle["total"] > 100


@pytest.mark.parametrize("query", ["name=vignette-c01", "_id=C01", "identifier=C01"])
def test_a_patient_is_found(fhir: FlaskClient, query: str) -> None:
    assert ids(get(fhir, f"Patient?{query}")) == ["C01"]


def test_resources_of_two_patients_keep_ids_of_their_own(fhir: FlaskClient) -> None:
    mine, other = (ids(get(fhir, f"Condition?patient={name}")) for name in ("C01", "C02"))
    assert mine
    assert other
    assert not set(mine) & set(other)


def test_a_reference_leads_to_what_it_names(fhir: FlaskClient) -> None:
    (first, *_) = get(fhir, "Condition?patient=Patient/C01")["entry"]
    assert first["resource"]["subject"]["reference"] == "Patient/C01"
    assert first["fullUrl"].endswith(f"{PATH}/Condition/{first['resource']['id']}")


@pytest.mark.requirement("PF-5")
def test_every_prefetch_query_is_answered(fhir: FlaskClient, knowledge: Knowledge) -> None:
    for service in build_catalogue(knowledge).values():
        for template in service.prefetch:
            query = template.query.replace("{{context.patientId}}", "C01")
            content = get(fhir, query)
            assert content["resourceType"] in {"Bundle", template.resource_type}
            assert template.key not in {"conditions", "medications", "markers"} or ids(content)


def test_dates_are_of_today(fhir: FlaskClient) -> None:
    results = get(fhir, "Observation?patient=C01&_sort=-date&_count=1")
    (entry,) = results["entry"]
    assert entry["resource"]["effectiveDateTime"] > "2027-01-01"


def test_the_newest_stands_first(fhir: FlaskClient) -> None:
    found = get(fhir, "Observation?patient=C01&_sort=-date")["entry"]
    days = [entry["resource"].get("effectiveDateTime", "") for entry in found]
    assert days == sorted(days, reverse=True)


@pytest.mark.requirement("E6")
def test_pages_follow_one_another(fhir: FlaskClient) -> None:
    whole = ids(get(fhir, "Observation?patient=C01"))
    path, collected = "Observation?patient=C01&_count=1", []
    while path:
        page = get(fhir, path)
        collected += ids(page)
        following = [each["url"] for each in page["link"] if each["relation"] == "next"]
        path = following[0].partition(f"{PATH}/")[2] if following else ""
    assert collected == whole
    assert len(whole) > 1


def test_a_search_may_be_posted(fhir: FlaskClient) -> None:
    answer = fhir.post(f"{PATH}/Condition/_search", data={"patient": "C01"})
    assert answer.status_code == 200
    assert ids(answer.get_json()) == ids(get(fhir, "Condition?patient=C01"))


@pytest.mark.requirement("CORS-1", "A5")
def test_the_public_sandbox_may_ask_from_its_page(client: FlaskClient) -> None:
    page = "https://sandbox.cds-hooks.org"
    asked = {
        "Origin": page,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = client.options(f"{PATH}/Condition/_search", headers=asked)
    answer = client.get(f"{PATH}/metadata", headers={"Origin": page})
    assert preflight.status_code == answer.status_code == 200
    for each in (preflight, answer):
        assert each.headers["Access-Control-Allow-Origin"] == page


def test_nothing_found_is_an_empty_bundle(fhir: FlaskClient) -> None:
    bundle = get(fhir, "Condition?patient=nobody")
    assert bundle["total"] == 0
    assert "entry" not in bundle


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("Patient/nobody", 404),
        ("Practitioner", 404),
        ("Condition?onset-date=2020", 400),
        ("Condition?patient=C01&_count=x", 400),
        ("Condition?patient=C01&_sort=-onset-date", 400),
    ],
)
def test_what_cannot_be_answered_is_refused(path: str, status: int) -> None:
    app = Flask(__name__)
    register_request_log(app)
    register_error_answers(app, answer_with_outcome)
    app.register_blueprint(demo_fhir_routes(Settings(), lambda: TODAY))
    assert app.test_client().get(f"{PATH}/{path}").status_code == status


def test_a_folder_with_other_files_is_no_fault(tmp_path: Any) -> None:
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text('{"resourceType": "Patient"}')
    app = Flask(__name__)
    app.register_blueprint(demo_fhir_routes(Settings(demo_patients=tmp_path), lambda: TODAY))
    assert app.test_client().get(f"{PATH}/Patient").get_json()["total"] == 0
