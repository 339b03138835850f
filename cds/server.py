"""How does `trd-cds serve` run the service? gunicorn, with the settings a container uses too."""

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from cds import gunicorn_conf


class GunicornServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn around an application that is already built."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self._app = app
        self._bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Take the settings of gunicorn_conf that this version of gunicorn knows."""
        for name, value in vars(gunicorn_conf).items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)
        self.cfg.set("bind", self._bind)

    def load(self) -> Flask:
        """Give the application to the workers."""
        return self._app
