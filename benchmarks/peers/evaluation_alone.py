"""What does the evaluation cost alone? The service's own path from a call to its cards.

Strict JSON, the envelope, the prefetch, the facts, the assessment and the cards are the shipped
ones. Nobody is admitted, nothing is written down and nothing is logged.
"""

from flask import Flask, Response, request

from cds import clock
from cds.app import build_evaluator
from cds.hooks.catalogue import PATIENT_VIEW, build_catalogue
from cds.hooks.prefetch import fill_templates
from cds.hooks.request import read_hook_request
from cds.http_body import read_json_body
from cds.json_answer import write_json
from cds.settings import Settings
from rules.knowledge import load_knowledge

_settings = Settings()
_knowledge = load_knowledge()
_service = build_catalogue(_knowledge)[PATIENT_VIEW]
_evaluator = build_evaluator(_knowledge, _settings)

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = _settings.max_body_bytes + 1


@app.post("/")
def answer() -> Response:
    call = read_hook_request(read_json_body(request), _service.hook)
    filled = fill_templates(call.prefetch, _service.prefetch)
    evaluation = _evaluator.evaluate(
        filled.resources, call.context.patient_id, clock.today(), filled.not_obtained
    )
    return write_json({"cards": [card.to_wire() for card in evaluation.cards]})
