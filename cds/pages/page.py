"""How does a page leave the service? Rendered on the server, with nothing a browser might run."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template

# Nothing from another host, nothing inline, no script, no frame; a form may only come back here.
PAGE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

_HUMP = re.compile(r"(?<=[a-z])([A-Z])")


def send_page(template: str, status: int = 200, **values: Any) -> Response:
    """Render a template, in which every value is escaped, and send it with the headers above."""
    response = make_response(render_template(template, label=read_name, **values), status)
    response.headers.update(PAGE_HEADERS)
    return response


def read_name(name: str) -> str:
    """Write one of our own names as people read it: "main_outcome" becomes "Main outcome".

    What is written for people already, such as "CRP", stays.
    """
    words = _HUMP.sub(lambda hump: f" {hump[1].lower()}", name).replace("_", " ").strip()
    return words[:1].upper() + words[1:]
