"""Are the texts finished, short and free of dead ends?"""

import re
from pathlib import Path

import pytest

from tests.repository.tree import ROOT, name_of, read, repository_files

# Spelt in halves, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    r"\b(?:"
    + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error"))
    + r")\b|/wo"
    + r"rk/"
)
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)[^)]*\)")
ANCHOR = re.compile(r"\]\((?!https?://)([^)#\s]*)#([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
NAMED = re.compile(r'<a id="([^"]+)"></a>')
PAGE_LINES = 60
PAGE_WORDS = 450

TEXTS = [file for file in repository_files() if file.name != "uv.lock" and file.suffix != ".png"]
DECISIONS = repository_files("docs/adr/*.md")
PAGES = repository_files("*.md")


def unfinished(text: str) -> list[str]:
    return FORBIDDEN.findall(text)


def dead_links(page: Path, text: str) -> list[str]:
    return [target for target in LINK.findall(text) if not (page.parent / target).exists()]


def anchors(text: str) -> set[str]:
    """Give the named anchors, and those that code hosts make of headings."""
    plain = (re.sub(r"[^\w -]", "", heading).lower() for heading in HEADING.findall(text))
    return {heading.replace(" ", "-") for heading in plain} | set(NAMED.findall(text))


def dead_anchors(page: Path, text: str) -> list[str]:
    return [
        f"{target}#{anchor}"
        for target, anchor in ANCHOR.findall(text)
        if anchor not in anchors((page.parent / target).read_text("utf-8") if target else text)
    ]


@pytest.mark.parametrize("file", TEXTS, ids=name_of)
def test_nothing_is_left_unfinished(file: Path) -> None:
    assert unfinished(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_local_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert dead_links(page, text) + dead_anchors(page, text) == []


@pytest.mark.parametrize("page", DECISIONS, ids=name_of)
def test_a_decision_is_one_page_with_status_context_decision_and_consequences(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    is_open = "\nStatus: **open**" in text
    wanted = ["## Context"] if is_open else ["## Context", "## Decision", "## Consequences"]
    assert re.search(r"^Status: \S", text, re.MULTILINE)
    assert [heading for heading in wanted if f"\n{heading}\n" not in text] == []
    assert text.count("\n") <= PAGE_LINES
    assert len(text.split()) <= PAGE_WORDS


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    assert [page.name[:4] for page in DECISIONS] == [
        f"{n:04}" for n in range(1, len(DECISIONS) + 1)
    ]
    assert [
        page.name for page in DECISIONS if f"(adr/{page.name})" not in read("docs/README.md")
    ] == []


def test_the_changelog_lists_clinical_changes_first_in_every_version() -> None:
    versions = re.split(r"^## ", read("CHANGELOG.md"), flags=re.MULTILINE)[1:]
    assert versions
    assert all(
        re.search(r"^### (.+)$", each, re.MULTILINE)[1] == "Clinical changes" for each in versions
    )  # type: ignore[index]


def test_contributing_fits_two_pages() -> None:
    assert len(read("CONTRIBUTING.md").split()) <= 2 * PAGE_WORDS


def test_a_planted_mark_and_a_planted_dead_link_are_found() -> None:
    assert unfinished("# TO" + "DO: later") == ["TO" + "DO"]
    assert dead_links(ROOT / "README.md", "[gone](docs/gone.md) [here](LICENSE)") == [
        "docs/gone.md"
    ]
    planted = "## A `b`, c\n[here](#a-b-c) [gone](#a) [gone](CONTRIBUTING.md#gone)"
    assert dead_anchors(ROOT / "README.md", planted) == ["#a", "CONTRIBUTING.md#gone"]
