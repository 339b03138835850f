"""Is the OpenAPI document what the service really does?"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from openapi_pydantic import OpenAPI
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from cds.app import create_app
from cds.errors import every_error
from cds.hooks.catalogue import build_catalogue
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF, NOW
from tests.cds.pages import DEMO_PATIENTS
from tools.openapi.document import describe
from tools.write_openapi import DOCUMENT, render_openapi

WRITTEN: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
ADDRESS = "urn:openapi"
CALLS_OF_EACH_ROUTE = 12
OPERATIONS = [
    (path, method, operation)
    for path, item in WRITTEN["paths"].items()
    for method, operation in item.items()
]


@pytest.fixture(scope="module")
def app(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("openapi")
    return create_app(
        Settings(store_url=f"sqlite:///{folder}/store.sqlite3", demo_patients=DEMO_PATIENTS),
        knowledge=knowledge,
        today=lambda: AS_OF,
        now=lambda: NOW,
    )


def routes_of(app: Flask, knowledge: Knowledge) -> set[tuple[str, str]]:
    """Give path and method of every route, as the document writes them.

    The review pages are left out: forms for people who signed in, and no interface of a program.
    """
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith("/review")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    return {
        (path.replace("{service_id}", service), method)
        for path, method in served
        for service in build_catalogue(knowledge)
    }


def examples_in(part: Any) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Give each example with the schema that stands beside it."""
    if isinstance(part, list):
        for each in part:
            yield from examples_in(each)
    elif isinstance(part, dict):
        if "examples" in part and "schema" in part:
            for example in part["examples"].values():
                yield part["schema"], example["value"]
        for each in part.values():
            yield from examples_in(each)


def faults(schema: Mapping[str, Any], value: Any) -> list[str]:
    resource = Resource.from_contents(WRITTEN, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(ADDRESS, resource)
    absolute = json.loads(json.dumps(schema).replace('"#/', f'"{ADDRESS}#/'))
    validator = Draft202012Validator(absolute, registry=registry)
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def test_the_document_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == render_openapi(), "run: make docs"


def test_writing_the_document_twice_gives_the_same() -> None:
    assert describe() == WRITTEN


def test_the_document_is_openapi_3_1() -> None:
    read = OpenAPI.model_validate(WRITTEN)
    assert read.openapi == "3.1.0"
    identities = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(identities) == len(set(identities))


def test_the_document_has_every_route_and_no_other(app: Flask, knowledge: Knowledge) -> None:
    assert {(path, method) for path, method, _ in OPERATIONS} == routes_of(app, knowledge)


def test_every_parameter_of_a_path_is_described() -> None:
    for path, _, operation in OPERATIONS:
        described = {
            each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"
        }
        assert described == set(re.findall(r"\{(\w+)\}", path)), path


@pytest.mark.parametrize("name", sorted(WRITTEN["components"]["schemas"]))
def test_a_schema_is_a_schema_and_what_it_refers_to_is_there(name: str) -> None:
    schema = WRITTEN["components"]["schemas"][name]
    Draft202012Validator.check_schema(schema)
    named = re.findall(r'"#/components/schemas/(\w+)', json.dumps(schema))
    assert set(named) <= set(WRITTEN["components"]["schemas"])


def test_every_example_is_what_its_schema_says() -> None:
    examples = list(examples_in(WRITTEN))
    assert len(examples) > 30
    assert [fault for schema, value in examples for fault in faults(schema, value)] == []


def test_a_planted_wrong_example_is_found() -> None:
    schema = {"$ref": "#/components/schemas/ServiceResponse"}
    assert faults(schema, {"cards": [{}]}) != []


def test_every_status_of_an_error_is_described() -> None:
    described = {name.removeprefix("Refusal") for name in WRITTEN["components"]["responses"]}
    assert {str(error.status) for error in every_error()} <= described


@pytest.mark.requirement("A7")
def test_every_hook_shows_a_call_that_gets_a_card() -> None:
    for path, _, operation in OPERATIONS:
        if operation["tags"] == ["hooks"] and "requestBody" in operation:
            content = operation["responses"]["200"]["content"]["application/json"]
            answers = [each["value"] for each in content["examples"].values()]
            assert path.endswith("/feedback") or any(each["cards"] for each in answers), path


def test_the_served_document_names_this_deployment(app: Flask) -> None:
    served = app.test_client().get("/openapi.json").get_json()
    assert served == {**WRITTEN, "servers": [{"url": "http://127.0.0.1:8000"}]}


def test_outside_profile_demo_the_document_has_no_route_of_it(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("cds.app.check_profile", lambda settings: settings)
    closed = create_app(
        Settings(
            profile="production",
            public_url="https://cds.example",
            store_url=f"sqlite:///{tmp_path}/store.sqlite3",
        ),
        knowledge=knowledge,
    )
    served = closed.test_client().get("/openapi.json").get_json()
    assert served["servers"] == [{"url": "https://cds.example"}]
    described = {(path, method) for path, item in served["paths"].items() for method in item}
    assert described == routes_of(closed, knowledge)
    page = closed.test_client().get("/docs").text
    assert "/demo" not in page.partition("<h2>Refusals</h2>")[0]


def test_the_page_shows_every_route_and_every_schema(client: FlaskClient) -> None:
    page = client.get("/docs").text
    for path, method, operation in OPERATIONS:
        assert f'id="{operation["operationId"]}"' in page
        assert f"{method.upper()} {path}" in page
    for name in WRITTEN["components"]["schemas"]:
        assert f'id="schema-{name}"' in page


# Calls made from the document: of its shapes, and of others. The same ones in every run.
generated = schemathesis.openapi.from_dict(WRITTEN)


@pytest.mark.requirement("D28", "D29")
@generated.parametrize()
@settings(
    max_examples=CALLS_OF_EACH_ROUTE,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_calls_made_from_the_document_are_answered_as_it_says(case: Case, app: Flask) -> None:
    response = case.call(app=app, base_url="http://127.0.0.1:8000")
    assert "Traceback" not in response.text
    case.validate_response(
        response,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_headers_conformance,
            response_schema_conformance,
            unsupported_method,
        ],
    )
