"""Which service do these tests ask? The one the environment names, or one started for them."""

import os
from collections.abc import Iterator

import pytest

from tests.conformance.wire.own_service import own_service
from tests.conformance.wire.target import Target, read_target


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    if os.environ.get("CONFORMANCE_URL"):
        yield read_target(os.environ)
        return
    with own_service(tmp_path_factory.mktemp("own-service")) as service:
        yield service.target


@pytest.fixture
def signing(target: Target) -> Target:
    if target.signer is None:
        pytest.skip("calls are not signed: give CLIENT_KEY and ISSUER")
    return target


@pytest.fixture
def page(target: Target) -> str:
    if target.origin is None:
        pytest.skip("no web page is known that may call: give ORIGIN")
    return target.origin
