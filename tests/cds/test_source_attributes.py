"""Do the source attributes say what the law lists, and what the running service really reads?"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds.app import create_app
from cds.hooks.catalogue import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW, build_catalogue
from cds.hooks.wording import read_wording
from cds.settings import Settings
from cds.source_attributes import describe_source, read_words
from rules.knowledge import Knowledge
from tests.cds.pages import Page
from tests.conformance.schemas import faults_of
from tests.support.variants import with_parameters
from tests.support.vignette import vignettes

SERVICES = (PATIENT_VIEW, ORDER_SELECT, ORDER_SIGN)
KEYS = [
    "bibliographicCitation",
    "developer",
    "fundingSource",
    "releaseAndRevisionDates",
    "useOfRace",
    "useOfEthnicity",
    "useOfLanguage",
    "useOfSexualOrientation",
    "useOfGenderIdentity",
    "useOfSex",
    "useOfDateOfBirth",
    "useOfSocialDeterminants",
    "useOfHealthStatusAssessments",
]
USED = {"useOfDateOfBirth", "useOfHealthStatusAssessments"}


def address(service: str) -> str:
    return f"/cds-services/{service}/source-attributes"


@pytest.fixture(scope="module", params=SERVICES)
def told(client: FlaskClient, request: pytest.FixtureRequest) -> dict[str, Any]:
    response = client.get(address(request.param))
    assert response.status_code == 200
    return dict(response.get_json())


@pytest.fixture(scope="module")
def page(client: FlaskClient) -> Page:
    return Page(client.get("/source-attributes").text)


def test_the_13_attributes_stand_in_the_order_of_the_law(told: dict[str, Any]) -> None:
    assert [each["key"] for each in told["attributes"]] == KEYS
    assert told["regulation"] == "45CFR170.315(b)(11)(iv)(A)@HTI-1"


def test_each_use_is_answered_with_yes_or_no(told: dict[str, Any]) -> None:
    used = {each["key"]: each.get("used") for each in told["attributes"]}
    assert used == {key: (key in USED if key.startswith("useOf") else None) for key in KEYS}


def test_the_answer_keeps_its_published_schema(told: dict[str, Any]) -> None:
    assert faults_of("source-attributes", told) == []


@pytest.mark.parametrize("member", ["attributes", "intendedUse", "inputs", "validation", "logic"])
def test_the_schema_refuses_an_answer_without_a_part(told: dict[str, Any], member: str) -> None:
    assert faults_of("source-attributes", {k: v for k, v in told.items() if k != member}) != []


def test_every_reference_of_the_ledger_is_cited(told: dict[str, Any], knowledge: Knowledge) -> None:
    assert len(told["attributes"][0]["references"]) == len(knowledge.evidence.references)


@pytest.mark.parametrize("service", SERVICES)
def test_the_inputs_are_what_discovery_asks_for(
    client: FlaskClient, knowledge: Knowledge, service: str
) -> None:
    inputs = client.get(address(service)).get_json()["inputs"]
    asked = build_catalogue(knowledge)[service].prefetch
    assert [(each["key"], each["required"]) for each in inputs] == [
        (template.key, template.required) for template in asked
    ]
    assert [len(each.get("codes", ())) for each in inputs] == [
        len(template.codes) for template in asked
    ]


def test_every_marker_says_in_which_units_it_is_read(
    client: FlaskClient, knowledge: Knowledge
) -> None:
    inputs = client.get(address(PATIENT_VIEW)).get_json()["inputs"]
    codes = {each["code"]: each for part in inputs for each in part.get("codes", ())}
    for code, marker in knowledge.markers.items():
        if marker.to_mg_per_l and code.code in codes:
            assert set(marker.to_mg_per_l) <= set(codes[code.code]["units"])


def test_a_window_a_site_changes_is_told_as_it_is_in_force(knowledge: Knowledge) -> None:
    site = with_parameters(knowledge, {"marker.recency_days": 90})
    service = build_catalogue(site)[PATIENT_VIEW]
    described = describe_source(service, site, read_wording(), "https://cds.example/evidence")
    windows = {each.parameter: each.value for each in described.windows}
    assert windows["marker.recency_days"] == 90
    assert described.logic.changed_parameters == ("marker.recency_days = 90",)


def test_no_input_window_or_limit_is_left_out(knowledge: Knowledge) -> None:
    service = build_catalogue(knowledge)[PATIENT_VIEW]
    described = describe_source(service, knowledge, read_wording(), "https://cds.example/evidence")
    told = {each.parameter for each in (*described.windows, *described.thresholds)}
    days = {
        key
        for key, entry in knowledge.parameters.items()
        if entry.unit == "days" and not key.startswith("orders.")
    }
    assert days <= told
    assert {"marker.crp_low_mg_l", "trd.min_failed_trials"} <= told


def test_nothing_is_claimed_that_was_not_validated(told: dict[str, Any]) -> None:
    clinical, review = told["validation"][:2]
    assert (clinical["n"], review["n"]) == (0, 0)
    assert "None has been made" in clinical["result"]


def test_there_are_as_many_example_patients_as_is_said() -> None:
    (said,) = [each.n for each in read_words().validation if each.what.startswith("Written")]
    assert said is not None
    assert len(list(vignettes())) >= said


def test_logic_and_wording_are_named_by_their_digests(
    told: dict[str, Any], knowledge: Knowledge
) -> None:
    assert told["logic"]["knowledgeSha256"] == knowledge.sha256
    assert told["wording"]["sha256"] == read_wording().sha256
    assert told["wording"]["status"] == read_wording().status


def test_the_dates_of_the_sources_are_those_of_the_ledger(knowledge: Knowledge) -> None:
    reviewed = replace(
        knowledge.evidence, last_reviewed=knowledge.evidence.last_reviewed.replace(year=2030),
        review_by=knowledge.evidence.review_by.replace(year=2031),
    )  # fmt: skip
    app = create_app(Settings(), knowledge=replace(knowledge, evidence=reviewed))
    told = app.test_client().get(address(PATIENT_VIEW)).get_json()
    assert told["evidence"]["reviewBy"].startswith("2031")
    assert "2031" in told["attributes"][3]["answer"]


@pytest.mark.parametrize("service", ["trd-inflammation", "trd-inflammation-patient-view%2F"])
def test_a_service_that_is_not_there_has_none(client: FlaskClient, service: str) -> None:
    assert client.get(address(service)).status_code == 404


def test_discovery_leads_to_them(knowledge: Knowledge) -> None:
    settings = Settings(public_url="https://cds.example/base")
    web = create_app(settings, knowledge=knowledge).test_client()
    for service in web.get("/cds-services").get_json()["services"]:
        link = service["extension"]["com.trd-inflammation-cds.source-attributes"]
        assert link == {
            "url": f"https://cds.example/base{address(service['id'])}",
            "regulation": read_words().regulation,
        }
        assert web.get(link["url"].removeprefix("https://cds.example/base")).status_code == 200


def test_the_page_is_well_formed_and_says_it_for_people(page: Page) -> None:
    assert page.faults == []
    for words in (
        "Not a medical device: research prototype",
        "Intended use",
        "Uses out of scope",
        "13. Use of health status assessments",
        "None has been made",
        "Known failure modes",
        read_wording().status,
    ):
        assert words in page.text


def test_the_page_names_every_service_with_its_json(page: Page) -> None:
    assert {address(service) for service in SERVICES} <= set(page.targets)


def test_the_words_name_no_file_that_is_not_there() -> None:
    assert (Path(__file__).parents[2] / "SECURITY.md").is_file()
    assert "SECURITY.md" in read_words().contact.weakness
