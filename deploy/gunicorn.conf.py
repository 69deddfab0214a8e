"""EchoSphere under Gunicorn: `gunicorn --config deploy/gunicorn.conf.py`, settings as ever.

Needs the extra packages of `pip install "echosphere[gunicorn]"`. `echosphere serve` does the same
with one process less; use this only where Gunicorn is what the place knows how to run.
"""

import os
import signal
from typing import Any

from echosphere.settings import load_settings

settings = load_settings()

wsgi_app = "echosphere.app:create_app()"
worker_class = "echosphere.gunicorn_worker.Worker"
workers = 1
bind = (
    f"[{settings.host}]:{settings.port}"
    if ":" in settings.host
    else f"{settings.host}:{settings.port}"
)

# Seconds: a worker that does not answer for this long is ended; a stopping one may drain.
timeout = 60
graceful_timeout = 40


def on_reload(server: Any) -> None:
    """Let the old worker go before the new one comes: only one may have the database open.

    The listening socket stays open meanwhile, so that people wait a moment instead of failing.
    """
    server.kill_workers(signal.SIGTERM)
    for process in list(server.WORKERS):
        # WNOWAIT leaves the burial to Gunicorn, which keeps the books of its workers.
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
