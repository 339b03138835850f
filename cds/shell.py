"""What does a command work with? The settings and the store; what is wrong is told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from cds.settings import Settings, SettingsError, load_settings
from cds.store.database import Store, open_store
from cds.store.errors import StoreUnavailable, UnusableStoreError

_WAIT_S = 30.0  # nobody waits at a screen for an answer to a clinician
_BAD_INPUT = 2


def settings_or_stop() -> Settings:
    """Read the settings; a bad one ends the command."""
    try:
        return load_settings()
    except SettingsError as error:
        raise stop(str(error)) from None


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """Give the store of a deployment for as long as a command needs it."""
    with store_or_stop():
        store = open_store(settings.store_url, wait_s=_WAIT_S, connections=1)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def store_or_stop() -> Iterator[None]:
    """End the command where the store cannot be used."""
    try:
        yield
    except (StoreUnavailable, UnusableStoreError) as error:
        raise stop(str(error)) from None


def stop(message: str) -> SystemExit:
    """Give the end of a command that cannot be done, after saying why on standard error."""
    click.echo(f"trd-cds: {message}", err=True)
    return SystemExit(_BAD_INPUT)
