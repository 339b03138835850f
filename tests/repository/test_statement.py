"""Does each page, and whatever describes an answer, say what this service is not?"""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from cds.cli import main
from cds.hooks.catalogue import build_catalogue
from cds.report_text import write_start
from rules.knowledge import Knowledge
from tests.repository.tree import ROOT, name_of, read, repository_files
from tools.hazards import STATEMENT

DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "docs" / "README.md",
    ROOT / "docs" / "http.md",
    *repository_files("docs/safety/*.md"),
]
BASE = "page.html"
TEMPLATES = ROOT / "cds" / "templates"
# Only what a module names is sent as a page; the other templates are parts of such pages.
SENT = re.compile(r'"([\w/-]+\.html)"')
PAGES = sorted(
    {
        TEMPLATES / name
        for module in repository_files("cds/*.py")
        for name in SENT.findall(module.read_text(encoding="utf-8"))
    }
)
EXTENDS = re.compile(r'\A\{% extends "([^"]+)" %\}')
SCHEMAS = [f"cds/static/schemas/{name}.json" for name in ("card", "discovery")] + [
    f"cds/static/schemas/{name}-response.json" for name in ("service", "evaluate")
]


def plain(text: str) -> str:
    """Leave out marks of a quotation and line breaks."""
    return " ".join(re.sub(r"^> ?", "", text, flags=re.MULTILINE).split())


def base_of(page: Path) -> str:
    """Give the template that a page is built on in the end."""
    extended = EXTENDS.match(page.read_text(encoding="utf-8"))
    return base_of(TEMPLATES / extended[1]) if extended else page.name


# The first stands by itself, with the statement written into it; the other is part of a page.
ALONE = {"silent_report_alone.html"}
PARTS = {"judgement_form.html"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_page_is_built_on_the_one_with_the_statement(page: Path) -> None:
    assert base_of(page) in {BASE, *ALONE, *PARTS}


@pytest.mark.parametrize("name", sorted(ALONE))
def test_a_page_that_stands_by_itself_has_the_statement(name: str) -> None:
    assert STATEMENT in plain(read(f"cds/templates/review/{name}"))


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_part_of_a_page_is_sent_by_no_module_alone(name: str) -> None:
    assert not read(f"cds/templates/review/{name}").lstrip().startswith("<!doctype")


def test_the_statement_stands_above_every_page() -> None:
    banner = re.search(r'<div class="banner"[^>]*>(.+)</div>', read(f"cds/templates/{BASE}"))
    assert banner is not None
    assert STATEMENT in banner[1]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_document_begins_with_the_statement(document: Path) -> None:
    opening = document.read_text(encoding="utf-8").partition("\n## ")[0]
    assert STATEMENT in plain(opening)


def test_the_statement_stands_in_discovery(knowledge: Knowledge) -> None:
    services = build_catalogue(knowledge).values()
    assert [each.id for each in services if STATEMENT not in each.usage_requirements] == []


def test_the_statement_stands_in_every_description_of_an_answer() -> None:
    described = {name: json.loads(read(name))["description"] for name in SCHEMAS}
    described["openapi"] = json.loads(read("cds/static/openapi.json"))["info"]["description"]
    assert [name for name, text in described.items() if STATEMENT not in text] == []


def test_the_statement_is_shown_at_the_start_and_by_the_command_line() -> None:
    assert STATEMENT in write_start("http://127.0.0.1:8000", "http://127.0.0.1:8000", signed=False)
    assert STATEMENT in plain(CliRunner().invoke(main, ["--help"]).output)


def test_the_statement_stands_on_the_image() -> None:
    label = re.search(r'org\.opencontainers\.image\.description="([^"]+)"', read("Dockerfile"))
    assert label is not None
    assert STATEMENT in label[1]
