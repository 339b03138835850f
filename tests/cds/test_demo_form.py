"""What does a pasted Bundle get, whatever stands in it?"""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds.app import create_app
from cds.pages.table import MAX_ROWS
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.charts import CONDITIONS, PATIENT, Resource, bundle, condition, crp
from tests.cds.pages import Page

FORM = "application/x-www-form-urlencoded"
OTHER = {"resourceType": "Patient", "id": "pat-2", "birthDate": "1970-01-01"}
MARK = "ZQX"
PAYLOADS = [
    f"<script>alert('{MARK}')</script>",
    f'"><img src=x onerror=alert("{MARK}")>',
    f"[{MARK}](https://evil.example/{MARK})",
    f"![{MARK}](https://evil.example/{MARK}.png)",
    f"<https://evil.example/{MARK}> https://evil.example/{MARK}",
    f"javascript:alert('{MARK}') {{{{ 7 * 7 }}}} {MARK}",
    f"\u202e{MARK}\u200b\u0000 **{MARK}** `{MARK}` | {MARK} |",
]

# Each evaluation has an id of its own, and so has each card.
UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def as_pasted(resource: Resource) -> str:
    """Write JSON as a browser sends it from a text area: with CR LF, indented, beyond ASCII."""
    text = json.dumps(resource | {"id": "é+&=%41"}, indent=1, ensure_ascii=False)
    return text.replace("\n", "\r\n")


def paste(client: FlaskClient, resource: Resource, **fields: str) -> TestResponse:
    return client.post("/demo", data={"bundle": as_pasted(resource), **fields})


def send(client: FlaskClient, body: bytes, content_type: str = FORM, **more: Any) -> TestResponse:
    return client.post("/demo", data=body, content_type=content_type, **more)


def test_a_pasted_bundle_is_answered_like_any_other(client: FlaskClient) -> None:
    response = paste(client, bundle(), asOf="", patient="")
    page = Page(response.text)
    assert response.status_code == 200
    assert "Evaluated: one card" in page.text
    assert "Assessed as of 2026-06-30" in page.text


def test_what_could_not_be_told_is_no_error(client: FlaskClient) -> None:
    response = paste(client, bundle(PATIENT, *CONDITIONS))
    assert response.status_code == 200
    assert "Could not tell" in response.text


def test_the_day_of_evaluation_can_be_given(client: FlaskClient) -> None:
    assert "Assessed as of 2026-07-04" in Page(paste(client, bundle(), asOf="2026-07-04").text).text


def test_one_of_several_patients_can_be_named(client: FlaskClient) -> None:
    several = bundle(PATIENT, OTHER)
    assert paste(client, several).status_code == 422
    assert paste(client, several, patient="pat-2").status_code == 200


def test_the_same_bundle_gets_the_same_answer_twice(client: FlaskClient) -> None:
    first, second = (UUID_FORM.sub("ID", paste(client, bundle()).text) for _ in range(2))
    assert first == second


def test_the_form_needs_no_script_and_leads_back_here(client: FlaskClient) -> None:
    page = Page(client.get("/").text)
    assert page.having("form") == [{"method": "post", "action": "/demo"}]
    assert [values["name"] for values in page.having("textarea")] == ["bundle"]
    named = [values["name"] for values in page.having("input") if "name" in values]
    assert named == ["asOf", "patient", "keep"]


def test_what_is_pasted_is_kept_only_where_that_is_asked_for(client: FlaskClient) -> None:
    body = json.dumps(bundle())
    forgotten = client.post("/demo", data={"bundle": body})
    kept = client.post("/demo", data={"bundle": body, "keep": "yes"})
    assert "/review/decisions/" not in forgotten.text
    assert [each for each in Page(kept.text).targets if each.startswith("/review/decisions/")]


def test_no_cookie_is_set(client: FlaskClient) -> None:
    assert "Set-Cookie" not in paste(client, bundle()).headers


@pytest.mark.parametrize(
    ("resource", "fields", "status", "words"),
    [
        ({"resourceType": "Patient"}, {}, 400, "not a FHIR Bundle"),
        (bundle(*CONDITIONS), {}, 422, "no Patient"),
        (bundle(PATIENT, condition("F33.1", "c9", "pat-2")), {}, 422, "Condition/c9 belongs to"),
        (bundle(), {"asOf": "tomorrow"}, 400, "asOf must be a date"),
        (bundle(), {"patient": MARK}, 422, "not in the Bundle"),
    ],
)
def test_a_refusal_is_one_plain_sentence_and_offers_the_form_again(
    resource: Resource, fields: dict[str, str], status: int, words: str, client: FlaskClient
) -> None:
    response = paste(client, resource, **fields)
    page = Page(response.text)
    assert response.status_code == status
    assert "Not evaluated" in page.text
    assert words in page.text
    assert "this says nothing about the patient" in page.text
    assert page.having("textarea")
    assert MARK not in response.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"bundle=", 400),
        (b"bundle", 400),
        (b"bundle=%7B%7D&bundle=%7B%7D", 400),
        (b"bundle=%7B%7D&token=1", 400),
        (b"b%75ndle=%7B%7D", 400),
        (b"&&&&&&&&", 400),
        (b"bundle=%FF%FE", 400),
        (b"bundle=%7B%22a%22%3A1%2C%22a%22%3A2%7D", 400),
        (b"bundle=%7B%7D&asOf=%FF", 400),
        (b"bundle=%7B%", 400),
    ],
)
def test_a_form_that_is_none_is_refused_in_words(
    body: bytes, status: int, client: FlaskClient
) -> None:
    response = send(client, body)
    assert (response.status_code, Page(response.text).faults) == (status, [])
    assert "Not evaluated" in response.text


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
def test_only_an_encoded_form_is_read(content_type: str, client: FlaskClient) -> None:
    assert send(client, b"bundle=%7B%7D", content_type).status_code == 415


def test_a_compressed_form_is_refused(client: FlaskClient) -> None:
    headers = {"Content-Encoding": "gzip"}
    assert send(client, b"bundle=%7B%7D", headers=headers).status_code == 415


def test_the_limit_of_a_body_holds_for_a_form(knowledge: Knowledge) -> None:
    small = create_app(Settings(max_body_bytes=4096), knowledge=knowledge).test_client()
    response = send(small, b"bundle=" + b"x" * 4090)
    assert response.status_code == 413
    assert "over the limit of 4096 bytes" in response.text


def test_a_form_larger_than_the_frameworks_own_limit_is_read(client: FlaskClient) -> None:
    # Flask refuses forms over half a megabyte unless it is told otherwise.
    filler = {"text": "ä %41 + & = " * 60_000}
    response = paste(client, bundle() | {"extension": [filler]})
    assert response.status_code == 200
    assert "Evaluated: one card" in response.text


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_an_escape_across_the_border_of_two_windows_stays_whole(
    shift: int, client: FlaskClient
) -> None:
    text = json.dumps(bundle())
    body = b"bundle=" + b" " * shift + b"%20" * 50_000 + quote_plus(text).encode()
    assert "Evaluated: one card" in send(client, body).text


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.requirement("D15")
def test_no_text_of_the_record_reaches_the_page(payload: str, client: FlaskClient) -> None:
    shown = []
    for place, hostile in poisoned(bundle(), payload):
        response = paste(client, hostile)
        if MARK in response.text or "evil.example" in response.text:
            shown.append(place)
        assert Page(response.text).faults == []
    assert shown == []


def poisoned(record: Resource, payload: str) -> Iterator[tuple[str, Resource]]:
    """Give the record once for each of its texts, with that text and a display beside it spoilt."""
    for path in text_paths(record):
        copy = deepcopy(record)
        place: Any = copy
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = payload
        if isinstance(place, dict):
            place |= {"display": payload, "text": payload, payload: payload}
        yield ".".join(map(str, path)), copy


def text_paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from text_paths(member, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from text_paths(item, (*path, index))
    elif isinstance(value, str):
        yield path


def test_a_long_record_stays_a_short_page_and_says_what_it_leaves_out(client: FlaskClient) -> None:
    many = [crp(f"m{number}", 4.1, "2030-01-01") for number in range(3_000)]
    response = paste(client, bundle(PATIENT, *CONDITIONS, *many))
    assert f"{3_000 - MAX_ROWS} more, not shown here" in Page(response.text).text
    assert len(response.data) < 100_000


def test_the_page_of_an_ordinary_record_is_small(client: FlaskClient) -> None:
    assert len(paste(client, bundle()).data) < 80_000


def test_a_bundle_without_a_day_is_evaluated_today(client: FlaskClient) -> None:
    undated = {name: value for name, value in bundle().items() if name != "timestamp"}
    text = Page(paste(client, undated).text).text
    assert f"Assessed as of {date(2026, 6, 30)}" in text
