"""How does JSON leave the service?"""

from typing import Any

import msgspec
from flask import Response

JSON = "application/json"


def write_json(value: Any, status: int = 200) -> Response:
    """Write an answer as JSON."""
    return send_json(msgspec.json.encode(value), status)


def send_json(body: bytes, status: int) -> Response:
    """Send JSON that is already written; no cache on the way keeps it, no browser guesses at it."""
    response = Response(body, status=status, mimetype=JSON)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
