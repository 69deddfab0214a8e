"""The worker class for people who must run EchoSphere under Gunicorn; see deploy/gunicorn.conf.py."""

import logging
from typing import Any

import uvicorn
from uvicorn_worker import UvicornWorker

from echosphere.commands.serve import DrainingServer, uvicorn_settings
from echosphere.monitoring import configure_logging


class Worker(UvicornWorker):  # type: ignore[misc]
    """Serves exactly as `echosphere serve` does; Gunicorn only starts and watches it."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if self.cfg.workers > 1:
            raise SystemExit(
                f"EchoSphere runs in one process here, not in {self.cfg.workers}: an SQLite "
                "database has one writer, and users in one process would not receive events "
                "from another. Set workers = 1; one process serves thousands of people. To run "
                "several processes, use `echosphere serve --workers N` without Gunicorn."
            )

    async def _serve(self) -> None:
        application = self.wsgi
        configure_logging(application.settings)
        _hand_logs_to_root()
        self.config = uvicorn.Config(
            application,
            callback_notify=self.callback_notify,
            timeout_notify=self.timeout,
            backlog=self.cfg.backlog,
            **uvicorn_settings(application),  # type: ignore[arg-type]
        )
        self._install_sigquit_handler()
        await DrainingServer(self.config, application).serve(sockets=self.sockets)


def _hand_logs_to_root() -> None:
    """Undo what the parent class did: all logs leave in one form, Gunicorn's own included."""
    for name in ("uvicorn.error", "uvicorn.access", "gunicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
