"""Are the counters of operators what the store would count too?"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from prometheus_client import REGISTRY

from cds.decision import CardRecord
from cds.monitoring.measures import count_watched
from rules.fhir_reader.unknown_codes import UnknownCode
from tests.cds.store.records import decision

CLIENT = "counted-here"
LABELS = {"client": CLIENT, "service": "trd-inflammation", "knowledge": "b" * 12}
NAMES = ("evaluated", "fired", "not_evaluable")


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"trd_cds_{name}_total", labels) or 0


@contextmanager
def rising(**expected: int) -> Iterator[None]:
    before = {name: value(name, **LABELS) for name in NAMES}
    yield
    risen = {name: value(name, **LABELS) - before[name] for name in NAMES}
    assert risen == {**dict.fromkeys(NAMES, 0), **expected}


def count(**changes: Any) -> None:
    count_watched(decision(client=CLIENT, **changes))


def test_a_card_that_was_due_is_counted() -> None:
    with rising(evaluated=1, fired=1):
        count()


def test_a_safety_card_alone_is_no_firing() -> None:
    with rising(evaluated=1):
        count(cards=(CardRecord(uuid="s", kind="safety"),))


def test_what_could_not_be_told_is_counted() -> None:
    with rising(evaluated=1, not_evaluable=1):
        count(cards=(), resistance="insufficient_data")


@pytest.mark.parametrize("outcome", ["switched_off", "evidence_expired"])
def test_what_was_not_evaluated_is_not_counted(outcome: str) -> None:
    with rising():
        count(outcome=outcome, unknown_codes={"marker_unit": 1})


def test_unknown_codes_are_counted_by_kind_and_version() -> None:
    labels = {"client": CLIENT, "knowledge": "b" * 12, "kind": UnknownCode.MARKER_UNIT.value}
    before = value("unknown_codes", **labels)
    count(unknown_codes={"marker_unit": 3})
    assert value("unknown_codes", **labels) - before == 3
