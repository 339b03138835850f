"""Which web pages may call? The origins of trusted clients, letter by letter, and no others."""

import re

from flask import Flask, Response
from flask_cors import CORS

from cds.demo_ehr.routes import PATH as DEMO_FHIR
from cds.ehr.trusted_clients import DEMO_CLIENT, TrustedClients

_HEADERS = ("Authorization", "Content-Type")
_METHODS = ("GET", "POST", "OPTIONS")
_KEPT_SECONDS = 600


def allow_origins(app: Flask, clients: TrustedClients, *, demo: bool) -> None:
    """Answer preflights and mark every answer, errors included, for the clients' web pages.

    A preflight names no client, so it is answered for the pages of all; whose page may make a call
    is decided when the call comes. No origin is set where no client runs in a browser.
    """
    everybody = clients.clients or ((DEMO_CLIENT,) if demo else ())
    origins = sorted({origin for client in everybody for origin in client.cors_origins})
    if not origins:
        return

    @app.after_request
    def tell_caches(response: Response) -> Response:
        # The library leaves this out where there is one origin, and a cache would then hand the
        # answer for one page to every other.
        response.vary.add("Origin")
        return response

    CORS(
        app,
        resources={r"/cds-services(/.*)?": {}, rf"{DEMO_FHIR}/.*": {}},
        # As patterns, because the library reads a text such as http://[::1]:8080 as one, and
        # compares the others without regard to case.
        origins=[re.compile(rf"{re.escape(origin)}\Z") for origin in origins],
        methods=list(_METHODS),
        allow_headers=list(_HEADERS),
        max_age=_KEPT_SECONDS,
        send_wildcard=False,
        always_send=False,  # where no page asks, no page is named
        vary_header=False,  # set above, once and always
        supports_credentials=False,
    )
