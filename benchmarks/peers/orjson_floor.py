"""What is the least an untyped service costs? Flask, orjson into dicts, a trivial rule."""

import orjson  # type: ignore[import-not-found]  # installed for the benchmark only
from flask import Flask, Response, request

from benchmarks.peers.rule import CARD, fires_on_dicts

app = Flask(__name__)


@app.post("/")
def answer() -> Response:
    call = orjson.loads(request.get_data(cache=False))
    fires = fires_on_dicts(
        entry["resource"] for value in call["prefetch"].values() for entry in value.get("entry", ())
    )
    return Response(orjson.dumps({"cards": [CARD] if fires else []}), mimetype="application/json")
