"""Is an address that only resembles one of ours unknown, and not quietly taken for it?"""

import pytest
from flask.testing import FlaskClient

from cds.hooks.catalogue import PATIENT_VIEW
from tests.cds.charts import bundle


def open_path(client: FlaskClient, method: str, path: str) -> tuple[int, str]:
    """Ask for a path as the server hands it on: the test client would read //x as a host."""
    answer = client.open("/", method=method, json=bundle(), environ_overrides={"PATH_INFO": path})
    return answer.status_code, answer.mimetype


@pytest.mark.requirement("D28")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "//cds-services"),
        ("GET", "///cds-services"),
        ("GET", "/cds-services//"),
        ("POST", "//evaluate"),
        ("POST", "/evaluate/"),
        ("POST", f"//cds-services/{PATIENT_VIEW}"),
        ("POST", f"/cds-services//{PATIENT_VIEW}"),
        ("POST", f"/cds-services/{PATIENT_VIEW}/"),
        ("DELETE", "//evaluate"),
        ("GET", "//healthz"),
    ],
)
def test_a_slash_too_many_is_an_unknown_address(
    client: FlaskClient, method: str, path: str
) -> None:
    assert open_path(client, method, path) == (404, "application/json")


def test_a_slash_too_many_before_a_page_is_an_unknown_page(client: FlaskClient) -> None:
    assert open_path(client, "POST", "//demo") == (404, "text/html")


def test_the_way_of_asking_reaches_what_exists(client: FlaskClient) -> None:
    assert open_path(client, "POST", "/evaluate") == (200, "application/json")
