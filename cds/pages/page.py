"""How does a page leave the service? Rendered on the server, and whole without any script."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, make_response, render_template, request, url_for

# Nothing from another host, nothing inline, no frame, and of scripts only the few files shipped in
# static; a form may only come back here.
PAGE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

# The pages that anybody may read: endpoint and words. A profile offers some of them.
_PLACES = (
    ("demo.show_home", "Demo"),
    ("evidence.show_evidence", "Evidence"),
    ("source_attributes.show_source_attributes", "Source attributes"),
    ("reference.show_document", "Routes"),
    ("review.show_queue", "Review"),
)

_HUMP = re.compile(r"(?<=[a-z])([A-Z])")


def send_page(template: str, status: int = 200, **values: Any) -> Response:
    """Render a template, in which every value is escaped, and send it with the headers above."""
    text = render_template(template, label=read_name, site_places=_places(), **values)
    response = make_response(text, status)
    response.headers.update(PAGE_HEADERS)
    return response


def _places() -> list[tuple[str, str, bool]]:
    """Give words, address, and whether it is the page that is open, of what is offered here."""
    return [
        (words, url_for(endpoint), request.endpoint == endpoint)
        for endpoint, words in _PLACES
        if endpoint in current_app.view_functions
    ]


def read_name(name: str) -> str:
    """Write one of our own names as people read it: "main_outcome" becomes "Main outcome".

    What is written for people already, such as "CRP", stays.
    """
    words = _HUMP.sub(lambda hump: f" {hump[1].lower()}", name).replace("_", " ").strip()
    return words[:1].upper() + words[1:]
