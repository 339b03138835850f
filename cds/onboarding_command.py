"""How does an operator get the page that a site connects a client with?"""

import click

from cds.ehr.trusted_clients import clients_of
from cds.onboarding import write_onboarding
from cds.settings import SettingsError, load_settings
from cds.shell import stop
from rules.knowledge import KnowledgeError, load_knowledge


@click.command("onboarding")
@click.option("--client", "name", help="Name of one client; every client unless given.")
def onboarding_command(name: str | None) -> None:
    """Write the page that a client is connected with.

    It is Markdown, made from the settings and the registry that the service would run with.
    """
    try:
        settings = load_settings()
        knowledge = load_knowledge(site=settings.site_knowledge)
        clients = clients_of(settings)
    except (SettingsError, KnowledgeError) as error:
        raise stop(str(error)) from None
    chosen = [client for client in clients if name in (None, client.name)]
    if not chosen:
        known = ", ".join(client.name for client in clients)
        raise stop(f"--client: is not in the registry; known are {known}")
    signed = settings.trusted_clients is not None
    pages = [write_onboarding(client, settings, knowledge, signed=signed) for client in chosen]
    click.echo("\n".join(pages), nl=False)
