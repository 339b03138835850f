"""Are the timed calls what they are said to be: of their size, of one patient, with a card due?"""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from benchmarks import charts
from benchmarks.__main__ import main
from benchmarks.bodies import (
    ENDPOINT,
    KEYS,
    SIGNED_BYTES,
    SIGNED_SIZE,
    SIZES,
    make_body,
    read_call,
    with_new_instance,
    write_call,
)
from benchmarks.charts import BUNDLES, NoChartsError, resources_of
from benchmarks.contestants import CONTESTANTS, SERVICE
from benchmarks.imports import models_after_a_call
from benchmarks.many_resources import make_call
from benchmarks.peers.msgspec_floor import app as typed_floor
from benchmarks.results import Results
from benchmarks.servers import holds_card
from benchmarks.steps import FLOOR, STEPS, measure_steps
from cds import clock
from cds.app import create_app
from cds.hooks.catalogue import PATIENT_VIEW, build_catalogue
from cds.settings import Settings
from rules.knowledge import load_knowledge

needs_charts = pytest.mark.skipif(
    not BUNDLES.is_dir(), reason=f"the sample charts are not beside the checkout, in {BUNDLES}"
)
ON = date(2026, 6, 30)
ALL_SIZES = {**SIZES, SIGNED_SIZE: SIGNED_BYTES}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings()).test_client()


def resources_in(body: bytes) -> list[dict[str, Any]]:
    prefetch = msgspec.json.decode(body)["prefetch"]
    entries = (entry for value in prefetch.values() for entry in value.get("entry", ()))
    return [entry["resource"] for entry in entries]


@needs_charts
@pytest.mark.parametrize("name", ALL_SIZES)
def test_a_body_has_its_named_size(name: str) -> None:
    assert len(make_body(ALL_SIZES[name], ON)) == pytest.approx(ALL_SIZES[name], rel=0.1)


@needs_charts
@pytest.mark.parametrize("name", ALL_SIZES)
def test_the_rule_fires_on_a_body(name: str, client: FlaskClient) -> None:
    body = make_body(ALL_SIZES[name], clock.today())
    answer = client.post(ENDPOINT, data=body, content_type="application/json")
    service = next(each for each in CONTESTANTS if each.name == SERVICE)
    assert holds_card(answer.data, service)


@needs_charts
def test_the_trivial_rule_fires_on_a_body_too() -> None:
    answer = typed_floor.test_client().post("/", data=make_body(SIZES["59 KB"], ON))
    assert len(answer.get_json()["cards"]) == 1


@needs_charts
def test_all_resources_of_a_body_are_one_patients_under_ids_of_their_own() -> None:
    resources = resources_in(make_body(SIZES["10 MB"], ON))
    ids = Counter((each["resourceType"], each["id"]) for each in resources)
    assert max(ids.values()) == 1
    assert {each["subject"]["reference"] for each in resources} == {"Patient/vignette-C01"}


@needs_charts
def test_a_small_body_and_a_large_one_hold_the_same_mix() -> None:
    def share_of_observations(name: str) -> float:
        kinds = [each["resourceType"] for each in resources_in(make_body(SIZES[name], ON))]
        return kinds.count("Observation") / len(kinds)

    assert share_of_observations("555 KB") == pytest.approx(share_of_observations("10 MB"), abs=0.1)


@needs_charts
def test_the_charts_begin_again_under_new_ids() -> None:
    stream = resources_of("p", frozenset({"MedicationAdministration"}))
    ids = [next(stream)["id"] for _ in range(50)]
    assert len(set(ids)) == len(ids)


def test_without_the_charts_the_reason_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(charts, "BUNDLES", tmp_path)
    with pytest.raises(NoChartsError, match="Chanell45_Ratke343 was not found"):
        next(resources_of("p", frozenset({"Patient"})))


def test_a_run_without_the_charts_is_skipped_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_plan: object, _today: date) -> Results:
        raise NoChartsError("the real chart X was not found")

    monkeypatch.setattr("benchmarks.__main__.run", run)
    told = CliRunner().invoke(main, ["--quick"])
    assert (told.exit_code, told.output) == (
        0,
        "bench: skipped, because the real chart X was not found\n",
    )


def test_a_call_of_the_benchmark_fills_the_keys_the_service_asks_for() -> None:
    templates = build_catalogue(load_knowledge())[PATIENT_VIEW].prefetch
    assert read_call(ON)["prefetch"].keys() == {template.key for template in templates}
    types = {template.key: template.resource_type for template in templates}
    assert {kind: types[key] for kind, key in KEYS.items()} == {kind: kind for kind in KEYS}


def test_every_call_is_a_new_one_and_otherwise_the_same() -> None:
    body = write_call(read_call(ON))
    calls = [msgspec.json.decode(with_new_instance(body)) for _ in range(3)]
    assert len({UUID(call.pop("hookInstance")) for call in calls}) == 3
    assert calls[0] == calls[1] == calls[2]


def test_many_resources_are_as_many_as_said_and_are_all_read(client: FlaskClient) -> None:
    body = make_call(20, ON)
    kinds = Counter(each["resourceType"] for each in resources_in(body))
    assert kinds == {"Observation": 20, "MedicationRequest": 19}
    answer = client.post(ENDPOINT, data=body, content_type="application/json")
    assert answer.status_code == 200


def test_a_call_that_was_refused_says_nothing_about_what_was_loaded() -> None:
    assert models_after_a_call(b"{}") is None


def test_a_hook_call_does_not_load_fhir_resources() -> None:
    assert models_after_a_call(write_call(read_call(clock.today()))) is False


def test_every_step_of_a_call_is_timed() -> None:
    body = write_call(read_call(clock.today()))
    steps = measure_steps({"small": body}, clock.today(), rounds=2)["small"]
    assert list(steps) == [FLOOR, *STEPS]
    assert [step for step, cpu_ms in steps.items() if cpu_ms <= 0] == []
