"""Who looked at what, and who did what? Written down before the answer leaves.

Where it cannot be written down, nothing is shown: the store's error goes through.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import g, has_app_context

from cds.review.roles import Account
from cds.store.audit import AuditEvent, AuditLog

# What is written down, and how people read it. A test fails for an action that is not here.
ACTIONS: Mapping[str, str] = {
    "sign_in": "sign in",
    "sign_out": "sign out",
    "open_page": "open a page",
    "change_password": "change one's own password",
    "add_account": "add an account",
    "change_role": "change a role",
    "disable_account": "disable an account",
    "enable_account": "enable an account",
    "set_password": "set a password",
    "make_link": "make a sign-in link",
    "view_audit": "look at the audit",
    "view_case": "look at a case",
    "view_queue": "look at the list of decisions",
    "judge": "judge a case",
    "draw_sample": "draw a sample",
    "view_figures": "look at the figures",
    "export": "export",
    "switch_mode": "switch a mode",
}
DONE = "done"
REFUSED = "refused"


class Audit:
    """Writes down what the account of this request does. now: the clock."""

    def __init__(self, log: AuditLog, now: Callable[[], datetime]) -> None:
        self._log = log
        self._now = now

    def note(
        self,
        action: str,
        *,
        decision: str | None = None,
        outcome: str = DONE,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Write down one thing that who is signed in does; nobody is signed in: no account.

        On the command line nobody is ever signed in, and the details say so.

        action: one of ACTIONS. decision: the one it was about. outcome: done or refused. details:
        what else a later reader needs, in our own words and ids; nothing of a patient.

        Errors: StoreUnavailable; what was to be shown must then not be shown.
        """
        account: Account | None = g.get("account") if has_app_context() else None
        whose = None if account is None else account.id
        told = dict(details or {}) | ({} if has_app_context() else {"by": "command line"})
        self.note_of(whose, action, decision=decision, outcome=outcome, details=told)

    def note_of(
        self,
        account: str | None,
        action: str,
        *,
        decision: str | None = None,
        outcome: str = DONE,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Write down what an account does that is not, or not yet, who is signed in.

        account: its id. Errors: StoreUnavailable.
        """
        self._log.add(
            AuditEvent(
                at=self._now(),
                account=account,
                action=action,
                outcome=outcome,
                decision=decision,
                details=dict(details or {}),
            )
        )
