"""What do operators count? For all workers together, and never anything a patient is in.

Labels are names of our own: routes, statuses, clients of the registry, kinds of card and problem.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from flask import Blueprint, Response, request

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def _share_between_workers() -> None:
    """Give the workers one folder to count in; the library looks for it when it is imported."""
    if _FOLDER in os.environ:
        return
    folder, owner = tempfile.mkdtemp(prefix="trd-cds-metrics-"), os.getpid()
    os.environ[_FOLDER] = folder

    def remove() -> None:
        if os.getpid() == owner:  # a worker that ends leaves the folder to the others
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)


def _keep_folder() -> None:
    """Make the folder anew where a cleaner of temporary files removed it; see its counts go."""
    Path(os.environ[_FOLDER]).mkdir(mode=0o700, parents=True, exist_ok=True)


_share_between_workers()
os.register_at_fork(before=_keep_folder)  # a worker that is started later counts too

from prometheus_client import (  # noqa: E402 - after the folder is named, see above
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily  # noqa: E402
from prometheus_client.registry import Collector  # noqa: E402

REQUESTS = Counter("trd_cds_requests", "Requests answered", ["route", "status"])
SECONDS = Histogram(
    "trd_cds_request_seconds",
    "Time to an answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0),
)
REFUSED_TOKENS = Counter("trd_cds_refused_tokens", "Calls that were not admitted", ["reason"])
FETCHES = Counter(
    "trd_cds_fetches", "Queries to the FHIR servers of clients", ["client", "problem"]
)
NOT_OBTAINED = Counter(
    "trd_cds_not_obtained", "Calls answered with 412 for want of data", ["client", "kind"]
)
DECISIONS = Counter(
    "trd_cds_decisions",
    "Evaluations, by what was found",
    ["client", "service", "mode", "resistance", "inflammation"],
)
CARDS = Counter("trd_cds_cards", "Cards that were due", ["client", "service", "kind", "shown"])
# By version of the knowledge, the first 12 signs of its SHA-256: what a broken code list changes.
EVALUATED = Counter(
    "trd_cds_evaluated",
    "Evaluations, by version of the knowledge",
    ["client", "service", "knowledge"],
)
FIRED = Counter(
    "trd_cds_fired",
    "Evaluations with an evidence or order card due, by version of the knowledge",
    ["client", "service", "knowledge"],
)
NOT_EVALUABLE = Counter(
    "trd_cds_not_evaluable",
    "Evaluations that could not tell, by version of the knowledge",
    ["client", "service", "knowledge"],
)
UNKNOWN_CODES = Counter(
    "trd_cds_unknown_codes",
    "Entries of records whose codes no table knows, by kind and version of the knowledge",
    ["client", "knowledge", "kind"],
)
FEEDBACK = Counter("trd_cds_feedback", "Feedback on cards", ["client", "outcome"])
UNKNOWN_FEEDBACK = Counter(
    "trd_cds_unknown_feedback", "Feedback on cards that are not this client's", ["client"]
)


class StateGauge(Collector):
    """What is so now rather than counted: 1 for what holds, 0 for what does not.

    It is asked at every scrape, by whichever worker answers, so none tells what was.
    """

    def __init__(
        self,
        name: str,
        about: str,
        labels: tuple[str, ...],
        ask: Callable[[], Iterable[tuple[tuple[str, ...], bool]]],
    ) -> None:
        self._said = (name, about, labels)
        self._ask = ask

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give the lines of one scrape."""
        name, about, labels = self._said
        gauge = GaugeMetricFamily(name, about, labels=labels)
        for values, holds in self._ask():
            gauge.add_metric(values, float(holds))
        yield gauge


def metrics_routes(*states: StateGauge) -> Blueprint:
    """Give `/metrics`, as Prometheus reads it: what all workers counted, and what is so now."""
    routes = Blueprint("metrics", __name__)

    @routes.get("/metrics")
    def tell_metrics() -> Response:
        _keep_folder()
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        for state in states:
            registry.register(state)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return routes


def count_answer(status: int, seconds: float) -> None:
    """Count the answer to the request under way. The route is its pattern, never its address."""
    route = request.url_rule.rule if request.url_rule else "none"
    REQUESTS.labels(route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def forget_worker(pid: int) -> None:
    """Let go of what a worker that ended held open; its counts stay."""
    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
