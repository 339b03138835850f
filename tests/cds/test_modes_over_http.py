"""Does a switched mode decide what a call is answered with, and what is written down of it?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cds import clock
from cds.ehr.trusted_clients import Mode
from cds.hooks.catalogue import ORDER_SIGN, PATIENT_VIEW, build_catalogue
from cds.modes import EVALUATE, SERVICES, Modes
from cds.store.database import Store, open_store
from cds.store.mode_switches import ModeSwitches, Scope
from cds.store.schema import cards, decisions
from rules.knowledge import Knowledge
from tests.cds.charts import bundle, hook_request
from tests.cds.trusted import ENDPOINT, QUIET, Trusting, trusting, with_access
from tests.support.fhir_stand_in import StandIn, fhir_stand_in

EVERYTHING: Scope = (None, None)


@pytest.fixture
def server() -> Iterator[StandIn]:
    with fhir_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def service(knowledge: Knowledge, tmp_path: Path, server: StandIn) -> Iterator[Trusting]:
    with trusting(knowledge, tmp_path, server) as running:
        yield running


@pytest.fixture
def store(service: Trusting, tmp_path: Path) -> Iterator[Store]:  # noqa: ARG001 - makes the store
    opened = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    yield opened
    opened.close()


def switch(store: Store, mode: Mode, scope: Scope = EVERYTHING) -> None:
    """Switch before the first call, as another process does."""
    ModeSwitches(store).add(mode, scope, "anna", "a test", clock.now())


def rows(store: Store, table: Any = decisions) -> list[dict[str, Any]]:
    with store.reading() as connection:
        return [dict(row) for row in connection.execute(table.select()).mappings()]


def test_every_service_that_is_offered_can_be_switched(knowledge: Knowledge) -> None:
    assert {*SERVICES} == {*build_catalogue(knowledge), EVALUATE}


@pytest.mark.requirement("B6", "RESP-9")
def test_a_live_client_that_was_made_silent_is_evaluated_and_shown_nothing(
    service: Trusting, store: Store
) -> None:
    switch(store, "silent", ("live", None))
    assert service.cards(hook_request()) == []
    (row,) = rows(store)
    assert (row["mode"], row["outcome"], row["shown"]) == ("silent", "evaluated", False)
    assert [each["shown"] for each in rows(store, cards)] == [False]


@pytest.mark.requirement("B6")
def test_a_silent_client_that_was_made_live_is_shown_its_card(
    service: Trusting, store: Store
) -> None:
    switch(store, "live", ("quiet", PATIENT_VIEW))
    assert len(service.cards(hook_request(), QUIET)) == 1
    (row,) = rows(store)
    assert (row["mode"], row["shown"]) == ("live", True)


@pytest.mark.requirement("B7", "RESP-9")
@pytest.mark.parametrize(
    "scope", [EVERYTHING, ("live", None), (None, PATIENT_VIEW), ("live", PATIENT_VIEW)]
)
def test_what_is_off_is_answered_with_no_cards_and_why_is_recorded(
    service: Trusting, store: Store, scope: Scope
) -> None:
    switch(store, "off", scope)
    assert service.cards(hook_request()) == []
    (row,) = rows(store)
    assert (row["mode"], row["outcome"], row["resistance"], row["answer"]) == (
        "off",
        "switched_off",
        "not_judged",
        {},
    )
    assert rows(store, cards) == []


@pytest.mark.requirement("B7")
def test_what_is_off_asks_nobody_for_data_and_reads_none(
    service: Trusting, store: Store, server: StandIn
) -> None:
    switch(store, "off")
    body = with_access(
        {**hook_request(), "prefetch": {"conditions": {"resourceType": "no"}}}, server
    )
    assert service.cards(body) == []
    assert server.targets() == []


@pytest.mark.requirement("B7")
def test_what_is_off_is_still_ready(service: Trusting, store: Store) -> None:
    switch(store, "off")
    answer = service.web.get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "ready")


@pytest.mark.requirement("D1")
def test_what_is_off_still_lets_in_trusted_clients_alone(service: Trusting, store: Store) -> None:
    switch(store, "off")
    assert service.post(ENDPOINT, hook_request(), signer=None).status_code == 401


def test_another_service_goes_on(service: Trusting, store: Store) -> None:
    switch(store, "off", (None, ORDER_SIGN))
    assert len(service.cards(hook_request())) == 1


@pytest.mark.requirement("B6")
def test_the_mode_is_decided_once_for_a_call(
    service: Trusting, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["live"])
    monkeypatch.setattr(Modes, "mode_of", lambda *_: next(answers))
    assert len(service.cards(hook_request())) == 1
    (row,) = rows(store)
    assert (row["mode"], row["shown"]) == ("live", True)


@pytest.mark.parametrize("mode", ["off", "silent"])
def test_who_posts_a_bundle_is_told_the_assessment_and_no_card(
    service: Trusting, store: Store, mode: Mode
) -> None:
    switch(store, mode, (None, EVALUATE))
    answer = service.post("/evaluate", bundle()).get_json()
    assert (answer["cards"], answer["assessment"]["asOf"]) == ([], "2026-06-30")
    (row,) = rows(store)
    assert (row["mode"], row["outcome"], row["shown"]) == (mode, "evaluated", False)


@pytest.mark.requirement("B6", "B7")
def test_the_modes_in_force_are_told_to_operators(service: Trusting, store: Store) -> None:
    switch(store, "off", (None, ORDER_SIGN))
    told = {
        (labels["client"], labels["service"]): labels["mode"]
        for family in text_string_to_metric_families(service.web.get("/metrics").text)
        for name, labels, value, *_ in family.samples
        if name == "trd_cds_mode" and value == 1
    }
    in_force = {("live", each): "live" for each in SERVICES}
    in_force |= {("quiet", each): "silent" for each in SERVICES}
    assert told == in_force | dict.fromkeys([("live", ORDER_SIGN), ("quiet", ORDER_SIGN)], "off")


def test_each_mode_has_a_line_so_that_a_graph_has_no_gap(service: Trusting) -> None:
    families = text_string_to_metric_families(service.web.get("/metrics").text)
    (gauge,) = [each for each in families if each.name == "trd_cds_mode"]
    assert len(gauge.samples) == 2 * len(SERVICES) * 3
