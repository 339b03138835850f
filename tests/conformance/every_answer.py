"""Does any test get an answer that our schemas do not allow? Every call is looked at."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conformance.schemas import faults_of, schema_of


@pytest.fixture(scope="session", autouse=True)
def every_answer_keeps_its_schema() -> Iterator[None]:
    """Hold every JSON answer of the service against its schema, for the whole run of the tests."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(FlaskClient, "open", _checked(FlaskClient.open))
        yield


def _checked(call: Any) -> Any:
    def call_and_check(client: FlaskClient, *args: Any, **kwargs: Any) -> TestResponse:
        response: TestResponse = call(client, *args, **kwargs)
        name = schema_of(response.request.path, response.status_code)
        if name is not None and response.mimetype == "application/json":
            faults = faults_of(name, response.get_json())
            assert faults == [], f"{response.request.path} is no {name}"
        return response

    return call_and_check
