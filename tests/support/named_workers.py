"""The service as it is shipped, with the worker that answered named in a header.

For gunicorn: `tests.support.named_workers:build()`.
"""

import os

from flask import Flask, Response

from cds import wsgi

WORKER = "X-Worker"


def build() -> Flask:
    """Build the service. The process is asked for at every answer: workers are forked off later."""
    app = wsgi.build()

    @app.after_request
    def name_the_worker(response: Response) -> Response:
        response.headers[WORKER] = str(os.getpid())
        return response

    return app
