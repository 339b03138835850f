"""Is the process alive, and what exactly is running?"""

from importlib.metadata import version

from flask import Blueprint, Response

from cds.json_answer import write_json
from rules.knowledge import Knowledge


def health_routes(knowledge: Knowledge) -> Blueprint:
    """Give `/healthz` and `/version`; neither holds patient data."""
    routes = Blueprint("health", __name__)
    running = {
        "service": version("trd-cds"),
        "knowledge": {"version": knowledge.version, "sha256": knowledge.sha256},
        "rule": {"id": knowledge.rule_id, "version": knowledge.rule_version},
    }

    @routes.get("/healthz")
    def healthz() -> Response:
        return write_json({"status": "ok"})

    @routes.get("/version")
    def tell_version() -> Response:
        return write_json(running)

    return routes
