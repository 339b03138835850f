"""How does an operator switch modes, or see which are in force? The kill switch is here too.

No restart is needed: every worker reads the switches of the store again within seconds.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from cds import clock
from cds.ehr.trusted_clients import Mode, TrustedClient, clients_of
from cds.mode_in_force import MODES, ModeInForce, held_lower
from cds.modes import IN_FORCE_WITHIN_S, Modes, SwitchRefusedError
from cds.settings import SettingsError
from cds.shell import opened_store, settings_or_stop, stop
from cds.store.mode_switches import Switch

_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON.")
_AT_MOST = 100


@click.group("mode")
def mode_command() -> None:
    """Show or switch what clients are shown: off, silent or live.

    off: nothing is evaluated. silent: evaluated and written down, no card is shown. live: cards are
    shown. A running service follows without a restart.
    """


@mode_command.command("show")
@_JSON
def show_command(as_json: bool) -> None:
    """Tell the mode in force of each service of each client, and what holds it there."""
    with _modes(clients_known=True) as modes:
        in_force = modes.in_force()
    if as_json:
        click.echo(json.dumps({"modes": [_tell_mode(each) for each in in_force]}))
        return
    for line in _in_columns(in_force):
        click.echo(line)


@mode_command.command("history")
@click.option(
    "--last",
    default=_AT_MOST,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="How many switches at most.",
)
@_JSON
def history_command(last: int, as_json: bool) -> None:
    """Tell who switched what, when and why, the newest first."""
    with _modes(clients_known=False) as modes:
        switches = modes.history(last)
    if as_json:
        click.echo(json.dumps({"switches": [_tell_switch(each) for each in switches]}))
        return
    for switch in switches:
        click.echo(_in_words(switch))


@mode_command.command("set")
@click.argument("mode", type=click.Choice(MODES))
@click.option("--client", help="Name of one client, as in the registry.")
@click.option("--service", help="Id of one service.")
@click.option("--all", "everything", is_flag=True, help="All services of all clients.")
@click.option("--by", required=True, help="Who switches.")
@click.option("--because", required=True, help="Why; nothing that names a patient.")
@_JSON
def set_command(  # noqa: PLR0913 - one for each option
    *,
    mode: Mode,
    client: str | None,
    service: str | None,
    everything: bool,
    by: str,
    because: str,
    as_json: bool,
) -> None:
    """Switch a client, a service, one service of one client, or everything.

    The kill switch is `set off --all`. What is switched for all clients only lowers what a client
    has, until it is switched to live again.
    """
    if everything == bool(client or service):
        raise click.UsageError("say --all, or --client, or --service, or these two together")
    with _modes(clients_known=client is not None) as modes:
        try:
            switch = modes.switch(mode, (client, service), by=by, because=because)
        except SwitchRefusedError as error:
            raise stop(f"--{error.field}: {error}") from None
        lower = held_lower(switch, modes.in_force())
    if as_json:
        held = [_tell_mode(each) for each in lower]
        click.echo(json.dumps({"switched": _tell_switch(switch), "heldLower": held}))
        return
    click.echo(f"{_in_words(switch)}; in force within {IN_FORCE_WITHIN_S} seconds")
    for each in lower:
        click.echo(f"but {each.service} of {each.client} stays {each.mode}: {_held_by(each)}")


@contextmanager
def _modes(*, clients_known: bool) -> Iterator[Modes]:
    """Open the modes of this deployment.

    clients_known: clients are named, so the registry is read. The kill switch goes without: it must
    work also while somebody is at the registry.
    """
    settings = settings_or_stop()
    clients: tuple[TrustedClient, ...] = ()
    if clients_known:
        try:
            clients = clients_of(settings)
        except SettingsError as error:
            raise stop(str(error)) from None
    with opened_store(settings) as store:
        yield Modes(store, clock.now, clients)


def _in_columns(in_force: tuple[ModeInForce, ...]) -> Iterator[str]:
    rows = [("client", "service", "mode", "registry", "held by")]
    rows += [
        (each.client, each.service, each.mode, each.registry, _held_by(each)) for each in in_force
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _held_by(each: ModeInForce) -> str:
    return "; ".join(map(_in_words, each.held_by)) or "the registry"


def _in_words(switch: Switch) -> str:
    client, service = switch.client or "all clients", switch.service or "all services"
    when = _tell_time(switch.switched_at)
    return (
        f"{switch.mode}: {client}, {service}, by {switch.switched_by} at {when}, "
        f"because: {switch.because}"
    )


def _tell_mode(each: ModeInForce) -> dict[str, object]:
    return {
        "client": each.client,
        "service": each.service,
        "mode": each.mode,
        "registry": each.registry,
        "heldBy": [_tell_switch(switch) for switch in each.held_by],
    }


def _tell_switch(switch: Switch) -> dict[str, object]:
    return {
        "id": switch.id,
        "switchedAt": _tell_time(switch.switched_at),
        "switchedBy": switch.switched_by,
        "because": switch.because,
        "client": switch.client,
        "service": switch.service,
        "mode": switch.mode,
    }


def _tell_time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
