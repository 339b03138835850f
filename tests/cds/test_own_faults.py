"""Is a fault of ours told as ours, and without a word of the request?"""

import logging
from pathlib import Path

import pytest
from flask import Response, abort
from flask.testing import FlaskClient

from cds import gunicorn_conf
from cds.app import create_app
from cds.settings import Settings
from rules.knowledge import Knowledge


@pytest.mark.requirement("D9", "D29")
def test_a_fault_in_a_handler_is_500_and_its_path_is_in_no_log(
    knowledge: Knowledge, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(), knowledge=knowledge)

    faults = [RuntimeError("CANARY in the text")]

    def fail_once(response: Response) -> Response:
        if faults:
            raise faults.pop()
        return response

    app.after_request(fail_once)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("cds.requests").propagate = True
        response = app.test_client().get("/patients/CANARY")
    assert response.status_code == 500
    assert "CANARY" not in caplog.text
    assert "CANARY" not in response.text


def test_a_server_error_of_the_framework_is_ours(knowledge: Knowledge) -> None:
    app = create_app(Settings(), knowledge=knowledge)
    app.add_url_rule("/broken", view_func=lambda: abort(502))
    response = app.test_client().get("/broken")
    assert (response.status_code, response.get_json()["issue"][0]["severity"]) == (500, "fatal")


def test_counting_goes_on_where_the_folder_was_cleaned_away(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "gone"))
    assert client.get("/metrics").status_code == 200
    assert client.get("/healthz").status_code == 200


@pytest.mark.requirement("D28")
def test_no_header_of_a_proxy_moves_an_address() -> None:
    assert gunicorn_conf.forwarded_allow_ips == ""
