"""Which changes to the rules would no test notice? Writes docs/mutation.md after `make mutants`."""

import ast
import difflib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "mutants"
DOCUMENT = ROOT / "docs" / "mutation.md"
REASONS = Path(__file__).parent / "mutation_reasons.toml"
UNEXPLAINED = "not explained yet"

# Exit codes as mutmut keeps them: failed tests and time limits kill, no test at all does not.
_KILLED = {1, 3, -24, 24, 36, 152, 255}
_SURVIVED = {0, 5, 33}
_COLUMNS = ("mutants", "killed by tests", "refused by types", "survived", "not run")
_MYPY = ("rules", "--output=json", "--no-warn-unused-ignores")

_HEAD = """\
# Mutation testing

Written by `make mutants` on {date} at commit {commit}; edit `tools/mutation_reasons.toml`, not this
page. Each mutant is one small change to `rules/`; the tests of `rules/` are run against it. A
mutant that only `mypy --strict` refuses is counted apart, never as killed by tests.

**Not covered by these figures:** {not_mutated}. **Tests that were left out:** {not_run}.
"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant. change: the lines taken away, then the lines put there, of a survivor only."""

    module: str
    function: str
    outcome: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a survivor is left. kind: the heading it stands under."""

    kind: str
    why: str


Reasons = Mapping[tuple[str, str], Reason]


def read_mutants(results: Path, refused: Mapping[str, set[str]]) -> list[Mutant]:
    """Read what mutmut left behind, survivors with their change.

    refused: for each module the mutant functions that the type checker refuses.
    """
    found: list[Mutant] = []
    for meta in sorted(results.glob("rules/**/*.meta")):
        module = meta.relative_to(results / "rules").with_suffix("").with_suffix("")
        name = module.as_posix().replace("/", ".")
        codes: dict[str, int | None] = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        bodies = _functions(meta.with_suffix("").read_text("utf-8")) if codes else {}
        for key, code in codes.items():
            mangled = key.rpartition(".")[2]
            outcome = _outcome(code, mangled in refused.get(name, ()))
            change = _change(bodies, mangled) if outcome == "survived" else ""
            found.append(Mutant(name, f"{name}.{_plain(mangled)}", outcome, change))
    return found


def _outcome(code: int | None, refused: bool) -> str:
    if code in _KILLED:
        return "killed by tests"
    if code in _SURVIVED:
        return "refused by types" if refused else "survived"
    return "not run"


def _plain(mangled: str) -> str:
    """Give the name of the function a mutant stands for: `x_read`, `xǁValueSetǁread`."""
    return (
        mangled.rpartition("__mutmut_")[0]
        .removeprefix("x")
        .lstrip("ǁ")
        .replace("ǁ", ".")
        .removeprefix("_")
    )


def _functions(source: str) -> dict[str, list[str]]:
    lines = source.splitlines()
    return {
        node.name: lines[node.lineno : node.end_lineno]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
    }


def _change(bodies: Mapping[str, list[str]], mangled: str) -> str:
    original = bodies[mangled.rpartition("__mutmut_")[0] + "__mutmut_orig"]
    lines = list(difflib.unified_diff(original, bodies[mangled], n=0, lineterm=""))[2:]
    sides = (" ".join(each[1:].strip() for each in lines if each[0] == sign) for sign in "-+")
    return " → ".join(side or "(nothing)" for side in sides)


def refused_by_types(results: Path) -> dict[str, set[str]]:
    """Ask mypy, as strict as for `rules/` itself, which mutants do not fit their types."""
    mypy = [sys.executable, "-m", "mypy", *_MYPY]
    answer = subprocess.run(mypy, cwd=results, capture_output=True, text=True, check=False)  # noqa: S603 - our own checker
    if answer.stderr:
        sys.exit(f"mutants: {answer.stderr}")
    errors = [json.loads(line) for line in answer.stdout.splitlines() if line.strip()]
    return mutants_at(results, [(each["file"], each["line"]) for each in errors])


def mutants_at(results: Path, places: Iterable[tuple[str, int]]) -> dict[str, set[str]]:
    """Give the mutants at these files and lines, by module; a line outside of one says nothing."""
    refused: dict[str, set[str]] = {}
    for file, found in groupby(sorted(places), key=lambda place: place[0]):
        lines = {line for _, line in found}
        module = file.removeprefix("rules/").removesuffix(".py").replace("/", ".")
        refused[module] = {
            node.name
            for node in ast.walk(ast.parse((results / file).read_text("utf-8")))
            if isinstance(node, ast.FunctionDef)
            and "__mutmut_" in node.name
            and lines.intersection(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        }
    return refused


def read_reasons(toml: str) -> dict[tuple[str, str], Reason]:
    """Read the reasons, keyed by function and change."""
    kinds = tomllib.loads(toml)
    return {
        (str(entry["function"]), change): Reason(kind, str(entry["why"]))
        for kind, entries in kinds.items()
        for entry in entries
        for change in entry["changes"]
    }


def render(mutants: list[Mutant], reasons: Reasons, head: str) -> str:
    """Give the document: the figures, the modules, and each survivor with its reason."""
    return "\n".join([head, *_summary(mutants), *_modules(mutants), *_survivors(mutants, reasons)])


def _row(name: str, mutants: Iterable[Mutant]) -> str:
    outcomes = [each.outcome for each in mutants]
    counts = [len(outcomes), *(outcomes.count(column) for column in _COLUMNS[1:])]
    return f"| {name} | " + " | ".join(str(count) for count in counts) + " |"


def _summary(mutants: list[Mutant]) -> list[str]:
    outcomes = [each.outcome for each in mutants]
    killed, refused = (outcomes.count(column) for column in _COLUMNS[1:3])
    run = len(outcomes) - outcomes.count("not run") or 1
    return [
        f"Of {run} mutants that were run the tests kill {killed} ({killed / run:.1%}); the type",
        f"checker refuses {refused} of the others. {outcomes.count('survived')} survive.",
        "",
    ]


def _modules(mutants: list[Mutant]) -> list[str]:
    by_module = groupby(mutants, key=lambda each: each.module)
    rows = [_row(f"`{module}`", found) for module, found in by_module]
    head = [
        "## Modules",
        "",
        "| module | " + " | ".join(_COLUMNS) + " |",
        "|---" + "|--:" * 5 + "|",
    ]
    return [*head, *rows, _row("**all**", mutants), ""]


def _survivors(mutants: list[Mutant], reasons: Reasons) -> list[str]:
    nothing = Reason(UNEXPLAINED, "")
    left = [
        (reasons.get((each.function, each.change), nothing), each)
        for each in mutants
        if each.outcome == "survived"
    ]
    left.sort(key=lambda pair: (pair[0].kind, pair[1].function, pair[0].why))
    lines = ["## Survivors", ""]
    for kind, group in groupby(left, key=lambda pair: pair[0].kind):
        found = list(group)
        lines += [f"### {kind} ({len(found)})", ""]
        for (function, why), same in groupby(
            found, key=lambda pair: (pair[1].function, pair[0].why)
        ):
            lines.append(f"- `{function}`{': ' if why else ''}{why}")
            lines += [f"  - ``{each.change}``" for _, each in same]
        lines.append("")
    return lines if left else [*lines, "None.", ""]


def head_of(date: str, commit: str, config: Mapping[str, list[str]]) -> str:
    """Give the top of the document. config: the table of mutmut in pyproject.toml."""
    ignored = re.compile(r"--ignore(?:-glob)?=(.+)")
    chosen = map(ignored.fullmatch, config.get("pytest_add_cli_args_test_selection", []))
    return _HEAD.format(
        date=date,
        commit=commit,
        not_mutated=_listed(config.get("do_not_mutate", [])),
        not_run=_listed(each[1] for each in chosen if each is not None),
    )


def _listed(patterns: Iterable[str]) -> str:
    return ", ".join(f"`{pattern}`" for pattern in patterns) or "nothing"


def main() -> None:
    date, commit = sys.argv[1:]
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    mutants = read_mutants(RESULTS, refused_by_types(RESULTS))
    reasons = read_reasons(REASONS.read_text("utf-8"))
    head = head_of(date, commit, config)
    DOCUMENT.write_text(render(mutants, reasons, head).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
