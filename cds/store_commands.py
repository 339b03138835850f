"""How does an operator look after the store? Migrate it, purge it, export or forget a patient."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
import msgspec

from cds import clock
from cds.settings import Settings
from cds.shell import opened_store, settings_or_stop, store_or_stop
from cds.store.database import Store
from cds.store.errors import UnusableStoreError
from cds.store.migration import migrate
from cds.store.patient_records import PatientRecords
from cds.store.pseudonym import key_file_of, read_pseudonyms
from cds.store.retention import DaysKept, Retention

_DAYS = click.IntRange(0, 36_500)
_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON.")
_CLIENT = click.option(
    "--client", required=True, help="Name of the client, as in the registry of trusted clients."
)


@click.command("migrate")
def migrate_command() -> None:
    """Make the tables of the store, or bring them to this version.

    Safe to run again, and by several at once: one does the work, the others wait.
    """
    settings = settings_or_stop()
    with store_or_stop():
        migrate(settings.store_url)
    click.echo("the store is up to date")


@click.command("purge")
@click.option("--days", type=_DAYS, help="Keep what is younger; TRD_CDS_RETENTION_DAYS unless set.")
@click.option("--case-days", type=_DAYS, help="The same for facts kept for review.")
@click.option("--feedback-days", type=_DAYS, help="The same for feedback.")
@_JSON
def purge_command(
    days: int | None, case_days: int | None, feedback_days: int | None, as_json: bool
) -> None:
    """Remove what is older than it may be.

    It says how much that was.
    """
    with _opened() as (settings, store):
        kept = settings.retention_days if days is None else days
        by_kind = DaysKept(
            decisions=kept,
            cases=kept if case_days is None else case_days,
            feedback=kept if feedback_days is None else feedback_days,
        )
        removed = Retention(store).purge(clock.now(), by_kind)
    _tell_removed(removed, as_json)


@click.command("export")
@_CLIENT
def export_command(client: str) -> None:
    """Write all that is kept of one patient as JSON.

    The patient's id is read from standard input, so that no list of processes and no shell history
    holds it.
    """
    with _opened() as (settings, store):
        record = PatientRecords(store).find(client, _read_pseudonym(settings, client))
    click.echo(msgspec.json.encode(record))


@click.command("forget")
@_CLIENT
@_JSON
def forget_command(client: str, as_json: bool) -> None:
    """Remove all that is kept of one patient.

    It says how much that was.

    The patient's id is read from standard input, so that no list of processes and no shell history
    holds it.
    """
    with _opened() as (settings, store):
        removed = PatientRecords(store).forget(client, _read_pseudonym(settings, client))
    _tell_removed(removed, as_json)


STORE_COMMANDS = (migrate_command, purge_command, export_command, forget_command)


def _tell_removed(removed: Mapping[str, int], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"removed": removed}))
        return
    words = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in removed.items())
    click.echo(f"removed: {words}")


def _read_pseudonym(settings: Settings, client: str) -> str:
    lines = sys.stdin.read().split()
    if len(lines) != 1:
        raise UnusableStoreError("standard input must hold the id of one patient")
    pseudonyms = read_pseudonyms(settings.pseudonym_key, key_file_of(settings.store_url))
    return pseudonyms.of(client, lines[0].removeprefix("Patient/"))


@contextmanager
def _opened() -> Iterator[tuple[Settings, Store]]:
    settings = settings_or_stop()
    with opened_store(settings) as store:
        yield settings, store
