"""How does gunicorn run the service? Threads, because a slow client must not hold a process."""

import gc
from typing import Any

# gthread, made to repeat nothing of a request it cannot read.
worker_class = "cds.gunicorn_worker.QuietWorker"
workers = 2
threads = 8
timeout = 30
graceful_timeout = 10
keepalive = 5
# Loaded once before the workers are made: they share the knowledge, and a fault stops the start.
preload_app = True
# The service writes its own request log; gunicorn's would hold query strings.
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True

# A chart becomes tens of thousands of small objects, and hardly any of them forms a cycle. With
# Python's own threshold the collector would look through them, and through all the knowledge,
# dozens of times for one request.
OBJECTS_BEFORE_COLLECTING = 50_000
_GENERATIONS = (OBJECTS_BEFORE_COLLECTING, 20, 50)
# Here and not in a hook: the application is loaded before any hook is called, and what it loads
# stays. It saves a tenth of the start.
gc.set_threshold(*_GENERATIONS)


def when_ready(_server: object) -> None:
    """Leave what was loaded at the start out of every garbage collection of the workers."""
    gc.collect()
    gc.freeze()


def child_exit(_server: object, worker: Any) -> None:
    """Let go of what a worker that ended counted with."""
    from cds.operations.metrics import forget_worker  # noqa: PLC0415 - after the folder is named

    forget_worker(worker.pid)


# gunicorn believes some headers of a proxy on this machine. With SCRIPT_NAME a caller could reach
# /metrics below a path that the proxy does not guard, and the service has no use for any of them.
forwarded_allow_ips = ""
