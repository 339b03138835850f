"""Who may do what on the review pages? What stands in no row here, nobody may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What somebody is here for."""

    REVIEWER = "reviewer"
    LEAD = "lead"
    SAFETY_OFFICER = "safety_officer"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(Enum):
    """One thing that can be done."""

    SEE_QUEUE = "see_queue"
    SEE_CASE = "see_case"
    JUDGE = "judge"
    ADJUDICATE = "adjudicate"
    DRAW_SAMPLE = "draw_sample"
    SEE_FIGURES = "see_figures"
    EXPORT = "export"
    SEE_AUDIT = "see_audit"
    SEE_MODES = "see_modes"
    SWITCH_MODES = "switch_modes"
    KEEP_ACCOUNTS = "keep_accounts"


# A reviewer judges and sees no figures that others' verdicts could be read from; a lead draws
# samples and settles; an administrator keeps accounts and sees no patient's data.
GRANTED: Mapping[Role, frozenset[Permission]] = {
    Role.REVIEWER: frozenset({Permission.SEE_QUEUE, Permission.SEE_CASE, Permission.JUDGE}),
    Role.LEAD: frozenset(
        {
            Permission.SEE_QUEUE,
            Permission.SEE_CASE,
            Permission.JUDGE,
            Permission.ADJUDICATE,
            Permission.DRAW_SAMPLE,
            Permission.SEE_FIGURES,
            Permission.EXPORT,
            Permission.SEE_MODES,
        }
    ),
    Role.SAFETY_OFFICER: frozenset(
        {
            Permission.SEE_QUEUE,
            Permission.SEE_CASE,
            Permission.SEE_FIGURES,
            Permission.SEE_AUDIT,
            Permission.SEE_MODES,
            Permission.SWITCH_MODES,
        }
    ),
    Role.AUDITOR: frozenset({Permission.SEE_AUDIT, Permission.SEE_FIGURES, Permission.SEE_MODES}),
    Role.ADMIN: frozenset({Permission.KEEP_ACCOUNTS, Permission.SEE_MODES}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in. id: our own, never a name."""

    id: str
    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Whether this role was granted it."""
        return permission in GRANTED[self.role]
