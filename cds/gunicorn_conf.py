"""How does gunicorn run the service? Threads, because a slow client must not hold a process."""

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
