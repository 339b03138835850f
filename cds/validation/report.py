"""What does a strict reading find? Issues with their places, counted up to a limit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MAX_CHECKED = 5_000  # about two seconds of work
MAX_ISSUES = 500
# Each value may be a fault, which takes the models a kilobyte; a chart has forty in a resource.
MAX_VALUES_OF_ONE = 20_000
MAX_VALUES = 400_000

_SAFE_NAME = re.compile(r"_?[a-z][A-Za-z0-9-]{0,60}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One fault, without any value of the record.

    source: Type/id of the resource. expression: where it is. problem: what is wrong there.
    help: what is expected and how such a fault is repaired; empty where that is plain.
    """

    source: str
    expression: str
    problem: str
    help: str = ""

    @property
    def sentence(self) -> str:
        """The problem and what helps, as they follow the path."""
        return f"{self.problem}. {self.help}" if self.help else self.problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was checked and what was found, with what was left unchecked or untold by count.

    kind: what the body is, in words.
    """

    kind: str = "FHIR"
    checked: int
    issues: tuple[Issue, ...]
    not_checked: int = 0
    issues_left_out: int = 0

    def tell(self) -> dict[str, Any]:
        """Write the report as a JSON object; `issues` is there even when there are none."""
        told: dict[str, Any] = {
            "checked": self.checked,
            "issues": [_tell_issue(each) for each in self.issues],
        }
        counts = {"notChecked": self.not_checked, "issuesLeftOut": self.issues_left_out}
        return told | {name: count for name, count in counts.items() if count}


def write_path(place: str, location: Iterable[int | str]) -> str:
    """Continue a path by members and positions; a name that is no element name is not repeated."""
    for part in location:
        if isinstance(part, int):
            place += f"[{part}]"
        else:
            place += f".{part}" if _SAFE_NAME.fullmatch(part) else ".?"
    return place.removeprefix(".")


def _tell_issue(issue: Issue) -> dict[str, str]:
    told = {"source": issue.source, "expression": issue.expression, "problem": issue.problem}
    return told | {"help": issue.help} if issue.help else told
