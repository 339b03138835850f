"""What does each step of an evaluation cost? One body after the other, in one process, no HTTP."""

import gc
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar
from uuid import uuid4

from benchmarks.peers import msgspec_floor
from benchmarks.results import middle
from cds import clock, gunicorn_conf
from cds.hooks.cards import CardWriter
from cds.hooks.catalogue import PATIENT_VIEW, build_catalogue
from cds.hooks.prefetch import Filled, fill_templates
from cds.hooks.request import read_hook_request
from cds.settings import Settings
from cds.strict_json import check_json
from rules.assessment import assess
from rules.fhir_reader import read_facts
from rules.knowledge import load_knowledge

Made = TypeVar("Made")

# The steps of the service in their order, and what the typed floor does with the same body.
STRICT, OPENING, READING, JUDGING, CARDS = "strict JSON", "opening", "reading", "judging", "cards"
STEPS = (STRICT, OPENING, READING, JUDGING, CARDS)
FLOOR = "the typed floor's decoding"


def measure_steps(
    bodies: Mapping[str, bytes], today: date, rounds: int
) -> dict[str, dict[str, float]]:
    """Give the CPU ms of each step for each body, medians over rounds.

    The collector of garbage is set as in the service, by the settings that are imported here.
    """
    walk = _Walk(today)
    gunicorn_conf.when_ready(None)
    try:
        return {size: walk.time(body, rounds) for size, body in bodies.items()}
    finally:
        gc.unfreeze()


class _Walk:
    """The service's own path from a body to its cards, with a watch at each step."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._knowledge = load_knowledge()
        self._service = build_catalogue(self._knowledge)[PATIENT_VIEW]
        self._writer = CardWriter(self._knowledge, Settings(), uuid4, clock.now)
        self._times: dict[str, list[float]] = {}

    def time(self, body: bytes, rounds: int) -> dict[str, float]:
        """Give the CPU ms of each step. The first round warms up and does not count."""
        for number in range(rounds + 1):
            if number <= 1:
                self._times = {}
            self._go(body)
        return {step: middle(times) for step, times in self._times.items()}

    def _go(self, body: bytes) -> None:
        self._watch(FLOOR, lambda: msgspec_floor.read_call(body))
        self._watch(STRICT, lambda: check_json(body))
        patient_id, filled = self._watch(OPENING, lambda: self._open(body))
        facts = self._watch(
            READING,
            lambda: read_facts(filled.resources, patient_id, self._knowledge, filled.not_obtained),
        )
        judged = self._watch(JUDGING, lambda: assess(facts, self._today, self._knowledge))
        self._watch(CARDS, lambda: self._writer.write_cards(judged, "0", self._writer.now()))

    def _open(self, body: bytes) -> tuple[str, Filled]:
        call = read_hook_request(body, self._service.hook)
        return call.context.patient_id, fill_templates(call.prefetch, self._service.prefetch)

    def _watch(self, step: str, act: Callable[[], Made]) -> Made:
        start = time.process_time()
        made = act()
        self._times.setdefault(step, []).append((time.process_time() - start) * 1000)
        return made
