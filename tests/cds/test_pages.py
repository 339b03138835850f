"""Is every page well formed, closed to scripts and usable without a mouse?"""

from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from cds.app import create_app
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.pages import DEMO_PATIENTS, Page

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# (address, form that is posted to it, status): each template, and each outcome
PAGES = [
    ("/", None, 200),
    ("/demo", None, 200),
    ("/evidence", None, 200),
    ("/source-attributes", None, 200),
    ("/docs", None, 200),
    ("/demo/C01", None, 200),
    ("/demo/C02", None, 200),
    ("/demo/C11a", None, 200),
    ("/demo/T18", None, 200),
    ("/demo/nobody", None, 404),
    ("/demo", {"bundle": "no JSON"}, 400),
    ("/demo", {"bundle": '{"resourceType": "Bundle", "entry": []}'}, 422),
]
DEMO_ADDRESSES = [("GET", "/"), ("GET", "/demo"), ("POST", "/demo"), ("GET", "/demo/C01")]


@pytest.fixture(scope="module")
def visitor(knowledge: Knowledge) -> FlaskClient:
    return create_app(Settings(demo_patients=DEMO_PATIENTS), knowledge=knowledge).test_client()


@pytest.fixture(params=PAGES, ids=lambda page: f"{page[0]} {page[2]}")
def page(request: pytest.FixtureRequest, visitor: FlaskClient) -> Page:
    path, form, status = request.param
    response = visitor.get(path) if form is None else visitor.post(path, data=form)
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    return Page(response.text)


def test_a_page_is_well_formed(page: Page) -> None:
    assert page.faults == []


def test_a_page_says_that_it_is_a_prototype(page: Page) -> None:
    statement = "Not a medical device: research prototype, synthetic or test data, not for clinical"
    assert f"{statement} use. Describes experimental evidence only." in page.text


@pytest.mark.requirement("D15")
def test_a_page_loads_its_own_style_sheets_and_one_script_of_ours(page: Page) -> None:
    links = {each: [] for each in ("stylesheet", "icon")}
    for link in page.having("link"):
        links[str(link["rel"])].append(link["href"])
    assert links["icon"] == ["/static/icon.svg"]
    sheets = links["stylesheet"]
    assert sheets in (["/static/pages.css"], ["/static/pages.css", "/static/timeline.css"])
    assert [each["src"] for each in page.having("script")] in ([], ["/static/bundle.js"])
    assert set(page.tags) & {"style", "iframe", "img", "object", "base"} == set()
    handlers = [name for _, values in page.attributes for name in values if name.startswith("on")]
    assert handlers == []


@pytest.mark.requirement("D16")
def test_a_page_links_only_to_this_service(page: Page) -> None:
    own = ("/", "#", "http://127.0.0.1:8000/evidence")
    assert [target for target in page.targets if not target.startswith(own)] == []


def test_a_page_has_one_main_heading_a_title_a_language_and_a_way_past_the_banner(
    page: Page,
) -> None:
    assert page.headings.count("h1") == 1
    assert page.having("html") == [{"lang": "en"}]
    assert "title" in page.tags
    followed = [target for target in page.targets if not target.startswith("/static/")]
    assert followed[0] == "#main"  # the first thing after the style sheets


def test_headings_leave_out_no_level(page: Page) -> None:
    levels = [int(heading[1]) for heading in page.headings]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_no_id_is_there_twice_and_every_link_inside_a_page_leads_somewhere(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    inside = {target[1:] for target in page.targets if target.startswith("#")}
    named = {
        one
        for _, values in page.attributes
        for name in ("aria-labelledby", "aria-describedby", "for")
        for one in (values.get(name) or "").split()
    }
    assert inside | named <= set(page.ids)


def test_every_field_has_a_label_and_nothing_leaves_the_order_of_the_keyboard(page: Page) -> None:
    fields = [values for tag in ("input", "textarea", "select") for values in page.having(tag)]
    labelled = {values["for"] for values in page.having("label")}
    assert {values.get("id") for values in fields} == labelled
    in_order = [values for _, values in page.attributes if "tabindex" in values]
    assert all(
        values["tabindex"] == "0" and values.get("role") == "region" for values in in_order
    )  # what is scrolled can be scrolled by the keyboard


def test_every_table_names_its_columns(page: Page) -> None:
    named = [values for values in page.having("table") if "aria-labelledby" in values]
    assert len(named) + page.tags.count("caption") == page.tags.count("table")
    assert {values.get("scope") for values in page.having("th")} <= {"col", "row", "rowgroup"}


@pytest.mark.parametrize(("method", "path"), DEMO_ADDRESSES)
@pytest.mark.requirement("D7")
def test_outside_the_demo_profile_these_pages_do_not_exist(
    method: str, path: str, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cds.app.check_profile", lambda settings: settings)
    settings = Settings(profile="production", public_url="https://cds.example")
    closed = create_app(settings, knowledge=knowledge).test_client()
    assert closed.open(path, method=method).status_code == 404
    assert closed.get("/evidence").status_code == 200


def test_the_style_sheet_is_there(client: FlaskClient) -> None:
    with client.get("/static/pages.css") as response:
        assert (response.status_code, response.mimetype) == (200, "text/css")
        assert b"url(" not in response.data
        assert len(response.data) < 10_000


def test_answers_are_not_kept_by_a_cache(visitor: FlaskClient) -> None:
    assert visitor.get("/demo/C01").headers["Cache-Control"] == "no-store"
    assert visitor.post("/demo", data={"bundle": "{"}).headers["Cache-Control"] == "no-store"


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
