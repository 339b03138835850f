"""Is the text of the cards the one put down for approval, and does no text say too much?"""

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click import Command, Context, Group
from click.testing import CliRunner

from cds.app import create_app
from cds.cli import main
from cds.hooks.wording import (
    Wording,
    WordingApproval,
    WordingChange,
    WordingRecord,
    judge_record,
    read_wording,
    wording_sha256,
)
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.repository.tree import ROOT, name_of, repository_files
from tests.support.wording import find_banned

# These name what may not be said, or what must not happen, so that a reader can judge it.
QUOTES = {
    "docs/clinical-specification.md",
    "docs/safety/hazard-log.md",
    "docs/safety/intended-use.md",
}
DOCUMENTS = [file for file in repository_files("*.md") if name_of(file) not in QUOTES]
CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]*`", re.DOTALL)
PAGES = ("/", "/evidence", "/source-attributes", "/docs", "/demo/C01", "/demo/C12", "/demo/C11b")
DAY = date(2027, 1, 15)


class Words(HTMLParser):
    """The words of a page, a line for each element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.code = 0
        self.feed(page)

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self.code += tag in {"code", "pre"}

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in {"code", "pre"}

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.lines.append(data)


def without_titles(text: str, knowledge: Knowledge) -> str:
    """Leave out the titles of papers, which are not ours to word."""
    for reference in knowledge.evidence.references.values():
        text = text.replace(reference.text.rstrip("."), "")
    return text


def test_the_text_of_the_cards_is_the_one_in_the_approval_record() -> None:
    """After a change: python -m tools.record_wording YYYY-MM-DD "what changed and why"."""
    assert read_wording().record.changes[-1].sha256 == wording_sha256()


def test_until_two_people_have_signed_the_text_is_a_draft() -> None:
    wording = read_wording()
    assert wording.record.needed == ("psychiatrist", "clinical safety officer")
    assert (wording.status == "approved") is (wording.approved_on is not None)
    assert wording.awaits == () or wording.status.startswith("draft: ")


def record(*approvals: tuple[str, str, str]) -> WordingRecord:
    return WordingRecord(
        needed=("psychiatrist", "clinical safety officer"),
        changes=(WordingChange(date=DAY, sha256="a" * 64, what="first"),),
        approvals=tuple(
            WordingApproval(role=role, by=by, date=DAY, sha256=sign * 64)
            for role, by, sign in approvals
        ),
    )


BOTH = (("psychiatrist", "A", "a"), ("clinical safety officer", "B", "a"))


@pytest.mark.parametrize(
    ("approvals", "sha256", "status"),
    [
        (BOTH, "a", "approved"),
        (BOTH, "b", "draft: the text differs from the one that was put down for approval"),
        (BOTH[:1], "a", "draft: awaiting approval by a clinical safety officer"),
        (
            (BOTH[0], ("clinical safety officer", "B", "b")),
            "a",
            "draft: awaiting approval by a clinical safety officer",
        ),
        (
            (BOTH[0], ("clinical safety officer", "A", "a")),
            "a",
            "draft: awaiting approval by a psychiatrist and a clinical safety officer",
        ),
    ],
    ids=["both", "changed since", "one of two", "signed an older text", "one person twice"],
)
def test_an_approval_holds_for_one_text_and_needs_two_people(
    approvals: tuple[tuple[str, str, str], ...], sha256: str, status: str
) -> None:
    wording: Wording = judge_record(record(*approvals), sha256 * 64)
    assert wording.status == status
    assert wording.approved_on == (DAY if status == "approved" else None)


@pytest.mark.parametrize("file", DOCUMENTS, ids=name_of)
def test_no_document_says_what_is_banned(file: Path, knowledge: Knowledge) -> None:
    text = CODE.sub(" ", file.read_text(encoding="utf-8"))
    assert find_banned(knowledge.evidence, text, "everywhere") == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_says_what_is_banned(path: str, knowledge: Knowledge) -> None:
    settings = Settings(demo_patients=ROOT / "fixtures" / "patients")
    page = create_app(settings, knowledge=knowledge).test_client().get(path)
    assert page.status_code == 200
    text = without_titles("\n\n".join(Words(page.text).lines), knowledge)
    assert find_banned(knowledge.evidence, text, "everywhere") == []


def test_the_evidence_page_keeps_the_rules_of_the_cards(knowledge: Knowledge) -> None:
    """The page speaks of the drug throughout, so it is held to the strictest list."""
    page = create_app(Settings(), knowledge=knowledge).test_client().get("/evidence").text
    text = without_titles("\n".join(Words(page).lines), knowledge)
    assert find_banned(knowledge.evidence, text) == []


def commands(group: Group, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    context = Context(group)
    for name in group.list_commands(context):
        command: Command | None = group.get_command(context, name)
        if isinstance(command, Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name)


@pytest.mark.parametrize("command", list(commands(main)), ids=lambda path: " ".join(path) or "-")
def test_no_help_of_the_command_line_says_what_is_banned(
    command: tuple[str, ...], knowledge: Knowledge
) -> None:
    told = CliRunner().invoke(main, [*command, "--help"]).output
    assert "Usage:" in told
    assert find_banned(knowledge.evidence, told, "everywhere") == []


@pytest.mark.parametrize("name", ["C01", "C12", "C11b", "M01"])
def test_no_report_of_the_command_line_says_what_is_banned(name: str, knowledge: Knowledge) -> None:
    told = CliRunner().invoke(main, ["evaluate", f"{ROOT}/fixtures/patients/{name}.json"])
    assert told.exit_code == 0
    assert find_banned(knowledge.evidence, told.output, "everywhere") == []


@pytest.mark.parametrize(
    "text",
    [
        "Tocilizumab is proven.",
        "Clinicians may start tocilizumab now.",
        "Raised CRP makes a suitable person for infliximab.",
        "Give tocilizumab.",
        "People who may benefit from it.",
    ],
)
def test_a_planted_phrase_is_found_in_any_text(text: str, knowledge: Knowledge) -> None:
    assert find_banned(knowledge.evidence, text, "everywhere") != []


def test_a_service_that_starts_and_a_hook_on_orders_are_left_alone(knowledge: Knowledge) -> None:
    text = "The service starts. The order-select hook is called for an order."
    assert find_banned(knowledge.evidence, text, "everywhere") == []
    assert find_banned(knowledge.evidence, text, "cards") != []


def test_the_digest_sees_every_file_a_card_takes_its_words_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import cds.hooks.wording as module  # noqa: PLC0415 - to look inside

    names = [name for name, _ in module._texts()]
    shipped = {name_of(file) for file in repository_files("cds/templates/cards/*.j2")}
    shipped |= {name_of(file) for file in repository_files("rules/evidence/*.toml")}
    assert set(names) == shipped | {"cds/hooks/cards.toml"}
    before = wording_sha256()
    texts = [(name, content + b" ") for name, content in module._texts()]
    monkeypatch.setattr(module, "_texts", lambda: iter(texts))
    assert wording_sha256() != before
