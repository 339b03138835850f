"""What could go wrong, and what shows that it does not? Writes docs/safety/hazard-log.md.

The log itself is docs/safety/hazards.toml; this only makes it readable and printable.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.support.vignette import vignettes
from tools.hazards import (
    DRAFT,
    LOG,
    OPEN,
    STATEMENT,
    Hazard,
    HazardLog,
    HazardLogError,
    load_hazards,
)
from tools.specification.markdown import bullets, plain, sign, table

DOCUMENT = LOG.with_name("hazard-log.md")

_HEAD = """\
# Hazard log

**{statement}**

Written by `make docs` from [hazards.toml](hazards.toml); edit that file, not this one. A test fails
when the two differ.

Status: **draft**. {drafts} of {all} hazards still need a clinical safety officer (CSO). The scores
were set by the people who wrote the code, so that there is something to correct. They are not an
assessment of risk.

- A control that begins with **Open** is wanted and not in force. No residual score counts on it.
- Under *Shown by* stand tests and vignettes (invented patients). A run of the whole test suite
  fails where one of them does not exist, did not run, or did not pass.
- *{tests} tests and {patients} vignettes* are named in all.
"""


def render_hazards(log: HazardLog, titles: Mapping[str, str]) -> str:
    """Give the document. titles: of the vignettes, by id.

    Errors: HazardLogError where a hazard names a vignette that does not exist.
    """
    chapters = (
        _head(log),
        _summary(log),
        _matrix(log),
        _everybody(log),
        _open_controls(log.hazards),
        "## Each hazard",
        *(_section(each, titles) for each in log.hazards),
        "## Agreement\n\n" + sign("The hazard log as a whole", "Clinical safety officer"),
    )
    return "\n\n".join(chapters) + "\n"


def _head(log: HazardLog) -> str:
    named = {name for each in log.hazards for name in each.test_ids}
    tests = {name for name in named if "::" in name}
    return _HEAD.format(
        statement=STATEMENT,
        drafts=sum(each.status == DRAFT for each in log.hazards),
        all=len(log.hazards),
        tests=len(tests),
        patients=len(named - tests),
    ).strip()


def _summary(log: HazardLog) -> str:
    rows = (
        (
            f"[{each.id}](#{each.id.lower()})",
            plain(each.hazard),
            str(each.initial_risk),
            str(each.residual_risk),
            str(len(each.controls.open)),
            each.owner,
        )
        for each in log.hazards
    )
    head = ("id", "hazard", "risk before", "risk after", "open controls", "owner")
    return "## All hazards\n\n" + table(head, rows)


def _matrix(log: HazardLog) -> str:
    matrix = log.matrix
    head = ("likelihood", *_numbered(matrix.severity))
    scores = list(zip(_numbered(matrix.likelihood), matrix.risk, strict=True))
    rows = ((name, *map(str, risks)) for name, risks in reversed(scores))
    note = (
        f"Severity stands above, likelihood on the left. {matrix.source} (*{matrix.verification}*)"
    )
    return f"## How a risk is scored\n\n{note}\n\n{table(head, rows)}"


def _numbered(words: Sequence[str]) -> list[str]:
    return [f"{number} {word}" for number, word in enumerate(words, start=1)]


def _everybody(log: HazardLog) -> str:
    owners = table(("owner", "answers for"), ((name, does) for name, does in log.owners.items()))
    return (
        f"## Training for everybody\n\n{bullets(map(plain, log.training_for_all))}\n\n"
        f"## Who owns what\n\n{owners}"
    )


def _open_controls(hazards: Iterable[Hazard]) -> str:
    rows = (
        (f"[{each.id}](#{each.id.lower()})", plain(control))
        for each in hazards
        for control in each.controls.open
    )
    return "## Controls that are not in force\n\n" + table(("id", "what is wanted"), rows)


def _section(hazard: Hazard, titles: Mapping[str, str]) -> str:
    controls = hazard.controls
    kinds = {
        "Design": controls.design,
        "Test": controls.test,
        "Training": controls.training,
        "Process": controls.process,
    }
    parts = [
        f'<a id="{hazard.id.lower()}"></a>\n\n### {hazard.id}: {plain(hazard.hazard)}',
        _table_of_scores(hazard),
        f"**Causes**\n\n{bullets(map(plain, hazard.causes))}",
        f"**Effect** {plain(hazard.effect)} **Harm** {plain(hazard.harm)}",
        f"**Controls**\n\n{bullets(_controls(kinds))}",
        f"**Shown by**\n\n{bullets(_shown_by(hazard, titles))}",
    ]
    return "\n\n".join(parts)


def _table_of_scores(hazard: Hazard) -> str:
    rows = (
        ("before", hazard.severity, hazard.likelihood, hazard.initial_risk),
        ("after", hazard.residual_severity, hazard.residual_likelihood, hazard.residual_risk),
    )
    head = ("controls", "severity", "likelihood", "risk")
    scores = table(head, (tuple(map(str, row)) for row in rows))
    return f"{scores}\n\nOwner: {hazard.owner}. Status: {plain(hazard.status)}."


def _controls(kinds: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for kind, sentences in kinds.items():
        for sentence in sentences:
            mark = ", **open**" if sentence.startswith(OPEN) else ""
            yield f"*{kind}*{mark}: {plain(sentence.removeprefix(OPEN))}"


def _shown_by(hazard: Hazard, titles: Mapping[str, str]) -> Iterator[str]:
    """Give a line for each vignette, then one for each file with the statements of its tests."""
    by_file: dict[str, list[str]] = {}
    for name in hazard.test_ids:
        if "::" not in name:
            yield f"[{name}](../clinical-specification.md#{name.lower()}) {_title(name, titles)}"
            continue
        file, _, test = name.partition("::")
        by_file.setdefault(file, []).append(test)
    for file, tests in by_file.items():
        statements = "; ".join(plain(_statement(test)) for test in tests)
        yield f"[{file}](../../{file}): {statements}"


def _title(name: str, titles: Mapping[str, str]) -> str:
    if name not in titles:
        raise HazardLogError(f"hazards.toml: there is no vignette {name}")
    return plain(titles[name])


def _statement(test: str) -> str:
    """Read a test's name as the sentence it is."""
    return test.removeprefix("test_").replace("_", " ")


def main() -> None:
    try:
        text = render_hazards(load_hazards(), {each.id: each.title for each in vignettes()})
    except HazardLogError as error:
        sys.exit(f"docs: {error}")
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
