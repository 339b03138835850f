"""What do the routes answer that are no hook: for operators, for readers, and in profile demo?"""

from cds.demo_ehr.search import SEARCHED_TYPES, SORTED_BY
from cds.evidence_resources import LIBRARY
from tools.openapi.parts import (
    FORM,
    JSON,
    Operation,
    Paths,
    fhir_sent,
    in_path,
    in_query,
    json_content,
    json_told,
    named,
    page_sent,
    sends,
)
from tools.openapi.responses import answer, refusals


def operation_paths() -> Paths:
    """Describe what operators and readers ask for."""
    readiness = json_told("readyz", "operation", "Can this process answer now?", "Readiness")
    readiness["responses"]["503"] = answer("Another process should.", json_content("Readiness"))
    return {
        "/healthz": {"get": json_told("healthz", "operation", "Is the process alive?", "Health")},
        "/readyz": {"get": readiness},
        "/version": {"get": json_told("version", "operation", "What is running?", "Version")},
        "/metrics": {
            "get": sends("metrics", "operation", "Counters, as Prometheus reads them", "text/plain")
        },
        "/evidence": {"get": page_sent("evidence", "reading", "The evidence ledger, as a page")},
        "/evidence.json": {
            "get": json_told("evidenceJson", "reading", "The same as JSON", "Evidence")
        },
        "/source-attributes": {
            "get": page_sent("sourceAttributes", "reading", "What must be known")
        },
        **_evidence_as_fhir(),
        "/docs": {"get": page_sent("docs", "reading", "This document, as a page")},
        "/openapi.json": {
            "get": sends("openapi", "reading", "This document", JSON, {"type": "object"})
        },
        "/static/{filename}": {"get": _static()},
    }


def _evidence_as_fhir() -> Paths:
    library = {
        **fhir_sent("library", "The evidence ledger as FHIR", "reading"),
        "parameters": [in_path("identity", f"{LIBRARY}.")],
    }
    plan = {
        **fhir_sent("planDefinition", "A service as FHIR", "reading"),
        "parameters": [in_path("identity", "Id of the service.")],
    }
    library["responses"] |= refusals(404)
    plan["responses"] |= refusals(404)
    return {
        "/fhir/Library/{identity}": {"get": library},
        "/fhir/PlanDefinition/{identity}": {"get": plan},
    }


def demo_paths() -> Paths:
    """Describe what there is in profile demo alone."""
    posted = {
        **page_sent("demoAnswer", "demo", "The answer for a pasted Bundle, as a page"),
        "requestBody": {"required": True, "content": {FORM: {"schema": _form()}}},
    }
    posted["responses"] |= refusals(400, 413, 415, 422, page=True)
    patient = {
        **page_sent("demoPatient", "demo", "The answer for one demo patient, as a page"),
        "parameters": [in_path("name", "Name of the patient, such as C01.")],
    }
    patient["responses"] |= refusals(404, page=True)
    kept = {
        **named("demoKeep", "demo", "Write a demo patient down as a decision, to be reviewed"),
        "parameters": [in_path("name", "Name of the patient, such as C01.")],
        "responses": {
            "303": {"description": "It is written down; Location is the page of its case."},
            **refusals(404, 500, page=True),
            **refusals(503),
        },
    }
    return {
        "/": {"get": page_sent("home", "demo", "Demo patients, and a form")},
        "/demo": {"get": page_sent("demo", "demo", "The same"), "post": posted},
        "/demo/{name}": {"get": patient},
        "/demo/{name}/case": {"post": kept},
        **_demo_fhir_paths(),
    }


def _demo_fhir_paths() -> Paths:
    kind = in_path("resource_type", "A FHIR type.", {"enum": list(SEARCHED_TYPES)})
    identity = in_path("identity", "Id of the resource.")
    metadata = fhir_sent("fhirMetadata", "What the demo FHIR server can do")
    found = {**fhir_sent("fhirSearch", "Search"), "parameters": [kind, *_search_parameters()]}
    found["responses"] |= refusals(400, 404)
    posted = {
        **fhir_sent("fhirSearchByPost", "Search, with the parameters as a form"),
        "parameters": [kind],
        "requestBody": {"content": {FORM: {"schema": {"type": "object"}}}},
    }
    posted["responses"] |= refusals(400, 404)
    read = {**fhir_sent("fhirRead", "Read one resource"), "parameters": [kind, identity]}
    read["responses"] |= refusals(404)
    return {
        "/demo/fhir/metadata": {"get": metadata},
        "/demo/fhir/{resource_type}": {"get": found},
        "/demo/fhir/{resource_type}/_search": {"post": posted},
        "/demo/fhir/{resource_type}/{identity}": {"get": read},
    }


def _search_parameters() -> list[Operation]:
    text = {"type": "string"}
    sorts = sorted({f"-{name}" for name, _ in SORTED_BY.values()})
    return [
        in_query("patient", "Id of the patient.", text),
        in_query("code", "system|code, several with commas.", text),
        in_query("_sort", f"One of {', '.join(sorts)}, by type.", text),
        in_query("_count", "Resources on a page.", {"type": "integer", "minimum": 0}),
    ]


def _static() -> Operation:
    filename = in_path("filename", "Style sheet, JSON schema or this document.")
    return {
        **named("static", "reading", "Files of the pages, and the JSON schemas"),
        "parameters": [filename],
        "responses": {
            "200": answer("The file.", {"*/*": {"schema": {}}}),
            **refusals(404, 500),
        },
    }


def _form() -> Operation:
    text = {"type": "string"}
    return {
        "type": "object",
        "properties": {"bundle": text, "asOf": text, "patient": text, "keep": text},
        "additionalProperties": False,
    }
