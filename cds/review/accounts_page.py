"""Who may come in, with which role, and how is that changed? The page of an administrator."""

from collections.abc import Callable

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cds.errors import InvalidRequest, UnknownRoute
from cds.pages.page import send_page
from cds.review.account_desk import AccountDesk, AccountFaultError
from cds.review.guard import signed_in
from cds.review.roles import Role
from cds.store.accounts import KeptAccount

_WRONG = 400
Change = Callable[[KeptAccount], None]


def offer_accounts(routes: Blueprint, desk: AccountDesk) -> None:
    """Add the page, and the addresses its forms are sent to."""

    @routes.get("/accounts")
    def show_accounts() -> Response:
        return _show(desk)

    @routes.post("/accounts")
    def add_account() -> Response:
        name = request.form.get("name", "")
        try:
            account = desk.add(name, _read_role())
        except AccountFaultError as error:
            return _show(desk, [("name", str(error))], name)
        return _show_link(desk, account.id)

    @routes.post("/accounts/<account>/role")
    def change_role(account: str) -> ResponseReturnValue:
        kept = _find_other(desk, account)
        desk.change_role(kept.account, _read_role())
        return redirect(url_for(".show_accounts", changed=account), 303)

    @routes.post("/accounts/<account>/disable")
    def disable_account(account: str) -> ResponseReturnValue:
        desk.disable(_find_other(desk, account).account)
        return redirect(url_for(".show_accounts", changed=account), 303)

    @routes.post("/accounts/<account>/enable")
    def enable_account(account: str) -> ResponseReturnValue:
        desk.enable(_find_other(desk, account).account)
        return redirect(url_for(".show_accounts", changed=account), 303)

    @routes.post("/accounts/<account>/link")
    def make_link(account: str) -> Response:
        return _show_link(desk, account)


def _read_role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        raise InvalidRequest("There is no such role.") from None


def _find(desk: AccountDesk, account: str) -> KeptAccount:
    kept = desk.accounts.by_id(account)
    if kept is None:
        raise UnknownRoute("There is no such account.")
    return kept


def _find_other(desk: AccountDesk, account: str) -> KeptAccount:
    """Find an account to change; nobody changes what they may do themselves, or locks all out."""
    if account == signed_in().id:
        raise InvalidRequest("This is your own account. Another administrator can change it.")
    return _find(desk, account)


def _show_link(desk: AccountDesk, account: str) -> Response:
    kept = _find(desk, account)
    try:
        link = desk.make_link(kept)
    except AccountFaultError as error:
        return _show(desk, [("accounts", str(error))])
    return _show(desk, link=link, link_for=kept.name)


def _show(
    desk: AccountDesk,
    faults: list[tuple[str, str]] | None = None,
    name: str = "",
    link: str = "",
    link_for: str = "",
) -> Response:
    kept = desk.accounts.everyone()
    changed = request.args.get("changed", "")
    return send_page(
        "review/accounts.html",
        _WRONG if faults else 200,
        accounts=kept,
        own=signed_in().id,
        roles=tuple(Role),
        faults=faults or [],
        name=name,
        link=link,
        link_for=link_for,
        changed=next((each for each in kept if each.id == changed), None),
    )
