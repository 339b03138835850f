"""Which requirements does a running service keep? Asks it, and prints a table of the ids.

`make conformance` starts a service and asks it; `make conformance URL=https://…` asks that one.
Nothing is changed there, but calls and feedback on cards nobody has are written to its log.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest

from tests.conformance.requirement_marks import requirement_levels
from tests.conformance.requirement_table import RequirementTable

WIRE = Path(__file__).parent / "wire"
LOOPBACK = frozenset({"127.0.0.1"})


@click.command()
@click.option("--url", default="", help="The public address of the service; none starts one.")
@click.option("--client-key", default="", help="A file with the private JSON Web Key of a client.")
@click.option("--issuer", default="", help="The issuer that client signs as.")
@click.option("--origin", default="", help="A web page that may call.")
def main(url: str, client_key: str, issuer: str, origin: str) -> None:
    """Ask a running service, and print which requirements it keeps."""
    if bool(client_key) != bool(issuer):
        raise click.UsageError("--client-key and --issuer go together.")
    if client_key and not url:
        raise click.UsageError("--client-key needs --url.")
    if client_key and not Path(client_key).is_file():
        raise click.UsageError(f"{client_key}: is not a file.")
    given = {"URL": url, "CLIENT_KEY": client_key, "ISSUER": issuer, "ORIGIN": origin}
    os.environ.update({f"CONFORMANCE_{name}": value for name, value in given.items()})
    table = RequirementTable(requirement_levels())
    sys.exit(pytest.main(arguments_for(url), plugins=[table]))


def arguments_for(url: str) -> Sequence[str]:
    """Give the arguments of pytest: tests reach no other machine, unless one is named here."""
    arguments = [str(WIRE), "-q", "-p", "no:cacheprovider"]
    if url and urlsplit(url).hostname not in LOOPBACK:
        arguments += ["-o", "addopts=--strict-markers --strict-config"]
    return arguments


if __name__ == "__main__":
    main()
