"""Does a client's FHIR server get asked only what was agreed, in time, and is every fault told?"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cds.ehr import asking as asking_module
from cds.ehr import circuit
from cds.ehr.connections import open_session
from cds.ehr.fetched import Fetched, Problem, Query
from cds.ehr.fhir_client import FhirAccess, FhirClient
from cds.ehr.trusted_clients import TrustedClient
from tests.support.fhir_stand_in import (
    Answer,
    StandIn,
    after,
    bad_chunk,
    bomb,
    bundle,
    cut_off,
    fhir_stand_in,
    raw,
    resource,
    trickle,
)

TOKEN = "token-canary"  # noqa: S105 - of nobody
PATIENT = {"resourceType": "Patient", "id": "p1"}


def condition(number: int) -> dict[str, Any]:
    return {"resourceType": "Condition", "id": f"c{number}"}


@pytest.fixture
def server() -> Iterator[StandIn]:
    with fhir_stand_in() as stand_in:
        yield stand_in


def client_of(server: StandIn, **agreed: Any) -> TrustedClient:
    return TrustedClient.model_validate(
        {"name": "ehr", "issuer": "urn:ehr", "jwks_url": "https://ehr.example/keys"}
        | {"fhir_bases": [server.base]}
        | agreed
    )


def ask(
    server: StandIn,
    *queries: Query,
    budget: float = 2.0,
    asking: FhirClient | None = None,
    **agreed: Any,
) -> dict[str, Fetched]:
    access = FhirAccess(server.base, TOKEN)
    asking = asking or FhirClient()
    return dict(asking.fetch(client_of(server, **agreed), access, queries, budget))


CONDITIONS = Query(key="conditions", path="Condition?patient=p1&_count=200")


def ids(fetched: Fetched) -> list[str]:
    entries = json.loads(fetched.value or b"{}").get("entry", [])
    return [entry["resource"]["id"] for entry in entries]


@pytest.mark.requirement("FHIR-1", "FHIR-2")
def test_a_read_and_a_search_bring_what_the_server_has(server: StandIn) -> None:
    server.answer("Patient/p1", resource(PATIENT))
    server.answer("Condition", bundle(condition(1)))
    got = ask(server, Query(key="patient", path="Patient/p1"), CONDITIONS)
    assert json.loads(got["patient"].value or b"") == PATIENT
    assert ids(got["conditions"]) == ["c1"]
    assert {each.authorization for each in server.asked} == {f"Bearer {TOKEN}"}
    assert "/fhir/Condition?patient=p1&_count=200" in server.targets()


@pytest.mark.requirement("FHIR-5", "E6")
def test_every_page_is_fetched_and_put_into_one_bundle(server: StandIn) -> None:
    server.answer("Condition", bundle(condition(1), following=f"{server.base}/page2?x=1", total=3))
    server.answer("page2", bundle(condition(2), following="page3"))
    server.answer("page3", bundle(condition(3)))
    got = ask(server, CONDITIONS)["conditions"]
    assert ids(got) == ["c1", "c2", "c3"]
    assert got.problem is None
    written = json.loads(got.value or b"")
    assert written["total"] == 3
    assert "link" not in written


def test_the_pages_after_one_that_the_client_sent_are_fetched(server: StandIn) -> None:
    first = {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": [{"relation": "next", "url": f"{server.base}/page2"}],
        "entry": [{"resource": condition(1)}],
    }
    server.answer("page2", bundle(condition(2)))
    started = Query(key="conditions", path="Condition?patient=p1", start=json.dumps(first).encode())
    assert ids(ask(server, started)["conditions"]) == ["c1", "c2"]
    assert server.targets() == ["/fhir/page2"]


@pytest.mark.requirement("D9")
def test_a_client_may_want_its_searches_posted(server: StandIn) -> None:
    server.answer("Condition/_search", bundle(condition(1)))
    assert ids(ask(server, CONDITIONS, search_by_post=True)["conditions"]) == ["c1"]
    (asked,) = server.asked
    assert (asked.method, asked.target, asked.body) == (
        "POST",
        "/fhir/Condition/_search",
        "patient=p1&_count=200",
    )


@pytest.mark.requirement("F5")
def test_all_queries_are_under_way_at_once(server: StandIn) -> None:
    everybody = threading.Barrier(5, timeout=5)

    def meet(handler: Any) -> None:
        everybody.wait()
        bundle()(handler)

    for number in range(5):
        server.answer(f"Type{number}", meet)
    got = ask(server, *(Query(key=f"k{n}", path=f"Type{n}?a=1") for n in range(5)), budget=8)
    assert [each.problem for each in got.values()] == [None] * 5


def test_a_connection_is_used_again(server: StandIn) -> None:
    server.answer("Condition", bundle(condition(1)))
    asking = FhirClient()
    for _ in range(3):
        ask(server, CONDITIONS, asking=asking)
    assert len(server.connections) == 1


FAULTS: dict[str, tuple[Answer, Problem]] = {
    "slow": (after(1.5, bundle()), Problem.TIMEOUT),
    "trickles": (trickle(3), Problem.TIMEOUT),
    "unauthorized": (raw(401, b"{}"), Problem.REFUSED),
    "forbidden": (raw(403, b"{}"), Problem.REFUSED),
    "not there": (raw(404, b"{}"), Problem.NOT_FOUND),
    "gone": (raw(410, b"{}"), Problem.NOT_FOUND),
    "busy": (raw(429, b"{}", Retry_After="0"), Problem.BUSY),
    "busy for long": (raw(503, b"{}", Retry_After="30"), Problem.BUSY),
    "fault": (raw(500, b"{}"), Problem.SERVER_ERROR),
    "bad gateway": (raw(502, b"<html>", "text/html"), Problem.SERVER_ERROR),
    "a page for people": (raw(200, b"<html></html>", "text/html"), Problem.NOT_FHIR),
    "JSON of another kind": (raw(200, b"{}", "text/plain"), Problem.NOT_FHIR),
    "cut off": (cut_off, Problem.UNREACHABLE),
    "a chunk of negative length": (bad_chunk, Problem.UNREACHABLE),
    "half JSON": (raw(200, b'{"resourceType": "Bun'), Problem.NOT_FHIR),
    "no resource": (raw(200, b'{"a": 1}'), Problem.NOT_FHIR),
    "a list": (raw(200, b"[]"), Problem.NOT_FHIR),
    "keys twice": (
        raw(200, b'{"resourceType": "Bundle", "resourceType": "Patient"}'),
        Problem.NOT_FHIR,
    ),
    "odd entries": (raw(200, b'{"resourceType": "Bundle", "entry": {}}'), Problem.NOT_FHIR),
    "a complaint": (resource({"resourceType": "OperationOutcome"}), Problem.SERVER_ERROR),
    "a redirect": (raw(302, b"", Location="http://127.0.0.1:1/"), Problem.SERVER_ERROR),
    "a bomb": (bomb(200), Problem.TOO_LARGE),
}


@pytest.mark.requirement("E1", "E2", "E3", "E4", "E5", "E8", "D11")
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_told_as_what_it_is(server: StandIn, fault: str) -> None:
    answer, problem = FAULTS[fault]
    server.answer("Condition", answer)
    server.answer("Patient/p1", resource(PATIENT))
    budget = 0.6 if problem is Problem.TIMEOUT else 5.0
    got = ask(server, CONDITIONS, Query(key="patient", path="Patient/p1"), budget=budget)
    assert got["conditions"] == Fetched(value=None, problem=problem)
    assert got["patient"].problem is None


@pytest.mark.requirement("E1")
def test_what_is_late_is_cut_off_and_holds_no_thread(server: StandIn) -> None:
    server.answer("Condition", trickle(30))
    asking = FhirClient()
    ask(server, CONDITIONS, budget=0.3, asking=asking)
    deadline = time.monotonic() + 5
    while server.under_way and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.under_way == 0


@pytest.mark.requirement("E2")
def test_a_refusal_is_not_tried_again(server: StandIn) -> None:
    server.answer("Condition", raw(401, b"{}"))
    ask(server, CONDITIONS)
    assert len(server.asked) == 1


@pytest.mark.requirement("E4")
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_once_more(server: StandIn, status: int) -> None:
    server.answer("Condition", raw(status, b"{}", Retry_After="0"), bundle(condition(1)))
    assert ids(ask(server, CONDITIONS)["conditions"]) == ["c1"]
    assert len(server.asked) == 2


@pytest.mark.requirement("E6", "D8")
@pytest.mark.parametrize(
    "following",
    [
        "http://localhost:{port}/fhir/page2",
        "https://127.0.0.1:{port}/fhir/page2",
        "http://127.0.0.1:{other}/fhir/page2",
        "http://127.0.0.1:{port}/other/page2",
        "http://127.0.0.1:{port}/fhirx/page2",
        "http://127.0.0.1:{port}/fhir/../admin",
        "http://127.0.0.1:{port}/fhir/%2e%2e/admin",
        "http://127.0.0.1:{port}@evil.example/fhir/page2",
        "http://evil.example@127.0.0.1:{port}/fhir/page2",
        "http://127.0.0.1:{port}\\@evil.example/fhir/page2",
        "http://169.254.169.254/fhir/page2",
        "http://[::1]:{port}/fhir/page2",
        "http://[::ffff:127.0.0.1]:{port}/fhir/page2",
        "http://127.1:{port}/fhir/page2",
        "http://2130706433:{port}/fhir/page2",
        "//evil.example/fhir/page2",
        "/admin",
        "../admin",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/fhir/page2",
        "javascript:alert(1)",
        "http://[broken/fhir/page2",
        "http://127.0.0.1:99999/fhir/page2",
    ],
)
def test_no_page_is_fetched_from_elsewhere(server: StandIn, following: str) -> None:
    with fhir_stand_in() as other:
        url = following.format(port=server.port, other=other.port)
        server.answer("Condition", bundle(condition(1), following=url))
        got = ask(server, CONDITIONS)["conditions"]
        assert got.problem is Problem.FOREIGN_PAGE
        assert server.targets() == ["/fhir/Condition?patient=p1&_count=200"]
        assert other.asked == []


@pytest.mark.requirement("E6")
def test_pages_that_never_end_are_left_and_the_bundle_says_so(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking_module, "MAX_PAGES", 3)
    for number in range(9):
        server.answer(f"page{number}", bundle(condition(number), following=f"page{number + 1}"))
    got = ask(server, Query(key="conditions", path="page0"))["conditions"]
    assert got.problem is Problem.TOO_MANY_PAGES
    assert ids(got) == ["c0", "c1", "c2"]
    assert json.loads(got.value or b"")["link"] == [{"relation": "next", "url": "page3"}]


@pytest.mark.requirement("E6")
def test_a_page_that_leads_to_itself_ends(server: StandIn) -> None:
    server.answer("Condition", bundle(condition(1), following="Condition?page=1"))
    got = ask(server, CONDITIONS)["conditions"]
    assert got.problem is Problem.TOO_MANY_PAGES
    assert len(server.asked) == 2


def test_a_later_page_that_fails_leaves_the_first_as_incomplete(server: StandIn) -> None:
    server.answer("Condition", bundle(condition(1), following="page2"))
    server.answer("page2", raw(500, b"{}"))
    got = ask(server, CONDITIONS)["conditions"]
    assert (got.problem, ids(got)) == (Problem.SERVER_ERROR, ["c1"])
    assert "link" in json.loads(got.value or b"")


@pytest.mark.requirement("E8")
def test_a_server_that_is_not_there_is_told_so() -> None:
    with fhir_stand_in() as gone:
        pass
    assert ask(gone, CONDITIONS)["conditions"].problem is Problem.UNREACHABLE


@pytest.mark.requirement("E8")
def test_a_name_that_cannot_be_looked_up_is_told_so(server: StandIn) -> None:
    def fail(_host: str, _port: int) -> list[str]:
        raise OSError("no such host")

    asking = FhirClient(lambda _: open_session(resolve=fail))
    got = ask(server, CONDITIONS, asking=asking)["conditions"]
    assert got.problem is Problem.UNREACHABLE


@pytest.mark.requirement("E8")
def test_a_server_whose_certificate_is_not_good_is_told_so(server: StandIn) -> None:
    access = FhirAccess(server.base.replace("http:", "https:"), TOKEN)
    got = FhirClient().fetch(client_of(server), access, [CONDITIONS], 2.0)
    assert got["conditions"].problem is Problem.UNREACHABLE
    assert server.asked == []


@pytest.mark.requirement("E4", "F6")
def test_a_dead_server_is_left_alone_for_a_while() -> None:
    with fhir_stand_in() as gone:
        pass
    asking = FhirClient()
    for _ in range(circuit.FAILURES_TO_OPEN):
        ask(gone, CONDITIONS, asking=asking)
    with fhir_stand_in() as other:
        other.answer("Condition", bundle(condition(1)))
        assert ask(gone, CONDITIONS, asking=asking)["conditions"].problem is Problem.UNREACHABLE
        assert ask(other, CONDITIONS, asking=asking)["conditions"].problem is None


@pytest.mark.requirement("E4")
def test_one_call_with_many_queries_is_one_failure() -> None:
    with fhir_stand_in() as gone:
        pass
    asking = FhirClient()
    ask(gone, *(Query(key=f"k{n}", path=f"T{n}?a=1") for n in range(10)), asking=asking)
    with fhir_stand_in() as back:
        back.answer("Condition", bundle(condition(1)))
        gone.port = back.port
        assert ids(ask(gone, CONDITIONS, asking=asking)["conditions"]) == ["c1"]


@pytest.mark.requirement("E4", "F6")
def test_a_server_that_reads_and_never_searches_is_left_alone_too(server: StandIn) -> None:
    server.answer("Patient/p1", resource(PATIENT))
    server.answer("Condition", after(1.0, bundle()))
    asking, read = FhirClient(), Query(key="patient", path="Patient/p1")
    for _ in range(circuit.FAILURES_TO_OPEN):
        assert ask(server, read, CONDITIONS, asking=asking, budget=0.2)["patient"].problem is None
    assert ask(server, read, asking=asking)["patient"].problem is Problem.UNREACHABLE


@pytest.mark.requirement("D22", "F6")
def test_one_client_does_not_hold_every_thread(server: StandIn) -> None:
    server.answer("Condition", after(1.5, bundle()))
    asking = FhirClient()
    with ThreadPoolExecutor(8) as threads:
        calls = [
            threads.submit(ask, server, CONDITIONS, asking=asking, budget=1.0) for _ in "x" * 8
        ]
        problems = Counter(call.result()["conditions"].problem for call in calls)
    assert problems == {Problem.TIMEOUT: 6, Problem.BUSY: 2}


def test_a_circuit_closes_again_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(circuit.time, "monotonic", lambda: now[0])
    watched = circuit.Circuit()
    for _ in range(circuit.FAILURES_TO_OPEN):
        assert watched.is_closed()
        watched.note(worked=False)
    assert not watched.is_closed()
    now[0] += circuit.OPEN_SECONDS
    assert watched.is_closed()


@pytest.mark.requirement("FHIR-3", "D9")
def test_the_token_is_in_no_repr() -> None:
    assert TOKEN not in repr(FhirAccess("https://fhir.example", TOKEN))


@pytest.mark.requirement("D8")
def test_no_proxy_and_no_netrc_of_the_machine_is_used(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    server.answer("Condition", bundle())
    assert ask(server, CONDITIONS)["conditions"].problem is None
    assert server.asked[0].authorization == f"Bearer {TOKEN}"


def test_no_cookie_is_kept(server: StandIn) -> None:
    seen: list[str | None] = []

    def answer(handler: Any) -> None:
        seen.append(handler.headers.get("Cookie"))
        handler.send(200, b'{"resourceType": "Bundle"}', Set_Cookie="a=b")

    server.answer("Condition", answer)
    asking = FhirClient()
    ask(server, CONDITIONS, asking=asking)
    ask(server, CONDITIONS, asking=asking)
    assert seen == [None, None]
