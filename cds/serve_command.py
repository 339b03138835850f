"""How is the service run from a shell? It says where it is, and what to try first."""

import click

from cds import clock
from cds.app import create_app
from cds.operations.listening import CannotListenError, check_address
from cds.operations.request_log import write_log_to_stderr
from cds.report_text import write_start
from cds.review.demo_people import tell_demo_links
from cds.settings import SettingsError
from cds.shell import settings_or_stop, stop
from cds.store.errors import UnusableStoreError
from rules.knowledge import KnowledgeError

# Nobody can call "every address"; this machine at least can call itself.
_CALLED_AT = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - named here, not bound


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port to listen on.",
)
def serve_command(host: str, port: int) -> None:
    """Run the service until Ctrl-C.

    Settings come from TRD_CDS_… variables.
    """
    from cds.server import GunicornServer  # noqa: PLC0415 - only this command needs the server

    settings = settings_or_stop()
    listening = f"http://{_in_url(_CALLED_AT.get(host, host))}:{port}"
    if "public_url" not in settings.model_fields_set:
        settings = settings.model_copy(update={"public_url": listening})
    try:
        check_address(host, port)
        app = create_app(settings)
    except CannotListenError as error:
        address = f"{_in_url(host)}:{port}"
        raise stop(
            f"cannot listen on {address}: {error}; another port: --port, or make run PORT=…"
        ) from None
    except (KnowledgeError, SettingsError, UnusableStoreError) as error:
        raise stop(str(error)) from None
    write_log_to_stderr()
    signed = settings.trusted_clients is not None
    click.echo(write_start(listening, settings.public_url, signed=signed))
    if settings.profile == "demo":
        click.echo(tell_demo_links(settings, clock.now), nl=False)
    GunicornServer(app, host, port).run()


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
