"""What can be read about the service without a patient?"""

from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from rules.knowledge import Knowledge

PAGES = ["/", "/evidence"]


class Outline(HTMLParser):
    """The parts of a page an accessibility check asks about."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.tags: set[str] = set()
        self.language: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        self.ids.add(values.get("id") or "")
        self.targets += [values[name] or "" for name in ("href", "src") if name in values]
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)
        if tag == "html":
            self.language = values.get("lang")


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, client: FlaskClient) -> str:
    response = client.get(request.param)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    return response.text


def test_a_page_says_that_it_is_a_prototype(page: str) -> None:
    assert "Research prototype, synthetic or test data, not for clinical use." in page


def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing(page: str) -> None:
    outline = Outline(page)
    assert [target for target in outline.targets if not target.startswith(("/", "#"))] == []
    assert outline.tags & {"script", "style", "iframe", "img"} == set()


def test_a_page_has_one_main_heading_a_language_and_a_way_past_the_banner(page: str) -> None:
    outline = Outline(page)
    assert (outline.headings.count("h1"), outline.language) == (1, "en")
    assert "#main" in outline.targets


def test_every_link_inside_a_page_leads_somewhere(page: str) -> None:
    outline = Outline(page)
    inside = {target[1:] for target in outline.targets if target.startswith("#")}
    assert inside <= outline.ids


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.requirement("D15")
def test_a_page_may_load_only_its_style_sheet(path: str, client: FlaskClient) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_style_sheet_is_there(client: FlaskClient) -> None:
    with client.get("/static/pages.css") as response:
        assert (response.status_code, response.mimetype) == (200, "text/css")


def test_the_evidence_page_holds_every_study_and_every_source(
    client: FlaskClient, knowledge: Knowledge
) -> None:
    ids = Outline(client.get("/evidence").text).ids
    assert {f"study-{study.key}" for study in knowledge.evidence.studies} <= ids
    assert {f"ref-{key}" for key in knowledge.evidence.references} <= ids


def test_the_evidence_is_there_for_machines_too(client: FlaskClient, knowledge: Knowledge) -> None:
    ledger = client.get("/evidence.json").get_json()
    assert len(ledger["studies"]) == len(knowledge.evidence.studies)
    assert ledger["knowledge"]["sha256"] == knowledge.sha256


@pytest.mark.requirement("A6")
def test_the_version_names_service_rule_and_knowledge(
    client: FlaskClient, knowledge: Knowledge
) -> None:
    told = client.get("/version").get_json()
    assert told["knowledge"] == {"version": knowledge.version, "sha256": knowledge.sha256}
    assert told["rule"] == {"id": knowledge.rule_id, "version": knowledge.rule_version}
    assert told["service"]


@pytest.mark.requirement("A6")
def test_a_running_process_says_so(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
