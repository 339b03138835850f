"""How does an operator keep the accounts of reviewers? No password stands on a command line."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from cds import clock
from cds.review.account_desk import AccountDesk, AccountFaultError
from cds.review.forms import form_key
from cds.review.local_sign_in import tidy_name
from cds.review.people import gather_people
from cds.review.roles import Role
from cds.settings import SettingsError
from cds.shell import opened_store, settings_or_stop, stop
from cds.store.accounts import KeptAccount

_NAME = click.argument("name")
_ROLES = click.Choice([role.value for role in Role])


@click.group("review-user")
def review_user_command() -> None:
    """Keep the accounts of those who review decisions."""


@review_user_command.command("add")
@_NAME
@click.option("--role", required=True, type=_ROLES, help="What they are here for.")
def add_command(name: str, role: str) -> None:
    """Add an account, and write a link that signs in with it once within a day."""
    with _desk() as desk:
        account = desk.add(name, Role(role))
        _tell_link(desk, account.name)


@review_user_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def list_command(as_json: bool) -> None:
    """Write all accounts, by name."""
    with _desk() as desk:
        rows = [_tell(kept) for kept in desk.accounts.everyone()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['name']}: {row['role']}, signs in with {row['with']}, {row['state']}")


@review_user_command.command("role")
@_NAME
@click.argument("role", type=_ROLES)
def role_command(name: str, role: str) -> None:
    """Give an account another role."""
    with _desk() as desk:
        desk.change_role(_find(desk, name).account, Role(role))
    click.echo("the role is changed; whoever was signed in has to sign in again")


@review_user_command.command("disable")
@_NAME
def disable_command(name: str) -> None:
    """Let nobody use an account any more, from now on."""
    with _desk() as desk:
        desk.disable(_find(desk, name).account)
    click.echo("the account is disabled")


@review_user_command.command("enable")
@_NAME
def enable_command(name: str) -> None:
    """Let an account be used again."""
    with _desk() as desk:
        desk.enable(_find(desk, name).account)
    click.echo("the account is enabled")


@review_user_command.command("password")
@_NAME
def password_command(name: str) -> None:
    """Give an account a password.

    It is asked for twice, or read as one line from standard input where that is no terminal.
    """
    with _desk() as desk:
        kept = _find(desk, name)
        if kept.subject is not None:
            raise AccountFaultError("Who has this account signs in with their organisation.")
        desk.set_password(kept.account, _read_password())
    click.echo("the password is set; whoever was signed in has to sign in again")


@review_user_command.command("link")
@_NAME
def link_command(name: str) -> None:
    """Write a link that signs in with an account once within a day."""
    with _desk() as desk:
        _tell_link(desk, name)


def _read_password() -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def _tell_link(desk: AccountDesk, name: str) -> None:
    click.echo(desk.make_link(_find(desk, name)))


def _tell(kept: KeptAccount) -> dict[str, str]:
    by_password = "a password" if kept.password_hash else "a link"
    return {
        "name": kept.name,
        "role": kept.role.value,
        "with": "their organisation" if kept.subject else by_password,
        "state": "disabled" if kept.disabled_at else "in use",
    }


def _find(desk: AccountDesk, name: str) -> KeptAccount:
    """Find an account; those of a provider have names as the provider writes them."""
    kept = desk.accounts.by_name(name) or desk.accounts.by_name(tidy_name(name))
    if kept is None:
        raise AccountFaultError("There is no account of this name.")
    return kept


@contextmanager
def _desk() -> Iterator[AccountDesk]:
    settings = settings_or_stop()
    try:
        with opened_store(settings) as store:
            yield gather_people(store, settings, form_key(settings), clock.now).desk
    except (AccountFaultError, SettingsError) as error:
        raise stop(str(error)) from None
