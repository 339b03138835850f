"""What does each address of the review pages ask of who calls it? What has no row here is refused.

Each page module has its rows here; a test fails for an endpoint that has none. An endpoint asks for
one thing alone: where showing and changing ask for different permissions they are two endpoints.
"""

from collections.abc import Mapping
from enum import Enum

from cds.review.roles import Account, Permission


class Door(Enum):
    """What an address asks for where it is no permission.

    OPEN: nothing, for the pages that somebody signs in on. SIGNED_IN: an account, of any role.
    """

    OPEN = "open"
    SIGNED_IN = "signed_in"


Asked = Permission | Door

ASKED: Mapping[str, Asked] = {
    # Coming and going
    "review.show_home": Door.SIGNED_IN,
    "review.show_sign_in": Door.OPEN,
    "review.show_nothing": Door.OPEN,
    "review.sign_in": Door.OPEN,
    "review.show_link": Door.OPEN,
    "review.use_link": Door.OPEN,
    "review.ask_provider": Door.OPEN,
    "review.come_back": Door.OPEN,
    "review.sign_out": Door.SIGNED_IN,
    "review.show_password": Door.SIGNED_IN,
    "review.change_password": Door.SIGNED_IN,
    # Accounts and what they did
    "review.show_accounts": Permission.KEEP_ACCOUNTS,
    "review.add_account": Permission.KEEP_ACCOUNTS,
    "review.change_role": Permission.KEEP_ACCOUNTS,
    "review.disable_account": Permission.KEEP_ACCOUNTS,
    "review.enable_account": Permission.KEEP_ACCOUNTS,
    "review.make_link": Permission.KEEP_ACCOUNTS,
    "review.show_audit": Permission.SEE_AUDIT,
    "review.export_audit": Permission.SEE_AUDIT,
    # Decisions
    "review.show_queue": Permission.SEE_QUEUE,
    "review.show_case": Permission.SEE_CASE,
    # Judgements
    "review.show_my_cases": Permission.JUDGE,
    "review.show_judge": Permission.JUDGE,
    "review.judge": Permission.JUDGE,
    "review.show_adjudication": Permission.ADJUDICATE,
    "review.adjudicate": Permission.ADJUDICATE,
    "review.show_samples": Permission.DRAW_SAMPLE,
    "review.show_new_sample": Permission.DRAW_SAMPLE,
    "review.draw_sample": Permission.DRAW_SAMPLE,
    "review.show_sample": Permission.DRAW_SAMPLE,
    # Figures and exports
    "review.show_figures": Permission.SEE_FIGURES,
    "review.show_silent_report": Permission.SEE_FIGURES,
    "review.show_exports": Permission.EXPORT,
    "review.export": Permission.EXPORT,
    # Modes
    "review.show_modes": Permission.SEE_MODES,
    "review.switch_mode": Permission.SWITCH_MODES,
}


def is_open(endpoint: str) -> bool:
    """Whether an address asks for nothing."""
    return ASKED.get(endpoint) is Door.OPEN


def may_use(account: Account, endpoint: str) -> bool:
    """Whether an account may use an address; one without a row is for nobody."""
    match ASKED.get(endpoint):
        case None:
            return False
        case Permission() as permission:
            return account.may(permission)
        case Door():
            return True
