"""What does a WSGI server load? `gunicorn --config python:cds.gunicorn_conf 'cds.wsgi:build()'`."""

import sys

from flask import Flask

from cds.app import create_app
from cds.operations.request_log import write_log_to_stderr
from cds.settings import SettingsError, load_settings
from rules.knowledge import KnowledgeError


def build() -> Flask:
    """Build the service from the environment; a bad setting or file ends the process with a line.

    Exit status 4 tells gunicorn that the application cannot be loaded, so that it stops instead
    of starting workers again and again.
    """
    try:
        app = create_app(load_settings())
    except (SettingsError, KnowledgeError) as error:
        print(f"trd-cds: {error}", file=sys.stderr)  # noqa: T201 - the log is not set up yet
        sys.exit(4)
    write_log_to_stderr()
    return app
