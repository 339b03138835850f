"""Does any hostile body break a promise, on any route that takes a body?

`make fuzz` asks the same for minutes, guided by coverage. What it once found is kept in
tests/fuzz/regressions and asked here for ever.
"""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.knowledge import Knowledge
from tests.fuzz.hostile_json import places_in, spoil_case, write
from tests.fuzz.promises import (
    CANARY,
    PROMISES,
    Promise,
    answers_a_documented_status,
    find_broken_promise,
    has_the_promised_shape,
    logs_no_free_text,
    repeats_no_free_text,
    says_under_which_id_it_is_logged,
    without_fresh_ids,
)
from tests.fuzz.routes import TARGETS, Answer, Case, Service
from tests.fuzz.seeds import REGRESSIONS, read_regression, small_bodies

BODIES = small_bodies()
# The first takes search parameters as a form and shows them again, as FHIR wants; never a record.
# The second takes no body.
NO_RECORD = {"/demo/fhir/<resource_type>/_search", "/demo/<name>/case"}
KEPT = sorted(REGRESSIONS.glob("*.txt"))
any_chance = st.randoms(use_true_random=False)
# Always the same examples, so that a red run is about the change at hand; `make fuzz` looks wider.
always_the_same = settings(max_examples=30, derandomize=True, database=None, deadline=None)


@pytest.fixture(scope="module")
def service(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(tmp_path_factory.mktemp("store"), knowledge)


def test_every_route_that_takes_a_body_is_a_target(service: Service) -> None:
    taking = {
        rule.rule
        for rule in service.client.application.url_map.iter_rules()
        if (rule.methods or set()) & {"POST", "PUT", "PATCH"}
        # Forms of people who signed in; tests/cds/review sends them what they do not expect.
        and not rule.rule.startswith("/review")
    }
    assert taking - NO_RECORD == {target.rule for target in TARGETS.values()}


def test_every_service_is_a_target(service: Service) -> None:
    offered = service.client.get("/cds-services").get_json()["services"]
    paths = {target.path for target in TARGETS.values()}
    assert {f"/cds-services/{each['id']}" for each in offered} <= paths


@pytest.mark.parametrize("target", TARGETS)
def test_a_good_body_breaks_no_promise(service: Service, target: str) -> None:
    assert find_broken_promise(service, Case(target, write(BODIES[target]))) is None


@pytest.mark.requirement("D12", "D29")
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
@pytest.mark.parametrize("target", TARGETS)
@given(chance=any_chance)
@always_the_same
def test_a_hostile_body_breaks_no_promise(
    service: Service, target: str, promise: Promise, chance: Random
) -> None:
    case = spoil_case(target, BODIES[target], chance)
    assert promise(case, service.send(case)) is None


@pytest.mark.parametrize("target", TARGETS)
@given(chance=any_chance)
@always_the_same
def test_a_hostile_body_gets_the_same_answer_twice(
    service: Service, target: str, chance: Random
) -> None:
    case = spoil_case(target, BODIES[target], chance)
    first, second = service.send(case), service.send(case)
    assert without_fresh_ids(first) == without_fresh_ids(second)


@pytest.mark.requirement("D15", "CARD-20")
@pytest.mark.parametrize("target", ["unvalidated", "evaluate", "hook", "order-select", "feedback"])
def test_no_text_anywhere_in_a_body_comes_back(service: Service, target: str) -> None:
    told = [
        (path, fault)
        for path, body in with_canary(BODIES[target])
        for case in [Case(target, write(body))]
        for answer in [service.send(case)]
        for fault in [repeats_no_free_text(case, answer) or logs_no_free_text(case, answer)]
        if fault
    ]
    assert told == []


def with_canary(body: Any) -> Iterator[tuple[str, Any]]:
    """Give the body once for each text in it, with the canary behind that text."""
    for number, (holder, place) in enumerate(places_in(body)):
        if isinstance(holder[place], str):
            copy = deepcopy(body)
            spoilt, key = list(places_in(copy))[number]
            spoilt[key] += f" {CANARY}"
            yield str(place), copy


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
def test_what_once_broke_a_promise_keeps_it(service: Service, file: Path) -> None:
    assert find_broken_promise(service, read_regression(file)) is None


@pytest.mark.parametrize(
    "target", ["evaluate", "unvalidated", "hook", "order-select", "order-sign", "pasted"]
)
def test_a_third_of_the_hostile_bodies_are_evaluated(service: Service, target: str) -> None:
    """Else they would all die at the first check, and nothing behind it would be tried."""
    chances = map(Random, range(90))
    cases = [spoil_case(target, BODIES[target], chance) for chance in chances]
    statuses = Counter(service.send(case).status for case in cases)
    assert statuses[200] >= 30
    assert statuses[400] >= 10


FRESH = "0b1dd5a6-9d1c-4b5e-8f2e-0c8a3a5b1c11"
GOOD = Answer(
    status=200,
    mimetype="application/json",
    body=b'{"cards":[]}',
    correlation_id=FRESH,
    log="",
)
REFUSED = replace(
    GOOD,
    status=400,
    body=b'{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid",'
    b'"details":{"text":"No."},"diagnostics":"correlation id ' + FRESH.encode() + b'"}]}',
)


@pytest.mark.parametrize("answer", [GOOD, REFUSED], ids=["evaluated", "refused"])
def test_a_good_answer_keeps_every_promise(answer: Answer) -> None:
    assert [promise(Case("hook", b""), answer) for promise in PROMISES] == [None] * len(PROMISES)


@pytest.mark.parametrize(
    ("promise", "answer"),
    [
        (answers_a_documented_status, replace(GOOD, status=500)),
        (answers_a_documented_status, replace(GOOD, status=404)),
        (has_the_promised_shape, replace(GOOD, mimetype="text/html")),
        (has_the_promised_shape, replace(GOOD, body=b'{"cards":[]')),
        (has_the_promised_shape, replace(GOOD, body=b'{"cards":[],"cards":[]}')),
        (has_the_promised_shape, replace(GOOD, body=b'{"cards":[{"summary":"x"}]}')),
        (has_the_promised_shape, replace(GOOD, body=b'{"cards":null}')),
        (has_the_promised_shape, replace(GOOD, body=b'{"cards":[],"extra":1}')),
        (has_the_promised_shape, replace(REFUSED, body=GOOD.body)),
        (has_the_promised_shape, replace(GOOD, body=REFUSED.body)),
        (says_under_which_id_it_is_logged, replace(GOOD, correlation_id="")),
        (says_under_which_id_it_is_logged, replace(REFUSED, body=b"{}")),
        (repeats_no_free_text, replace(GOOD, body=f'{{"a":"{CANARY}"}}'.encode())),
        (repeats_no_free_text, replace(GOOD, body=b'{"a":"Zebedee\\u0020Canary 1931"}')),
        (repeats_no_free_text, replace(GOOD, body=b'{"a":"\\u202e"}')),
        (repeats_no_free_text, replace(GOOD, body=b'{"a":"\\u0000"}')),
        (logs_no_free_text, replace(GOOD, log=CANARY)),
    ],
)
def test_a_planted_fault_is_found(promise: Promise, answer: Answer) -> None:
    assert promise(Case("hook", b""), answer) is not None
